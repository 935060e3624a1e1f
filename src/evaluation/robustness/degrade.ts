import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import { Random } from "../../demo/random.ts";
import type { World } from "../../logic/score.ts";
import type { Entity } from "../../store/entity.ts";

/**
 * What a detector would make of an image, the worse the greater `rate`: each thing is missed with that probability, else given a confidence that
 * is lower on the average and less sure; some get the class of another thing of the set, and as many false ones appear, with lower confidences.
 *
 * @param rate 0 (the truth) … 1
 * @param concepts classes that things are mistaken for
 */
export function degrade(world: World, rate: number, concepts: readonly ConceptId[], seed: number): World {
  if (rate === 0) return world;
  const random = new Random(seed).fork(world.id);
  const entities = world.entities.flatMap((entity): Entity[] => {
    const isMissed = random.chance(rate / 2);
    const confidence = clamp(1 - rate * random.between(0.2, 1));
    const isMistaken = random.chance(rate / 3);
    const double = random.chance(rate / 3);
    const other = random.pick(concepts);
    const doubt = clamp(0.75 - rate * random.between(0, 0.8));
    const ghost = { ...entity, id: `${entity.id}-ghost`, concept: other, confidence: doubt };
    if (isMissed) return double ? [ghost] : [];
    const seen = isMistaken ? { ...entity, concept: other, confidence: doubt } : { ...entity, confidence };
    return double ? [seen, ghost] : [seen];
  });
  return { id: world.id, entities };
}

/** 1 − mean confidence of the things detected; 0 without any. */
export function uncertainty(worlds: readonly World[]): number {
  const confidences = worlds.flatMap(({ entities }) => entities.map(({ confidence }) => confidence));
  return confidences.length === 0
    ? 0
    : 1 - confidences.reduce((sum, confidence) => sum + confidence, 0) / confidences.length;
}

function clamp(value: number): number {
  return Math.round(Math.min(1, Math.max(0.02, value)) * 1000) / 1000;
}
