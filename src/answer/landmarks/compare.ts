import type { FactProperty } from "../../knowledge/fact-properties.ts";
import { compareValues } from "../../knowledge/fact-value.ts";
import type { Landmark } from "../../store/ports.ts";
import { CitedText } from "../cited-text.ts";
import type { QuestionAnswer } from "../questions/question.ts";
import { list, say } from "../words.ts";
import { type Recorded, recorded } from "./choose.ts";
import { factSource, propertyName, recordSource } from "./cite.ts";
import type { LandmarkDesk } from "./desk.ts";
import { refuseFact } from "./refusals.ts";
import { factSentence, nameIn, valueWords } from "./wording.ts";

const TIMES: ReadonlySet<string> = new Set(["opened", "completed", "built", "founded"]);
/** Shown where nothing in particular is compared. */
const SHOWN: readonly FactProperty[] = [
  "opened",
  "completed",
  "built",
  "height",
  "elevation",
  "length",
  "span",
  "area",
  "power",
  "seats",
  "population",
  "operator",
];

/** "Which is taller, A or B?": both facts, and which leads; without a scale, the facts that both have. */
export function writeComparison(desk: LandmarkDesk, landmarks: readonly Landmark[]): QuestionAnswer {
  const { question, language, store } = desk;
  if (landmarks.length < 2) {
    return {
      outcome: "cannot_decide",
      text: new CitedText().add(
        say(language, "A comparison needs two landmarks; both names lead to one.", "比较需要两个不同的地标。"),
      ),
    };
  }
  if (!question.degree) return writeSideBySide(desk, landmarks);
  const { properties, direction } = question.degree;
  const comparable = commonFacts(landmarks, properties);
  if (!comparable) {
    const lacking = landmarks.find((landmark) => !recorded(landmark, properties)) ?? (landmarks[0] as Landmark);
    const topic = properties[0] as FactProperty;
    return refuseFact(desk, lacking, { topic, properties: [...properties] });
  }
  const rows = landmarks.map((landmark, i) => ({ landmark, ...(comparable[i] as Recorded) }));
  const sorted = [...rows].sort(
    (a, b) => (compareValues(a.value, b.value) as number) * (direction === "most" ? -1 : 1),
  );
  const [first, second] = sorted as [(typeof rows)[number], (typeof rows)[number]];
  const isEqual = compareValues(first.value, second.value) === 0;
  const text = new CitedText();
  const winner = nameIn(first.landmark, language);
  const isAsked =
    /^(is|are|was|were|does|did|do|has)\b/i.test(desk.message.trim()) || /吗|是不是|是否/.test(desk.message);
  const isYes = !isEqual && first.landmark.id === landmarks[0]?.id;
  if (isAsked && landmarks.length === 2)
    text.add(isYes ? say(language, "Yes: ", "是的,") : say(language, "No: ", "不是,"));
  const word = propertyName(first.property, language);
  const isMost = direction === "most";
  const isTime = TIMES.has(first.property);
  const several = landmarks.length > 2;
  const lead = isTime
    ? several
      ? say(language, isMost ? "latest" : "earliest", isMost ? "最晚" : "最早")
      : say(language, isMost ? "later" : "earlier", isMost ? "更晚" : "更早")
    : several
      ? say(language, isMost ? "greatest" : "smallest", isMost ? "最大" : "最小")
      : say(language, isMost ? "greater" : "smaller", isMost ? "更大" : "更小");
  text.add(
    isEqual
      ? say(
          language,
          `by the ${word} recorded, ${list(
            rows.map(({ landmark }) => nameIn(landmark, language)),
            language,
          )} are equal`,
          `按记录的${word},${list(
            rows.map(({ landmark }) => nameIn(landmark, language)),
            language,
          )}相同`,
        )
      : say(language, `${winner} has the ${lead} ${word}`, `${winner}的${word}${lead}`),
    factSource(first.landmark, first.fact, first.property, store) ?? recordSource(first.landmark, store),
  );
  text.add(say(language, ".", "。"));
  for (const { landmark, property, fact, value } of sorted)
    text
      .add(say(language, " ", ""))
      .add(
        factSentence(landmark, property, fact, value, language),
        factSource(landmark, fact, property, store) ?? recordSource(landmark, store),
      )
      .add(say(language, ".", "。"));
  return { outcome: "answer", text };
}

/** The first property that all have and that can be compared; of times, any that each has. */
function commonFacts(landmarks: readonly Landmark[], properties: readonly FactProperty[]): readonly Recorded[] | null {
  for (const property of properties) {
    const found = landmarks.flatMap((landmark) => recorded(landmark, [property]) ?? []);
    if (found.length === landmarks.length && areComparable(found)) return found;
  }
  const times = properties.filter((property) => TIMES.has(property));
  const found = landmarks.flatMap((landmark) => recorded(landmark, times) ?? []);
  return times.length > 0 && found.length === landmarks.length && areComparable(found) ? found : null;
}

const areComparable = (found: readonly Recorded[]) =>
  found.every(({ value }) => compareValues(value, (found[0] as Recorded).value) !== null);

function writeSideBySide({ language, store }: LandmarkDesk, landmarks: readonly Landmark[]): QuestionAnswer {
  const text = new CitedText();
  const shared = SHOWN.filter((property) => landmarks.every((landmark) => recorded(landmark, [property])));
  for (const landmark of landmarks) {
    const shown = (shared.length > 0 ? shared : SHOWN)
      .flatMap((property) => recorded(landmark, [property]) ?? [])
      .slice(0, 4);
    if (text.text !== "") text.add("\n");
    text.add(`${nameIn(landmark, language)}: `);
    for (const [i, one] of shown.entries())
      text
        .add(i === 0 ? "" : say(language, "; ", ";"))
        .add(
          `${propertyName(one.property, language)} ${valueWords(one.fact, one.value, language)}`,
          factSource(landmark, one.fact, one.property, store) ?? recordSource(landmark, store),
        );
    if (shown.length === 0)
      text.add(say(language, "no fact that can be compared", "没有可比较的数据"), recordSource(landmark, store));
    text.add(say(language, ".", "。"));
  }
  return { outcome: "answer", text };
}
