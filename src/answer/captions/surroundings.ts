import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import { distanceM } from "../../logic/distance.ts";
import { anchorOf } from "./arrangement.ts";
import { salienceOf } from "./concepts.ts";
import type { CaptionContext } from "./context.ts";
import { closestPoint, compass, grown } from "./directions.ts";
import type { Anchor, RelationFact, SurroundingFact } from "./facts.ts";
import type { Member } from "./groups.ts";
import { holdsPoint, standsOn, type Thing } from "./things.ts";

/** What is looked for outside an area, and how far, in metres. */
const AROUND: readonly {
  readonly kind: SurroundingFact["kind"];
  readonly concepts: readonly ConceptId[];
  readonly limitM: number;
}[] = [
  { kind: "traffic", concepts: ["highway_exit", "railway_station", "airport"], limitM: 3000 },
  { kind: "traffic", concepts: ["highway", "railway"], limitM: 2000 },
  { kind: "road", concepts: ["road"], limitM: 1000 },
  { kind: "water", concepts: ["sea", "coast", "river", "lake", "reservoir", "canal", "water"], limitM: 2000 },
];
const PLACE_LIMIT_M = 10_000;
/** Rings of search, as shares of the limit. */
const RINGS = [0.1, 0.35, 1];
/** Nearest boxes whose true distance is measured in one ring. */
const MOST_MEASURED = 12;

/** The area as the captioner measures from it. */
export interface MeasuredArea {
  readonly outline: GeoJSON.Geometry;
  readonly box: readonly [number, number, number, number];
  readonly date: string | null;
}

/** The nearest of each kind outside the area; none of a kind that meets it. */
export function surroundingFacts(area: MeasuredArea, context: CaptionContext): SurroundingFact[] {
  const facts = AROUND.flatMap(({ kind, concepts, limitM }): SurroundingFact[] => {
    const found = nearest(area, limitM, (box) =>
      context.ofConcepts(concepts, box).filter((thing) => standsOn(thing, area.date)),
    );
    return found && found.distanceM > 0
      ? [{ kind, ...anchorOf(found.item), distanceM: found.distanceM, direction: directionTo(area, found.item) }]
      : [];
  });
  const settlement = nearest(area, PLACE_LIMIT_M, (box) =>
    context.placesWithin(box).filter(({ isSettlement }) => isSettlement),
  );
  const place = nearest(area, PLACE_LIMIT_M, (box) =>
    context.placesWithin(box).filter(({ isSettlement }) => !isSettlement),
  );
  const told: SurroundingFact[] = [];
  for (const [kind, found] of [
    ["settlement", settlement],
    ["place", place],
  ] as const) {
    if (!found || found.distanceM === 0) continue;
    const { concept, names, evidence } = found.item;
    told.push({ kind, concept, names, evidence, distanceM: found.distanceM, direction: directionTo(area, found.item) });
  }
  return [...facts, ...told];
}

/** The smallest named place that the whole area lies in. */
export function placeAround(area: MeasuredArea, context: CaptionContext): Anchor | null {
  const [minX, minY, maxX, maxY] = area.box;
  const middle = [(minX + maxX) / 2, (minY + maxY) / 2] as const;
  const corners: readonly (readonly [number, number])[] = [
    [minX, minY],
    [maxX, minY],
    [maxX, maxY],
    [minX, maxY],
    middle,
  ];
  const around = context
    .placesWithin([...middle, ...middle])
    .filter(({ geometry }) => corners.every(([x, y]) => holdsPoint(geometry, x, y)))
    .sort((a, b) => boxArea(a.box) - boxArea(b.box))[0];
  return around ? { concept: around.concept, names: around.names, evidence: around.evidence } : null;
}

const boxArea = (box: readonly number[]) =>
  ((box[2] as number) - (box[0] as number)) * ((box[3] as number) - (box[1] as number));

function directionTo(area: MeasuredArea, { geometry }: { readonly geometry: GeoJSON.Geometry }) {
  const middle = [(area.box[0] + area.box[2]) / 2, (area.box[1] + area.box[3]) / 2] as const;
  return compass(middle, closestPoint(geometry, middle));
}

interface Placed {
  readonly geometry: GeoJSON.Geometry;
  readonly box: readonly [number, number, number, number];
}

/** The nearest of what a search over growing boxes finds, with its distance from the area's outline: 0 where it meets it. */
function nearest<T extends Placed>(
  area: MeasuredArea,
  limitM: number,
  search: (box: readonly [number, number, number, number]) => readonly T[],
): { readonly item: T; readonly distanceM: number } | null {
  for (const share of RINGS) {
    const reach = limitM * share;
    const near = search(grown(area.box, reach))
      .map((item) => ({ item, gap: boxGap(area.box, item.box) }))
      .sort((a, b) => a.gap - b.gap)
      .slice(0, MOST_MEASURED);
    let best: { readonly item: T; readonly distanceM: number } | null = null;
    for (const { item, gap } of near) {
      if (best && gap >= best.distanceM) break;
      const distance = distanceM(area.outline, item.geometry);
      if (distance <= reach && (!best || distance < best.distanceM)) best = { item, distanceM: distance };
      if (distance === 0) break;
    }
    if (best) return best;
  }
  return null;
}

