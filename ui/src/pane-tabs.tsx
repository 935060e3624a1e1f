import { type Language, words } from "./words.ts";

export type Pane = "chat" | "map";

interface Props {
  readonly language: Language;
  readonly pane: Pane;
  /** Results on the map. */
  readonly results: number;
  readonly onPane: (pane: Pane) => void;
}

/** On a narrow page conversation and map are shown one at a time. */
export function PaneTabs({ language, pane, results, onPane }: Props) {
  const text = words(language);
  return (
    <nav className="tabs">
      {(["chat", "map"] as const).map((name) => (
        <button type="button" key={name} aria-current={pane === name ? "page" : undefined} onClick={() => onPane(name)}>
          {name === "chat" ? text.chat : text.map}
          {name === "map" && results > 0 && <span className="badge">{results}</span>}
        </button>
      ))}
    </nav>
  );
}
