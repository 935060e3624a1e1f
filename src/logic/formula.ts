import type { AttributeId, ConceptId, PredicateId } from "../../knowledge/ontology/ids.ts";

/**
 * First-order logic over entities. Variables range over all entities of a table; a term that starts with "@" names a
 * constant geometry (a place, the viewport) given with the call.
 */
export type Term = string;

export type Comparison = "<" | "<=" | "=" | ">=" | ">";

export type Formula =
  | { readonly kind: "true" }
  | { readonly kind: "false" }
  | { readonly kind: "concept"; readonly concept: ConceptId; readonly term: Term }
  | { readonly kind: "attribute"; readonly attribute: AttributeId; readonly term: Term }
  /** Footprint area in square metres. */
  | { readonly kind: "area"; readonly term: Term; readonly op: Comparison; readonly value: number }
  /** new / gone / grown / shrunk / changed between two ISO dates, or existing as_of `to`. */
  | {
      readonly kind: "time";
      readonly change: "new" | "gone" | "grown" | "shrunk" | "changed" | "as_of";
      readonly term: Term;
      readonly from?: string;
      readonly to?: string;
    }
  /** `terms` is [subject, anchor], or [subject, anchor, anchor, …] for between. `distanceM` bounds near, far_from, along, between … */
  | {
      readonly kind: "spatial";
      readonly predicate: PredicateId;
      readonly terms: readonly Term[];
      readonly distanceM?: number;
      /** True where the distance is a default that nobody asked for: the threshold is then a slope (see spatial.ts), not a step. */
      readonly soft?: boolean;
    }
  | { readonly kind: "equal"; readonly left: Term; readonly right: Term }
  | { readonly kind: "not"; readonly body: Formula }
  | { readonly kind: "and"; readonly parts: readonly Formula[] }
  | { readonly kind: "or"; readonly parts: readonly Formula[] }
  | { readonly kind: "implies"; readonly left: Formula; readonly right: Formula }
  | { readonly kind: "exists"; readonly variable: string; readonly body: Formula }
  | { readonly kind: "forall"; readonly variable: string; readonly body: Formula }
  | {
      readonly kind: "count";
      readonly variable: string;
      readonly op: ">=" | "<=" | "=";
      readonly n: number;
      readonly body: Formula;
    };
