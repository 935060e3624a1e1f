/** Three different "no"s, and yes. */
export type Outcome =
  | { readonly kind: "ranked" }
  | { readonly kind: "no_match"; readonly reason: string }
  | {
      readonly kind: "not_covered";
      readonly missing: "imagery" | "date" | "layer" | "concept" | "place";
      readonly detail: string;
    }
  | { readonly kind: "cannot_decide"; readonly because: string };
