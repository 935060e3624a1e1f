import { Dialog } from "./dialog.tsx";
import { SHORTCUTS } from "./shortcuts.ts";
import { type Language, words } from "./words.ts";

interface Props {
  readonly language: Language;
  onClose(): void;
}

/** What can be asked, and every key that does something. */
export function HelpDialog({ language, onClose }: Props) {
  const text = words(language);
  const index = language === "zh" ? 1 : 0;
  return (
    <Dialog title={text.help} closeName={text.close} className="help" onClose={onClose}>
      <h3>{text.shortcuts}</h3>
      <dl>
        {SHORTCUTS.map(({ keys, does }) => (
          <div key={keys.join(" ")}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does[index]}</dd>
          </div>
        ))}
      </dl>
      <h3>{text.whatToAsk}</h3>
      <ul className="asks">
        {ASKS.map(([what, example]) => (
          <li key={example[0]}>
            {what[index]} <q>{example[index]}</q>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

type Pair = readonly [string, string];
const ASKS: readonly (readonly [Pair, Pair])[] = [
  [
    ["Find things by what they stand near:", "按周边关系查找:"],
    ["logistics parks within 800 m of a motorway exit", "高速出口800米以内的物流园"],
  ],
  [
    ["Find what changed:", "查找变化:"],
    ["new large roofs", "新建的大型屋顶"],
  ],
  [
    ["Narrow the result:", "缩小结果:"],
    ["only within 500 m", "只要500米以内的"],
  ],
  [
    ["Ask why:", "询问原因:"],
    ["why is #2 here?", "为什么是#2?"],
  ],
  [
    ["Ask why not:", "询问为何不是:"],
    ["why not the one at the port?", "为什么不是港口那个?"],
  ],
  [
    ["Take a step back:", "退回一步:"],
    ["undo", "撤销"],
  ],
];
