import { CloseIcon } from "../icons.tsx";
import type { Language } from "../words.ts";
import { bytes, remaining } from "./formats.ts";
import type { SourceKind } from "./ingest-api.ts";
import { ingestWords, kindWords, SOURCE_KINDS } from "./ingest-words.ts";
import { ProgressLine } from "./progress-line.tsx";
import { missingOf, type SourceDraft } from "./source-drafts.ts";
import type { Sending } from "./use-sources.ts";

interface Props {
  readonly draft: SourceDraft;
  /** How far its file is on its way; null when it is not. */
  readonly sending: Sending | null;
  readonly isFixed: boolean;
  readonly language: Language;
  onChange(key: string, by: Partial<Pick<SourceDraft, "kind" | "date">>): void;
  onRemove(key: string): void;
}

/** One source to be added: what it is, when it was taken, and where it comes from. */
export function SourceRow({ draft, sending, isFixed, language, onChange, onRemove }: Props) {
  const text = ingestWords(language);
  const { key, kind, name, from, date } = draft;
  const place = "file" in from ? bytes(from.file.size, language) : "path" in from ? from.path : from.url;
  return (
    <li className="source-row">
      <div className="source-name">
        <strong title={name}>{name}</strong>
        <span className="quiet" title={place}>
          {place}
        </span>
      </div>
      <select
        aria-label={`${text.kind} ${name}`}
        value={kind}
        disabled={isFixed}
        onChange={({ target }) => onChange(key, { kind: target.value as SourceKind, date: "" })}
      >
        {SOURCE_KINDS.map((one) => (
          <option key={one} value={one}>
            {kindWords(one, language)}
          </option>
        ))}
      </select>
      {kind === "image" && (
        <input
          type="date"
          aria-label={`${text.dateOf} ${name}`}
          value={date}
          disabled={isFixed}
          onChange={({ target }) => onChange(key, { date: target.value })}
        />
      )}
      {kind === "embeddings" && (
        <input
          inputMode="numeric"
          maxLength={4}
          placeholder={text.year}
          aria-label={`${text.year} ${name}`}
          value={date}
          disabled={isFixed}
          onChange={({ target }) => onChange(key, { date: target.value })}
        />
      )}
      <button
        type="button"
        className="icon-button"
        aria-label={`${text.remove} ${name}`}
        title={text.remove}
        disabled={isFixed}
        onClick={() => onRemove(key)}
      >
        <CloseIcon />
      </button>
      {kind === "image" && date === "" && <p className="source-note quiet">{text.undatedHint}</p>}
      {missingOf(draft) === "year" && <p className="source-note fault">{text.needsYear}</p>}
      {sending && (
        <div className="source-note">
          <ProgressLine done={sending.sentBytes / sending.allBytes} name={`${text.sending} ${name}`} />
          <p className="quiet tabular">
            {bytes(sending.sentBytes, language)} / {bytes(sending.allBytes, language)}
            {sending.bytesPerSecond !== null && ` · ${bytes(sending.bytesPerSecond, language)}/s`}
            {sending.secondsLeft !== null && ` · ${remaining(sending.secondsLeft, language)}`}
          </p>
        </div>
      )}
    </li>
  );
}
