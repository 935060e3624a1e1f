import { useId, useState } from "react";
import { type ConceptId, isConceptId, TIME_KINDS, type TimeKind } from "../../../knowledge/ontology/ids.ts";
import { conceptName } from "../../../knowledge/ontology/names.ts";
import { describeQuery } from "../../../src/query/describe.ts";
import type { Query } from "../../../src/query/schema.ts";
import { CloseIcon } from "../icons.tsx";
import { timeKindWords } from "../phrases.ts";
import { type Language, words } from "../words.ts";
import { type Field, type QueryPart, queryParts } from "./query-parts.ts";

interface Props {
  readonly query: Query;
  /** The query before it in the conversation, or null. */
  readonly before: Query | null;
  readonly language: Language;
  /** Ids of the concepts that the workspace can be searched for. */
  readonly concepts: readonly string[];
  readonly isDisabled: boolean;
  /** Searches a changed query; `message` is what it says. */
  onQuery(query: Query, message: string): void;
}

/** What was understood, piece by piece: each can be changed or left out, and the search runs again. */
export function QueryChips({ query, before, language, concepts, isDisabled, onQuery }: Props) {
  const text = words(language);
  const [open, setOpen] = useState<string | null>(null);
  const parts = queryParts(query, language);
  // A search for something else is a new one: nothing of the one before is left to compare.
  const earlier =
    before?.target.concept === query.target.concept ? queryParts(before, language).map(({ label }) => label) : null;
  const opened = parts.find(({ slot }) => slot === open);
  const run = (changed: Query) => {
    setOpen(null);
    onQuery(changed, describeQuery(changed, language));
  };
  return (
    <div className="understood">
      <ul aria-label={text.understood}>
        {parts.map((part) => (
          <li
            key={part.slot}
            className="part"
            data-kind={part.slot.split(".")[0]}
            data-changed={earlier !== null && !earlier.includes(part.label)}
          >
            {earlier !== null && !earlier.includes(part.label) && (
              <span className="visually-hidden">{text.changed}: </span>
            )}
            {part.fields.length > 0 ? (
              <button
                type="button"
                disabled={isDisabled}
                aria-expanded={open === part.slot}
                aria-label={`${text.change}: ${part.label}`}
                onClick={() => setOpen(open === part.slot ? null : part.slot)}
              >
                {part.label}
              </button>
            ) : (
              <span>{part.label}</span>
            )}
            {part.without && (
              <button
                type="button"
                className="part-remove"
                disabled={isDisabled}
                aria-label={`${text.leaveOut}: ${part.label}`}
                title={text.leaveOut}
                onClick={() => part.without && run(part.without)}
              >
                <CloseIcon />
              </button>
            )}
          </li>
        ))}
        {earlier
          ?.filter((label) => !parts.some((part) => part.label === label))
          .map((label) => (
            <li key={label} className="part" data-gone="true">
              <span className="visually-hidden">{text.leftOut}: </span>
              <s>{label}</s>
            </li>
          ))}
      </ul>
      {opened && (
        <PartEditor
          key={opened.slot}
          part={opened}
          query={query}
          language={language}
          concepts={concepts}
          onApply={run}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  );
}

interface EditorProps {
  readonly part: QueryPart;
  readonly query: Query;
  readonly language: Language;
  readonly concepts: readonly string[];
  onApply(query: Query): void;
  onClose(): void;
}

function PartEditor({ part, query, language, concepts, onApply, onClose }: EditorProps) {
  const text = words(language);
  const [values, setValues] = useState(() => part.fields.map(({ value }) => String(value)));
  const id = useId();
  const changed = part.fields.reduce((held, field, i) => withValue(held, field, values[i] ?? ""), query);
  const isValid = part.fields.every((field, i) => isUsable(field, values[i] ?? ""));
  const change = (index: number, value: string) => setValues(values.map((held, i) => (i === index ? value : held)));
  return (
    <form
      className="part-editor"
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid) onApply(changed);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      {part.fields.map((field, index) => (
        <FieldInput
          key={field.kind}
          id={`${id}-${field.kind}`}
          field={field}
          value={values[index] ?? ""}
          language={language}
          concepts={concepts}
          hasFocus={index === 0}
          onChange={(value) => change(index, value)}
        />
      ))}
      <button type="submit" className="small" disabled={!isValid}>
        {text.apply}
      </button>
      <button type="button" className="small" onClick={onClose}>
        {text.cancel}
      </button>
    </form>
  );
}

interface FieldProps {
  readonly id: string;
  readonly field: Field;
  readonly value: string;
  readonly language: Language;
  readonly concepts: readonly string[];
  readonly hasFocus: boolean;
  onChange(value: string): void;
}

function FieldInput({ id, field, value, language, concepts, hasFocus, onChange }: FieldProps) {
  const text = words(language);
  const label = {
    concept: text.thing,
    time: text.time,
    metres: text.metres,
    hectares: text.hectares,
    number: text.number,
  };
  return (
    <label htmlFor={id}>
      <span>{label[field.kind]}</span>
      {field.kind === "concept" || field.kind === "time" ? (
        <select id={id} value={value} ref={hasFocus ? focus : null} onChange={(event) => onChange(event.target.value)}>
          {field.kind === "time"
            ? TIME_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {timeKindWords(kind, language)}
                </option>
              ))
            : options(field.value, concepts, language).map(({ concept, name }) => (
                <option key={concept} value={concept}>
                  {name}
                </option>
              ))}
        </select>
      ) : (
        <input
          id={id}
          type="number"
          min={0}
          step="any"
          ref={hasFocus ? focus : null}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </label>
  );
}

/** An editor that was just opened is where one wants to type. */
const focus = (element: HTMLElement | null) => element?.focus();

function options(held: string, concepts: readonly string[], language: Language) {
  return [...new Set([held, ...concepts])]
    .filter((concept): concept is ConceptId => isConceptId(concept))
    .map((concept) => ({ concept, name: conceptName(concept, language, "many") }))
    .sort((a, b) => a.name.localeCompare(b.name, language));
}

function isUsable(field: Field, value: string): boolean {
  if (field.kind === "concept" || field.kind === "time") return value !== "";
  return value.trim() !== "" && Number(value) >= 0 && Number.isFinite(Number(value));
}

function withValue(query: Query, field: Field, value: string): Query {
  if (value === String(field.value) || !isUsable(field, value)) return query;
  switch (field.kind) {
    case "concept":
      return field.set(query, value);
    case "time":
      return field.set(query, value as TimeKind);
    default:
      return field.set(query, Number(value));
  }
}
