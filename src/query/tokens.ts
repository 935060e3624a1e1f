import type { AttributeId, ConceptId } from "../../knowledge/ontology/ids.ts";

/** One lexical unit of a message. Offsets are UTF-16 units of the message as it was written. */
export type Token = { readonly start: number; readonly end: number; readonly text: string } & (
  | { readonly kind: "concept"; readonly concept: ConceptId; readonly isPlural: boolean }
  | { readonly kind: "attribute"; readonly attribute: AttributeId }
  | { readonly kind: "place"; readonly name: string; readonly ids: readonly string[] }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "rank"; readonly value: number }
  | { readonly kind: "date"; readonly from: string; readonly to: string }
  | { readonly kind: "word"; readonly isUnknown?: boolean }
  | { readonly kind: "mark" }
);

/** Full-width forms to ASCII, lower case, typographic quotes and dashes to plain ones; one unit in, one unit out. */
export function normalise(text: string): string {
  let out = "";
  for (const unit of text) {
    if (unit >= " " && unit <= "~") {
      out += unit >= "A" && unit <= "Z" ? unit.toLowerCase() : unit;
      continue;
    }
    const folded = unit.length > 1 ? unit : unit.normalize("NFKC").toLowerCase();
    const plainUnit =
      { "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "、": ",", "，": ",", "。": "." }[folded] ?? folded;
    out += plainUnit.length === unit.length ? plainUnit : unit;
  }
  return out;
}
