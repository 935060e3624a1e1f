import { type Language, words } from "../words.ts";
import { mapWords } from "./map-words.ts";
import type { DrawingMode } from "./use-drawing.ts";

interface Props {
  readonly mode: DrawingMode;
  readonly language: Language;
  onLeave(): void;
}

/** How to draw, said while one does, with a way out. */
export function DrawingHint({ mode, language, onLeave }: Props) {
  const text = words(language);
  const more = mapWords(language);
  const hint = { rectangle: text.rectangleHint, polygon: text.polygonHint, edit: more.editAreaHint }[mode];
  return (
    <div className="map-hint">
      <span role="status">{hint}</span>
      <button type="button" className="small" onClick={onLeave}>
        {mode === "edit" ? more.done : text.cancel}
      </button>
    </div>
  );
}
