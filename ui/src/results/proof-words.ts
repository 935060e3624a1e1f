import { formulaWords } from "../../../src/logic/explain.ts";
import { parseFormula } from "../../../src/logic/text.ts";
import type { Language } from "../words.ts";

/** A formula as a sentence part; as it is written where it cannot be read. */
export function inWords(formula: string, language: Language): string {
  try {
    const text = formulaWords(parseFormula(formula), language);
    // "y is a river": a variable keeps its case.
    return !/^[a-z](?: is |是)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  } catch {
    return formula;
  }
}

/** Met from the bound at which the reasoner counts a part as holding. */
const MET = 0.95;
const PARTLY = 0.3;

export function truthState(truth: number): "met" | "partly" | "notMet" {
  return truth >= MET ? "met" : truth >= PARTLY ? "partly" : "notMet";
}
