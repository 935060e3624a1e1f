import type { ReactNode } from "react";
import { describeQuery } from "../../../src/query/describe.ts";
import type { Query } from "../../../src/query/schema.ts";
import type { Reply } from "../api.ts";
import { outcomeWords } from "../phrases.ts";
import type { Language } from "../words.ts";
import { chatWords } from "./chat-words.ts";
import { queryParts } from "./query-parts.ts";

interface Props {
  readonly reply: Reply;
  readonly language: Language;
  /** Whether the conversation goes on from here. */
  readonly isNewest: boolean;
  /** What it says. */
  readonly children: ReactNode;
  onQuery(query: Query, message: string): void;
  onWorkspace(): void;
}

/** An answer; one of the three kinds of no with which it is, what that means, and what would change it. */
export function Abstention({ reply, language, isNewest, children, onQuery, onWorkspace }: Props) {
  const text = chatWords(language);
  const { outcome } = reply;
  if (outcome === "ranked" || outcome === "answer") return children;
  const meaning = {
    no_match: text.meaningNoMatch,
    not_covered: text.meaningNotCovered,
    cannot_decide: text.meaningCannotDecide,
  }[outcome];
  const { query } = reply.understood;
  const looser =
    query && isNewest && outcome !== "not_covered"
      ? queryParts(query, language).flatMap(({ label, without }) => (without ? [{ label, without }] : []))
      : [];
  const hasWayOn = looser.length > 0 || (isNewest && outcome === "not_covered");
  return (
    <section className="abstention" data-outcome={outcome}>
      <p className="outcome">{outcomeWords(outcome, language)}</p>
      <p className="quiet">{meaning}</p>
      {children}
      {hasWayOn && (
        <fieldset className="choices">
          <legend>{text.wouldChange}</legend>
          {looser.map(({ label, without }) => (
            <button
              type="button"
              key={label}
              className="chip"
              onClick={() => onQuery(without, describeQuery(without, language))}
            >
              {text.askWithout} “{label}”
            </button>
          ))}
          {outcome === "not_covered" && (
            <button type="button" className="chip" onClick={onWorkspace}>
              {text.seeData}
            </button>
          )}
        </fieldset>
      )}
    </section>
  );
}
