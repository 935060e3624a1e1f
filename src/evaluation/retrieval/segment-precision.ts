import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import { boxesMeet, boxOf, type Outline, overlapOfSmaller } from "../../retrieval/planar.ts";
import type { Workspace } from "../../workspace.ts";
import { ALIKE } from "./spec.ts";
import { ofConcept, type Thing, type TruthWorld } from "./truth.ts";

/** Finds of one kind, and how many of them are there. */
export interface Tally {
  readonly found: number;
  readonly right: number;
}

/** A find is right when this share of the smaller of both lies on a thing of its kind that stands. */
const ON_IT = 0.5;
/** Finds of average precision that every kind is given, so that few finds say little. */
const PRIOR = 10;

/** What the segmenters found in a workspace, held against the truth of its world, by kind. What the truth may well call otherwise does not count. */
export function tallySegments(workspace: Workspace, world: TruthWorld): ReadonlyMap<ConceptId, Tally> {
  const tallies = new Map<ConceptId, Tally>();
  const things = new Map<ConceptId, readonly Thing[]>();
  const standingOf = (concept: ConceptId) => {
    let found = things.get(concept);
    if (!found) {
      found = ofConcept(world, concept).filter(({ lastSeen }) => lastSeen === null);
      things.set(concept, found);
    }
    return found;
  };
  for (const { geometry, concept, source, lastSeen } of workspace.entities.query({})) {
    if (!source.startsWith("segmenter:") || lastSeen !== null) continue;
    if (geometry.type !== "Polygon" && geometry.type !== "MultiPolygon") continue;
    const lies = (all: readonly Thing[]) =>
      all.some(
        ({ box, outline }) =>
          boxesMeet(box, boxOf(geometry)) && overlapOfSmaller(geometry as Outline, outline) >= ON_IT,
      );
    const isRight = lies(standingOf(concept));
    if (!isRight && (ALIKE[concept] ?? []).some((other) => lies(standingOf(other)))) continue;
    const held = tallies.get(concept) ?? { found: 0, right: 0 };
    tallies.set(concept, { found: held.found + 1, right: held.right + (isRight ? 1 : 0) });
  }
  return tallies;
}

/** Shares right of all worlds together: of all finds, and of each kind pulled towards that. */
export function precisionOf(worlds: readonly ReadonlyMap<ConceptId, Tally>[]): {
  readonly all: number;
  readonly of: Readonly<Record<string, number>>;
} {
  const sums = new Map<ConceptId, { found: number; right: number }>();
  for (const [concept, { found, right }] of worlds.flatMap((world) => [...world])) {
    const held = sums.get(concept) ?? { found: 0, right: 0 };
    sums.set(concept, { found: held.found + found, right: held.right + right });
  }
  const total = [...sums.values()].reduce(
    (sum, one) => ({ found: sum.found + one.found, right: sum.right + one.right }),
    {
      found: 0,
      right: 0,
    },
  );
  const all = total.found > 0 ? total.right / total.found : 0.5;
  const round = (value: number) => Math.round(value * 1000) / 1000;
  return {
    all: round(all),
    of: Object.fromEntries(
      [...sums]
        .map(([concept, { found, right }]) => [concept, round((right + PRIOR * all) / (found + PRIOR))] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}
