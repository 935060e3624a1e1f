import { generalConcepts } from "../../knowledge/ontology/hierarchy.ts";
import type { Entity } from "../store/entity.ts";
import type { BoxM } from "../store/ports.ts";
import type { RetrievalContext } from "./context.ts";
import type { Plan } from "./plan.ts";
import { areaM2, boxesMeet, boxOf } from "./planar.ts";
import type { TileHit } from "./values.ts";

/** A chip around a thing is this much longer than it, and at least so many metres: what stands around it tells what it is. */
const AROUND = 1.5;
const LEAST_SIDE_M = 64;
/** Smaller things are not told apart by what they look like. */
const SMALLEST_M2 = 150;
/** Things that are looked at, largest first. */
const MOST_THINGS = 48;

export interface CloserLook {
  readonly entity: Entity;
  readonly box: BoxM;
}

/**
 * Things of a more general kind than the one sought, which may be of it: a large roof that may be a factory. Those in the best tiles, largest first; none where
 * the encoder cannot tell the kind.
 */
export function closerLooks(tiles: readonly TileHit[], plan: Plan, context: RetrievalContext): readonly CloserLook[] {
  const { concept } = plan.query.target;
  const general = generalConcepts(concept);
  if (general.length === 0 || context.encoder.scoreConcept(concept, new Float32Array(0)) === null) return [];
  const { after } = plan.dates;
  const stands = ({ lastSeen }: Entity) =>
    plan.query.time !== null || lastSeen === null || after === null || lastSeen >= after;
  const kinds = new Set<string>(general);
  return context.workspace.entities
    .query({ concepts: general })
    .filter((entity) => kinds.has(entity.concept) && stands(entity))
    .map((entity) => ({ entity, size: areaM2(entity.geometry), box: boxOf(entity.geometry) }))
    .filter(({ size, box }) => size >= SMALLEST_M2 && tiles.some(({ tile }) => boxesMeet(tile.box, box)))
    .sort((a, b) => b.size - a.size || (a.entity.id < b.entity.id ? -1 : 1))
    .slice(0, MOST_THINGS)
    .map(({ entity, box }) => ({ entity, box: around(box) }));
}

function around([minX, minY, maxX, maxY]: BoxM): BoxM {
  const half = Math.max(LEAST_SIDE_M, AROUND * Math.max(maxX - minX, maxY - minY)) / 2;
  const [x, y] = [(minX + maxX) / 2, (minY + maxY) / 2];
  return [x - half, y - half, x + half, y + half];
}
