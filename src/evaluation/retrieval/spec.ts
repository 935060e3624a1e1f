import type { AttributeId, ConceptId } from "../../../knowledge/ontology/ids.ts";
import { distanceM, middle, shareInside } from "../../logic/distance.ts";
import type { AreaGeometry, Bbox } from "../../query/schema.ts";
import { areaM2 } from "../../retrieval/planar.ts";
import type { BoxM } from "../../store/ports.ts";
import { ofConcept, standing, type Thing, type TruthWorld } from "./truth.ts";

/** What is asked, from which both the words and the right answers are made, each on its own. */
export interface Spec {
  readonly target: ConceptId;
  readonly attribute: AttributeId | null;
  readonly minAreaM2: number | null;
  readonly relations: readonly RelationSpec[];
  readonly change: "new" | "gone" | "grown" | null;
  readonly place: PlaceSpec | null;
}

export interface RelationSpec {
  /** `near` at most, `far` at least that distance from every one, `inside` one. */
  readonly kind: "near" | "far" | "inside";
  readonly anchor: ConceptId;
  /** Metres; 0 for inside. */
  readonly distanceM: number;
  /** At least so many of them. */
  readonly count: number;
}

export type PlaceSpec =
  | {
      readonly kind: "named";
      readonly name: string;
      readonly relation: "near" | "inside" | "north_of" | "south_of" | "east_of" | "west_of";
      /** Metres; 0 but for near. */
      readonly distanceM: number;
      readonly geometry: GeoJSON.Geometry;
    }
  | { readonly kind: "view"; readonly bbox: Bbox; readonly outline: GeoJSON.Polygon }
  | { readonly kind: "drawn"; readonly area: AreaGeometry; readonly outline: GeoJSON.Polygon };

export type Verdict = "yes" | "no" | "doubt";

export const PLAIN: Omit<Spec, "target"> = {
  attribute: null,
  minAreaM2: null,
  relations: [],
  change: null,
  place: null,
};

/** A distance this share, or this many metres if that is more, off the one asked for is too close to call. */
const MARGIN = 0.1;
const LEAST_MARGIN_M = 10;
/** Shares inside that count as inside, and as not. */
const INSIDE = 0.9;
const OUTSIDE = 0.3;
/** Degrees off a compass direction that count as in it, and as not. */
const TOWARDS = 40;
const ASIDE = 75;
/** An area within this share of the one asked for is too close to call. */
const AREA_MARGIN = 0.2;

/** The houses of an old town may well be called a residential area, and the tracks of a yard a railway, though the truth calls the place by another name. */
const ALIKE: Partial<Record<ConceptId, readonly ConceptId[]>> = {
  residential_area: ["city_center"],
  railway: ["rail_yard"],
};

/** Every thing of the target's kind with whether it is what the spec asks for; what is too close to call is in doubt. */
export function judge(spec: Spec, world: TruthWorld): readonly { readonly thing: Thing; readonly verdict: Verdict }[] {
  const all = spec.change === null ? standing(world, spec.target) : ofConcept(world, spec.target);
  const alike = (ALIKE[spec.target] ?? []).flatMap((concept) => standing(world, concept));
  const anchors = spec.relations.map(({ anchor }) => standing(world, anchor));
  return [...all, ...alike].map((thing) => {
    const verdicts: Verdict[] = [
      ...(thing.isSliver || alike.includes(thing) ? (["doubt"] as const) : []),
      changed(spec, thing),
      spec.attribute === null || thing.attributes.includes(spec.attribute) ? "yes" : "no",
      sized(spec, thing),
      ...spec.relations.map((relation, i) => related(relation, thing, anchors[i] as readonly Thing[])),
      placed(spec.place, thing),
    ];
    return { thing, verdict: worst(verdicts) };
  });
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("no")) return "no";
  return verdicts.includes("doubt") ? "doubt" : "yes";
}

function changed({ change }: Spec, { firstSeen, lastSeen, areas }: Thing): Verdict {
  switch (change) {
    case null:
      return "yes";
    case "new":
      return firstSeen !== null ? "yes" : "no";
    case "gone":
      return lastSeen !== null ? "yes" : "no";
    case "grown":
      return areas === null || areas[1] <= areas[0] ? "no" : areas[1] > 1.2 * areas[0] ? "yes" : "doubt";
  }
}

function sized({ minAreaM2 }: Spec, { outline }: Thing): Verdict {
  if (minAreaM2 === null) return "yes";
  const size = areaM2(outline);
  if (size >= (1 + AREA_MARGIN) * minAreaM2) return "yes";
  return size <= (1 - AREA_MARGIN) * minAreaM2 ? "no" : "doubt";
}

export function marginOf(distance: number): number {
  return Math.max(LEAST_MARGIN_M, MARGIN * distance);
}

function related({ kind, distanceM: bound, count }: RelationSpec, thing: Thing, anchors: readonly Thing[]): Verdict {
  const others = anchors.filter(({ id }) => id !== thing.id);
  if (kind === "inside") {
    const share = others
      .filter(({ box }) => gap(thing.box, box) === 0)
      .reduce((most, { geometry }) => Math.max(most, shareInside(geometry, thing.geometry)), 0);
    return share >= INSIDE ? "yes" : share <= OUTSIDE ? "no" : "doubt";
  }
  const margin = marginOf(bound);
  // Only what may lie within reach has to be measured.
  const distances = others
    .filter(({ box }) => gap(thing.box, box) <= bound + margin)
    .map(({ geometry }) => distanceM(thing.geometry, geometry));
  const within = (reach: number) => distances.filter((distance) => distance <= reach).length;
  if (kind === "far") return within(bound - margin) > 0 ? "no" : within(bound + margin) === 0 ? "yes" : "doubt";
  return within(bound - margin) >= count ? "yes" : within(bound + margin) < count ? "no" : "doubt";
}

function gap(a: BoxM, b: BoxM): number {
  return Math.hypot(Math.max(0, b[0] - a[2], a[0] - b[2]), Math.max(0, b[1] - a[3], a[1] - b[3]));
}

function placed(place: PlaceSpec | null, thing: Thing): Verdict {
  if (!place) return "yes";
  if (place.kind !== "named" || place.relation === "inside") {
    const outer = place.kind === "named" ? place.geometry : place.outline;
    const share = shareInside(outer, thing.geometry);
    return share >= INSIDE ? "yes" : share <= (place.kind === "named" ? OUTSIDE : 0) ? "no" : "doubt";
  }
  if (place.relation === "near") {
    const distance = distanceM(place.geometry, thing.geometry);
    const margin = marginOf(place.distanceM);
    return distance <= place.distanceM - margin ? "yes" : distance > place.distanceM + margin ? "no" : "doubt";
  }
  const [x0, y0] = middle(place.geometry);
  const [x, y] = middle(thing.geometry);
  const bearing = (Math.atan2(x - x0, y - y0) * 180) / Math.PI;
  const wanted = { north_of: 0, east_of: 90, south_of: 180, west_of: -90 }[place.relation];
  const off = Math.abs(((bearing - wanted + 540) % 360) - 180);
  return off <= TOWARDS ? "yes" : off >= ASIDE ? "no" : "doubt";
}
