import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import { salienceOf } from "./concepts.ts";
import type { ChangeFact } from "./facts.ts";
import { holdsPoint, type Thing } from "./things.ts";

/** Growth is told from this share of the area before on. */
const LEAST_GROWTH = 0.15;
const MOST_CHANGES = 6;
const MOST_EVIDENCE = 16;

/** Whether it came between the date before and the caption's. */
export function isNewSince(thing: Thing, previous: string | null, date: string | null): boolean {
  return (
    previous !== null &&
    date !== null &&
    thing.firstSeen !== null &&
    thing.firstSeen > previous &&
    thing.firstSeen <= date
  );
}

function isGoneSince({ lastSeen }: Thing, previous: string | null, date: string | null): boolean {
  return previous !== null && date !== null && lastSeen !== null && lastSeen >= previous && lastSeen < date;
}

/**
 * What came, went, grew and shrank, by kind; the most telling kinds first.
 *
 * @param things of the area, those that no longer stand included
 */
export function changeFacts(things: readonly Thing[], previous: string | null, date: string | null): ChangeFact[] {
  const facts: ChangeFact[] = [];
  for (const kind of ["new", "gone"] as const) {
    const changed = things.filter((thing) =>
      kind === "new" ? isNewSince(thing, previous, date) : isGoneSince(thing, previous, date),
    );
    const byConcept = new Map<ConceptId, Thing[]>();
    for (const thing of changed) byConcept.set(thing.concept, [...(byConcept.get(thing.concept) ?? []), thing]);
    for (const [concept, members] of byConcept) {
      facts.push({
        kind,
        concept,
        names: members.flatMap(({ names }) => names ?? []).slice(0, 2),
        count: members.length,
        since: previous as string,
        areasM2: null,
        evidence: members.flatMap(({ ids }) => ids).slice(0, MOST_EVIDENCE),
      });
    }
  }
  for (const thing of things) {
    const history = thing.areaHistory.filter((entry) => date === null || entry.date <= date);
    const [first, last] = [history[0], history.at(-1)];
    if (!first || !last || first.date === last.date || first.areaM2 <= 0) continue;
    const growth = last.areaM2 / first.areaM2 - 1;
    if (Math.abs(growth) < LEAST_GROWTH) continue;
    facts.push({
      kind: growth > 0 ? "grown" : "shrunk",
      concept: thing.concept,
      names: thing.names ? [thing.names] : [],
      count: 1,
      since: first.date,
      areasM2: [first.areaM2, last.areaM2],
      evidence: thing.ids,
    });
  }
  return facts
    .sort(
      (a, b) =>
        salienceOf(b.concept) - salienceOf(a.concept) ||
        b.count - a.count ||
        (a.evidence[0]! < b.evidence[0]! ? -1 : 1),
    )
    .slice(0, MOST_CHANGES);
}

/** Whether a thing lies in the area by its middle. */
export function liesIn(thing: Thing, outline: GeoJSON.Geometry): boolean {
  return holdsPoint(outline, ...thing.middle);
}
