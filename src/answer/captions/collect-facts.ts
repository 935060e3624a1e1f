import { boundsOf } from "../../geo/bounds.ts";
import { areaM2 as areaOf, boxPolygon } from "../../retrieval/planar.ts";
import type { BoxM } from "../../store/ports.ts";
import { lookOf } from "./appearance.ts";
import { changeFacts, isNewSince } from "./changes.ts";
import type { CaptionContext } from "./context.ts";
import { coverShares } from "./cover.ts";
import type { CaptionFacts } from "./facts.ts";
import { groupFacts, membersOf } from "./groups.ts";
import { cellAt, createLattice } from "./lattice.ts";
import { lineFacts } from "./lines.ts";
import { placeAround, relationFacts, surroundingFacts } from "./surroundings.ts";
import { standsOn, type Thing } from "./things.ts";

/** A box or an outline in metres of the working CRS. */
export type CaptionArea = BoxM | GeoJSON.Polygon | GeoJSON.MultiPolygon;

const isBox = (area: CaptionArea): area is BoxM => Array.isArray(area);

/**
 * Everything that a caption may say of an area on a date, measured: cover shares on a grid of about a hundred cells each way, things
 * counted once, lines, arrangement, distances, changes since the imagery date before, and how the ground looks.
 *
 * @param date of the imagery; null for undated imagery or none
 */
export function collectFacts(area: CaptionArea, date: string | null, context: CaptionContext): CaptionFacts {
  const outline = isBox(area) ? boxPolygon(area) : area;
  const box = (isBox(area) ? area : boundsOf(area)) as BoxM;
  const areaM2 = isBox(area) ? (box[2] - box[0]) * (box[3] - box[1]) : areaOf(area);
  const lattice = createLattice(box, isBox(area) ? null : outline, areaM2);
  const previousDate = date === null ? null : (context.dates.findLast((other) => other < date) ?? null);
  const near = context.within(box);
  const things = near.filter((thing) => standsOn(thing, date));
  const members = membersOf(things, lattice);
  const lines = things.filter(({ role }) => role === "line");
  const cover = coverShares(things, lattice);
  const isIn = (thing: Thing) =>
    (thing.role === "object" || thing.role === "holder" || thing.role === "ground") &&
    cellAt(lattice, ...thing.middle) >= 0;
  const measured = { outline, box, date };
  return {
    box,
    areaM2,
    areaEvidence: `area:${box.map((value) => Math.round(value * 100) / 100).join(",")}`,
    date,
    previousDate,
    inside: placeAround(measured, context),
    cover,
    ...lookOf(box, date, context),
    groups: groupFacts(members, {
      lattice,
      areaM2,
      lines,
      isNew: (thing) => isNewSince(thing, previousDate, date),
    }),
    lines: lineFacts(lines, lattice),
    relations: relationFacts(members, date, context),
    surroundings: surroundingFacts(measured, context),
    changes: changeFacts(near.filter(isIn), previousDate, date),
  };
}
