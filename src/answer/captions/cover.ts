import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import { COVER_KINDS, type CoverKind, coverOf } from "./concepts.ts";
import type { CoverFact } from "./facts.ts";
import { type Lattice, visitCells } from "./lattice.ts";
import type { Thing } from "./things.ts";

/** Kinds of ground under this share are left out. */
const LEAST_SHARE = 0.02;
/** One concept stands for its kind of ground from this share of it on. */
const ONE_CONCEPT = 0.9;
/** Ids that one share rests on, largest first. */
const MOST_EVIDENCE = 16;

/** Shares of the area by kind of ground, largest first; ground that outlines of several kinds claim goes to the one first in COVER_KINDS. */
export function coverShares(things: readonly Thing[], lattice: Lattice): CoverFact[] {
  const owner = new Int32Array(lattice.mask.length).fill(-1);
  const claims = things
    .flatMap((thing) => {
      const kind = coverOf(thing.concept);
      return kind === null ? [] : [{ thing, kind, rank: COVER_KINDS.indexOf(kind) }];
    })
    // The last to be painted has the ground; within one kind the smaller outline is the better known.
    .sort((a, b) => b.rank - a.rank || b.thing.areaM2 - a.thing.areaM2);
  for (const [index, { thing }] of claims.entries()) {
    visitCells(thing.geometry, lattice, (cell) => {
      if (lattice.mask[cell] === 1) owner[cell] = index;
    });
  }
  const cells = new Uint32Array(claims.length);
  for (const index of owner) if (index >= 0) cells[index] = (cells[index] as number) + 1;
  const facts = COVER_KINDS.flatMap((cover): CoverFact[] => {
    const members = claims
      .map(({ thing, kind }, index) => ({ thing, kind, count: cells[index] as number }))
      .filter(({ kind, count }) => kind === cover && count > 0)
      .sort((a, b) => b.count - a.count);
    const total = members.reduce((sum, { count }) => sum + count, 0);
    const share = total / Math.max(1, lattice.size);
    if (share < LEAST_SHARE) return [];
    return [
      {
        cover,
        concept: mainConcept(members, total),
        share,
        evidence: members.slice(0, MOST_EVIDENCE).flatMap(({ thing }) => thing.ids),
      },
    ];
  });
  return facts.sort((a, b) => b.share - a.share || order(a.cover) - order(b.cover));
}

const order = (cover: CoverKind) => COVER_KINDS.indexOf(cover);

function mainConcept(
  members: readonly { readonly thing: Thing; readonly count: number }[],
  total: number,
): ConceptId | null {
  const byConcept = new Map<ConceptId, number>();
  for (const { thing, count } of members) byConcept.set(thing.concept, (byConcept.get(thing.concept) ?? 0) + count);
  return [...byConcept].find(([, count]) => count >= ONE_CONCEPT * total)?.[0] ?? null;
}

/** Share (0..1) of an outline that lies in the area, and share of the area that it takes, by cells. */
export function shareOf(thing: Thing, lattice: Lattice): { readonly inside: number; readonly ofArea: number } {
  let cells = 0;
  visitCells(thing.geometry, lattice, (cell) => {
    if (lattice.mask[cell] === 1) cells += 1;
  });
  const cellM2 = lattice.cell[0] * lattice.cell[1];
  return {
    inside: thing.areaM2 > 0 ? Math.min(1, (cells * cellM2) / thing.areaM2) : 0,
    ofArea: cells / Math.max(1, lattice.size),
  };
}
