import type { Proof, ProofNode } from "../logic/proof.ts";
import { createProver } from "../logic/prove.ts";
import { parseFormula } from "../logic/text.ts";
import type { Entity } from "../store/entity.ts";
import type { RetrievalContext } from "./context.ts";
import type { Plan } from "./plan.ts";
import { planConstants } from "./propose.ts";
import type { Candidate, ProvedCandidate } from "./values.ts";

/**
 * Proves the plan's formula for every candidate over the workspace's entities that stand on the plan's date: what is gone is near to nothing any more. The proof of a place that was found by
 * its concept's definition carries the definition's own proof below the concept.
 *
 * @returns proofs, truest first, and the number of predicates that were evaluated
 */
export function prove(
  candidates: readonly Candidate[],
  plan: Plan,
  context: RetrievalContext,
): { readonly proved: readonly ProvedCandidate[]; readonly predicatesEvaluated: number } {
  const formula = parseFormula(plan.formula);
  const constants = planConstants(plan, context);
  const proveEntity = createProver(context.standing(plan.dates.after), formula, { free: "x", constants });
  let predicatesEvaluated = 0;
  const proved = candidates.map((candidate): ProvedCandidate => {
    const proof = proveEntity(asEntity(candidate, context));
    predicatesEvaluated += countNodes(proof.tree);
    return { candidate, proof: withDefinition(proof, candidate) };
  });
  proved.sort((a, b) => b.proof.truth - a.proof.truth || (a.candidate.id < b.candidate.id ? -1 : 1));
  return { proved, predicatesEvaluated };
}

/** The candidate as a thing that the reasoner's free variable can stand for. */
function asEntity(candidate: Candidate, context: RetrievalContext): Entity {
  const own = candidate.origin === "entity" || candidate.origin === "likeness" ? context.entity(candidate.id) : null;
  return {
    id: candidate.id,
    concept: candidate.concept,
    geometry: own?.geometry ?? candidate.geometry,
    confidence: candidate.confidence,
    attributes: candidate.attributes,
    name: candidate.name,
    source: candidate.source,
    firstSeen: candidate.firstSeen,
    lastSeen: candidate.lastSeen,
    areaHistory: candidate.areaHistory,
    tags: own?.tags ?? {},
  };
}

function countNodes(node: ProofNode): number {
  return 1 + node.children.reduce((sum, child) => sum + countNodes(child), 0);
}

/** Hangs the definition's proof below the first leaf that asserts the candidate's concept of the free variable. */
function withDefinition(proof: Proof, candidate: Candidate): Proof {
  const { conceptProof } = candidate;
  if (!conceptProof) return proof;
  const wanted = `${candidate.concept}(x)`;
  let done = false;
  const visit = (node: ProofNode): ProofNode => {
    if (!done && node.formula === wanted) {
      done = true;
      return { ...node, children: [conceptProof.tree], witnesses: conceptProof.witnesses };
    }
    return { ...node, children: node.children.map(visit) };
  };
  const tree = visit(proof.tree);
  return { ...proof, tree, witnesses: [...new Set([...proof.witnesses, ...conceptProof.witnesses])] };
}