function boxGap(a: readonly number[], b: readonly number[]): number {
  const dx = Math.max(0, (a[0] as number) - (b[2] as number), (b[0] as number) - (a[2] as number));
  const dy = Math.max(0, (a[1] as number) - (b[3] as number), (b[1] as number) - (a[3] as number));
  return Math.hypot(dx, dy);
}

/** What telling things relate to, how far that says something (metres), and how much. */
const ANCHORS: readonly { readonly concept: ConceptId; readonly limitM: number; readonly weight: number }[] = [
  { concept: "highway_exit", limitM: 1500, weight: 1 },
  { concept: "sea", limitM: 300, weight: 1 },
  { concept: "river", limitM: 500, weight: 0.95 },
  { concept: "lake", limitM: 400, weight: 0.85 },
  { concept: "reservoir", limitM: 400, weight: 0.85 },
  { concept: "highway", limitM: 800, weight: 0.8 },
  { concept: "railway", limitM: 500, weight: 0.75 },
  { concept: "airport", limitM: 2000, weight: 0.8 },
  { concept: "port", limitM: 1000, weight: 0.7 },
  { concept: "residential_area", limitM: 400, weight: 0.55 },
  { concept: "road", limitM: 150, weight: 0.3 },
];
/** Things that are related to others, most telling first. */
const MOST_SUBJECTS = 3;
/** Kinds that are told of by what they are near; houses and cars are not. */
const LEAST_SALIENCE = 0.5;

/** The measured distance of the most telling things to the anchor that says most of each; of several of a kind, of the nearest. */
export function relationFacts(
  members: readonly Member[],
  date: string | null,
  context: CaptionContext,
): RelationFact[] {
  const telling = members.map(({ thing }) => thing).filter(({ concept }) => salienceOf(concept) >= LEAST_SALIENCE);
  const holders = telling.filter(({ role }) => role === "holder");
  const outer = telling.filter(
    (thing) =>
      !holders.some(
        (holder) => holder !== thing && holder.areaM2 > thing.areaM2 && holdsPoint(holder.geometry, ...thing.middle),
      ),
  );
  const kinds = new Map<string, Thing[]>();
  for (const thing of outer) {
    const key = thing.names ? `${thing.concept}|${thing.names.en}` : thing.concept;
    kinds.set(key, [...(kinds.get(key) ?? []), thing]);
  }
  const subjects = [...kinds.values()].sort(
    (a, b) =>
      subjectWeight(b[0] as Thing) - subjectWeight(a[0] as Thing) ||
      (idOf(a[0] as Thing) < idOf(b[0] as Thing) ? -1 : 1),
  );
  const facts: RelationFact[] = [];
  for (const things of subjects) {
    if (facts.length === MOST_SUBJECTS) break;
    const best = bestAnchor(things[0] as Thing, date, context);
    if (!best) continue;
    const nearest = things
      .map((thing) => ({ thing, distance: distanceM(thing.geometry, best.anchor.geometry) }))
      .sort((a, b) => a.distance - b.distance)[0] as { readonly thing: Thing; readonly distance: number };
    const { concept, names, ids } = nearest.thing;
    facts.push({
      subject: { concept, names, evidence: ids, count: things.length },
      anchor: anchorOf(best.anchor),
      distanceM: nearest.distance,
    });
  }
  return facts;
}

const idOf = ({ ids }: Thing) => ids[0] as string;
const WAYS: ReadonlySet<ConceptId> = new Set(["highway_exit", "bridge", "tunnel", "toll_station"]);
const subjectWeight = (thing: Thing) => salienceOf(thing.concept) + (thing.names ? 0.2 : 0);

function bestAnchor(thing: Thing, date: string | null, context: CaptionContext) {
  const found = ANCHORS.flatMap(({ concept, limitM, weight }) => {
    // An exit lies at its motorway, a bridge on its road.
    const isOwn = WAYS.has(thing.concept) && concept !== "residential_area";
    if (concept === thing.concept || isOwn) return [];
    return context.ofConcepts([concept], grown(thing.box, limitM)).flatMap((anchor) => {
      if (anchor === thing || !standsOn(anchor, date) || anchor.role === "settlement") return [];
      const distance = distanceM(thing.geometry, anchor.geometry);
      // What it lies in is no neighbour.
      if (distance > limitM || holdsPoint(anchor.geometry, ...thing.middle)) return [];
      return [{ anchor, distance, score: weight * (1 - distance / (limitM * 1.5)) + (anchor.names ? 0.1 : 0) }];
    });
  });
  return found.sort(
    (a, b) => b.score - a.score || a.distance - b.distance || (idOf(a.anchor) < idOf(b.anchor) ? -1 : 1),
  )[0];
}
