import type { Formula } from "../logic/formula.ts";
import { printFormula } from "../logic/text.ts";
import { compileQuery } from "./compile.ts";
import type { Query } from "./schema.ts";

export interface ExplainedFormula {
  /** The whole formula as text: "quarry(x) ∧ ∃y (river(y) ∧ near(x, y, ~500))". */
  readonly text: string;
  /** Each conjunct with the slot it is of and the words it came from; a piece without words of its own is of the target's. */
  readonly parts: readonly { readonly formula: string; readonly slot: string; readonly words: string | null }[];
  readonly complexity: Complexity;
}

export interface Complexity {
  readonly predicates: number;
  /** ∃, ∀ and counts. */
  readonly quantifiers: number;
}

/** A Query as logic for people to read. Places are the constants @place0, @place1, … in the order of `query.geo`. */
export function explainFormula(query: Query): ExplainedFormula {
  const geoTerms = Object.fromEntries(query.geo.map((_, index) => [index, `@place${index}`]));
  const range = { ...(query.time?.from && { from: query.time.from }), ...(query.time?.to && { to: query.time.to }) };
  const { formula, origins } = compileQuery(query, { geoTerms, ...range });
  const wordsOf = (slot: string) =>
    query.spans.find((span) => span.slot === slot)?.text ??
    (slot.startsWith("target.") ? (query.spans.find((span) => span.slot === "target.concept")?.text ?? null) : null);
  return {
    text: printFormula(formula),
    parts: origins.map(({ formula: part, slot }) => ({ formula: part, slot, words: wordsOf(slot) })),
    complexity: complexityOf(formula),
  };
}

/** Atoms and quantifiers of a formula. */
export function complexityOf(formula: Formula): Complexity {
  return sum(childrenOf(formula).map(complexityOf), own(formula));
}

function own({ kind }: Formula): Complexity {
  switch (kind) {
    case "exists":
    case "forall":
    case "count":
      return { predicates: 0, quantifiers: 1 };
    case "concept":
    case "attribute":
    case "area":
    case "time":
    case "spatial":
    case "equal":
      return { predicates: 1, quantifiers: 0 };
    default:
      return { predicates: 0, quantifiers: 0 };
  }
}

function childrenOf(formula: Formula): readonly Formula[] {
  switch (formula.kind) {
    case "not":
    case "exists":
    case "forall":
    case "count":
      return [formula.body];
    case "and":
    case "or":
      return formula.parts;
    case "implies":
      return [formula.left, formula.right];
    default:
      return [];
  }
}

function sum(parts: readonly Complexity[], start: Complexity): Complexity {
  return parts.reduce(
    (total, part) => ({
      predicates: total.predicates + part.predicates,
      quantifiers: total.quantifiers + part.quantifiers,
    }),
    start,
  );
}
