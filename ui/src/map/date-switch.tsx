import { CompareIcon } from "../icons.tsx";
import { type Language, words } from "../words.ts";

interface Props {
  readonly language: Language;
  readonly dates: readonly (string | null)[];
  readonly date: string | null;
  readonly isComparing: boolean;
  onDate(date: string | null): void;
  onCompare(): void;
}

/** Which date of the imagery is shown, and whether another is held against it. */
export function DateSwitch({ language, dates, date, isComparing, onDate, onCompare }: Props) {
  const text = words(language);
  if (dates.length === 0) return null;
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">{text.dates}</legend>
      {dates.map((entry) => (
        <button
          type="button"
          key={entry ?? ""}
          aria-pressed={entry === date}
          onClick={() => onDate(entry)}
          className="segment"
        >
          {entry ?? text.undated}
        </button>
      ))}
      {dates.length > 1 && (
        <button type="button" className="segment with-icon" aria-pressed={isComparing} onClick={onCompare}>
          <CompareIcon />
          <span>{text.compare}</span>
        </button>
      )}
    </fieldset>
  );
}
