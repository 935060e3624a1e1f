import type { Formula } from "../logic/formula.ts";
import type { Measurement, Proof, ProofNode } from "../logic/proof.ts";
import { parseFormula } from "../logic/text.ts";

/** One thing that a proof measured of the result itself. */
export interface ProofFact {
  readonly predicate: string;
  readonly measured: Measurement;
  /** Entity that the measurement is to; null for measurements of the result alone and for places given by name. */
  readonly anchor: string | null;
  /** "@geo0" where the measurement is to a place of the plan. */
  readonly constant: string | null;
}

/**
 * The measurements of a proof that concern the result (variable x), with the witness that each is to. Parts under a
 * negation, and parts of the concept's definition, are left out: a caption says what is there.
 */
export function proofFacts(proof: Proof): readonly ProofFact[] {
  const facts: ProofFact[] = [];
  const visit = (node: ProofNode, witnessOf: ReadonlyMap<string, string>) => {
    if (node.truth <= 0) return;
    const formula = formulaOf(node);
    if (!formula || formula.kind === "not" || formula.kind === "concept") return;
    const bound = new Map(witnessOf);
    const witness = node.witnesses[0];
    if ((formula.kind === "exists" || formula.kind === "count") && witness) bound.set(formula.variable, witness);
    if (node.measured && concernsResult(formula)) facts.push(factOf(formula, node.measured, bound));
    for (const child of node.children) visit(child, bound);
  };
  visit(proof.tree, new Map());
  return facts;
}

function formulaOf(node: ProofNode): Formula | null {
  try {
    return parseFormula(node.formula);
  } catch {
    return null;
  }
}

function concernsResult(formula: Formula): boolean {
  return (formula.kind === "spatial" && formula.terms[0] === "x") || (formula.kind === "time" && formula.term === "x");
}

function factOf(formula: Formula, measured: Measurement, witnessOf: ReadonlyMap<string, string>): ProofFact {
  if (formula.kind !== "spatial") return { predicate: formula.kind, measured, anchor: null, constant: null };
  const term = formula.terms[1] ?? "";
  return {
    predicate: formula.predicate,
    measured,
    anchor: witnessOf.get(term) ?? null,
    constant: term.startsWith("@") ? term : null,
  };
}
