import { DEFINITIONS } from "../../knowledge/ontology/definitions.ts";
import { subsumedConcepts } from "../../knowledge/ontology/hierarchy.ts";
import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import type { Formula } from "../logic/formula.ts";
import { parseFormula } from "../logic/text.ts";

const cache = new Map<ConceptId, readonly ConceptId[]>();

/** The concepts whose entities speak for `concept`: itself, what it subsumes, and the parts its definition names. */
export function supportingConcepts(concept: ConceptId): readonly ConceptId[] {
  let found = cache.get(concept);
  if (!found) {
    const all = new Set<ConceptId>([concept, ...subsumedConcepts(concept)]);
    for (const part of definitionParts(concept)) {
      all.add(part);
      for (const below of subsumedConcepts(part)) all.add(below);
    }
    found = [...all];
    cache.set(concept, found);
  }
  return found;
}

/** Concepts that stand in the definition of `concept` outside negations; none for a primitive concept. */
export function definitionParts(concept: ConceptId): readonly ConceptId[] {
  const definition = DEFINITIONS[concept];
  return definition ? [...new Set(positiveConcepts(parseFormula(definition.formula)))] : [];
}

function positiveConcepts(formula: Formula): ConceptId[] {
  switch (formula.kind) {
    case "concept":
      return [formula.concept];
    case "and":
    case "or":
      return formula.parts.flatMap(positiveConcepts);
    case "exists":
    case "count":
      return positiveConcepts(formula.body);
    default:
      return [];
  }
}
