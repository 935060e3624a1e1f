import * as turf from "@turf/turf";
import type { AttributeId, ConceptId } from "../../../knowledge/ontology/ids.ts";
import type { Random } from "../../demo/random.ts";
import type { AreaGeometry, Bbox } from "../../query/schema.ts";
import { boxPolygon } from "../../retrieval/planar.ts";
import type { BoxM } from "../../store/ports.ts";
import type { QueryType } from "./queries.ts";
import { judge, PLAIN, type PlaceSpec, type RelationSpec, type Spec } from "./spec.ts";
import { ofConcept, standing, type TruthWorld } from "./truth.ts";

/** Ground that everything lies on, and what is a place rather than a thing to look for. */
const NO_TARGETS: ReadonlySet<ConceptId> = new Set(["bare_soil", "coast", "city_center", "square", "town"]);
const DISTANCES = [50, 80, 100, 150, 200, 250, 300, 400, 500, 600, 800, 1000];
const PLACE_DISTANCES = [200, 300, 400, 500, 700, 900];
/** Of the things of the target's kind, so many at most may be too close to call. */
const MOST_DOUBT = 0.15;
const TRIES = 400;
/** Kinds that no world of any landform has, but that one might look for. */
const ABSENT: readonly ConceptId[] = [
  "castle",
  "golf_course",
  "volcano",
  "glacier",
  "shipyard",
  "oil_refinery",
  "salt_pond",
  "vineyard",
];

type SpecMaker = (world: TruthWorld, random: Random) => readonly Spec[];

/** What is asked of a world, by type: every spec once. All but `none` have an answer. */
export const SPECS: Readonly<Record<QueryType, SpecMaker>> = {
  object: objects,
  relation: (world, random) => different(world, 40, () => withRelations(world, random), isTelling),
  hard_negative: (world, random) =>
    different(world, 30, () => withRelations(world, random, random.chance(0.25) ? "new" : null), isHard),
  change: changes,
  geo: geoConstrained,
  none: withoutAnswer,
};

interface Tally {
  readonly yes: number;
  readonly no: number;
  readonly doubt: number;
}

function tally(spec: Spec, world: TruthWorld): Tally {
  const verdicts = judge(spec, world).map(({ verdict }) => verdict);
  const count = (wanted: string) => verdicts.filter((verdict) => verdict === wanted).length;
  return { yes: count("yes"), no: count("no"), doubt: count("doubt") };
}

const isClear = ({ yes, no, doubt }: Tally) => doubt <= MOST_DOUBT * (yes + no + doubt);
/** Some answer, and something of the kind that is none. */
const isTelling = (found: Tally) => found.yes > 0 && found.no > 0 && isClear(found);
/** Few answers among many of the same kind that fail: at least three for each, and never fewer than three. */
const isHard = (found: Tally) => found.yes > 0 && found.no >= Math.max(3, 3 * found.yes) && isClear(found);
const isNothing = (found: Tally) => found.yes === 0 && found.doubt === 0;

/** Different specs that `fits` takes, at most `most`, out of a bounded number of tries. */
function different(
  world: TruthWorld,
  most: number,
  make: () => Spec | null,
  fits: (found: Tally) => boolean,
): readonly Spec[] {
  const found = new Map<string, Spec>();
  for (let i = 0; i < TRIES && found.size < most; i += 1) {
    const spec = make();
    if (!spec) continue;
    const key = JSON.stringify({ ...spec, place: null, area: spec.place });
    if (!found.has(key) && fits(tally(spec, world))) found.set(key, spec);
  }
  return [...found.values()];
}

function targetsOf(world: TruthWorld): readonly ConceptId[] {
  const concepts = new Set(world.things.filter(({ isSliver }) => !isSliver).map(({ concept }) => concept));
  return [...concepts].filter((concept) => !NO_TARGETS.has(concept));
}

/** Every kind alone; kinds by an attribute that some have and some have not; by size. */
function objects(world: TruthWorld): readonly Spec[] {
  return targetsOf(world).flatMap((target): Spec[] => {
    const things = standing(world, target);
    const attributes = [...new Set(things.flatMap(({ attributes }) => attributes))];
    const specs: Spec[] = [
      { ...PLAIN, target },
      ...attributes.map((attribute: AttributeId): Spec => ({ ...PLAIN, target, attribute })),
      ...(things.every(({ geometry }) => /Polygon/.test(geometry.type)) ? [2000, 10_000, 30_000] : []).map(
        (minAreaM2): Spec => ({ ...PLAIN, target, minAreaM2 }),
      ),
    ];
    return specs.filter((spec, i) => {
      const found = tally(spec, world);
      return i === 0 ? found.yes > 0 && isClear(found) : isTelling(found) && found.no + found.yes >= 4;
    });
  });
}

/** One or two relations to things of other kinds. */
function withRelations(world: TruthWorld, random: Random, change: Spec["change"] = null): Spec | null {
  const targets = targetsOf(world);
  const target = random.pick(targets);
  const anchors = targets.filter((anchor) => anchor !== target && standing(world, anchor).length > 0);
  const relations = Array.from({ length: random.chance(0.25) ? 2 : 1 }, (): RelationSpec => {
    const kind = random.pick(["near", "near", "near", "far", "inside"] as const);
    const anchor = random.pick(anchors);
    return {
      kind,
      anchor,
      distanceM: kind === "inside" ? 0 : random.pick(DISTANCES),
      count: kind === "near" && random.chance(0.15) ? random.integer(2, 4) : 1,
    };
  });
  const isTwice = relations.length === 2 && relations[0]?.anchor === relations[1]?.anchor;
  return isTwice ? null : { ...PLAIN, target, relations, change };
}

/** Everything that came, went or grew; alone, and near something. */
function changes(world: TruthWorld, random: Random): readonly Spec[] {
  const kinds = ["new", "gone", "grown"] as const;
  const plain = targetsOf(world).flatMap((target) =>
    kinds.flatMap((change): Spec[] => {
      const spec: Spec = { ...PLAIN, target, change };
      const found = tally(spec, world);
      return found.yes > 0 && isClear(found) ? [spec] : [];
    }),
  );
  if (plain.length === 0) return [];
  const near = different(
    world,
    plain.length,
    () => {
      const base = random.pick(plain);
      const spec = withRelations(world, random);
      return spec && { ...base, relations: spec.relations.filter(({ anchor }) => anchor !== base.target).slice(0, 1) };
    },
    isTelling,
  ).filter(({ relations }) => relations.length > 0);
  return [...plain, ...near];
}

/** In, near and beyond places by name, in the view, in a drawn area. */
function geoConstrained(world: TruthWorld, random: Random): readonly Spec[] {
  const targets = targetsOf(world);
  const named = world.things.filter(
    ({ name, lastSeen, firstSeen }) =>
      name !== null && lastSeen === null && firstSeen === null && world.knownNames.has(name),
  );
  const once = named.filter(({ name }) => named.filter((other) => other.name === name).length === 1);
  return different(
    world,
    30,
    () => {
      const target = random.pick(targets);
      const place = random.chance(0.3) || once.length === 0 ? boxPlace(world, random) : namedPlace(once, random);
      return { ...PLAIN, target, place };
    },
    (found) => isTelling(found) && found.no >= 2,
  );
}

function namedPlace(named: TruthWorld["things"], random: Random): PlaceSpec {
  const { name, geometry } = random.pick(named);
  const isArea = geometry.type === "Polygon" || geometry.type === "MultiPolygon";
  const sides = ["north_of", "south_of", "east_of", "west_of"] as const;
  const relation = random.chance(0.5)
    ? "near"
    : isArea && random.chance(0.5)
      ? "inside"
      : isArea
        ? random.pick(sides)
        : "near";
  return {
    kind: "named",
    name: name as string,
    relation,
    distanceM: relation === "near" ? random.pick(PLACE_DISTANCES) : 0,
    geometry,
  };
}

function boxPlace(world: TruthWorld, random: Random): PlaceSpec {
  const [minX, minY, maxX, maxY] = world.box;
  const side = (maxX - minX) * random.between(0.3, 0.5);
  const x = random.between(minX, maxX - side);
  const y = random.between(minY, maxY - side);
  const box: BoxM = [x, y, x + side, y + side];
  const corners = world.crs.geometryToWgs84(boxPolygon(box)) as GeoJSON.Polygon;
  if (random.chance(0.5)) return { kind: "drawn", area: corners as AreaGeometry, outline: boxPolygon(box) };
  const bbox = turf.bbox(corners) as Bbox;
  // An upright box in degrees is a little turned in metres: what is seen is that one.
  const outline = world.crs.geometryFromWgs84(turf.bboxPolygon(bbox).geometry) as GeoJSON.Polygon;
  return { kind: "view", bbox, outline };
}

/** Nothing of the kind at all; none in that relation; none that changed so; none there. */
function withoutAnswer(world: TruthWorld, random: Random): readonly Spec[] {
  const targets = targetsOf(world);
  const absent = ABSENT.filter((target) => ofConcept(world, target).length === 0).map(
    (target): Spec => ({ ...PLAIN, target }),
  );
  const unrelated = different(world, 20, () => withRelations(world, random), isNothing);
  const unchanged = targets.flatMap((target): Spec[] =>
    (["new", "gone"] as const).flatMap((change) => {
      const spec: Spec = { ...PLAIN, target, change };
      return isNothing(tally(spec, world)) ? [spec] : [];
    }),
  );
  const elsewhere = different(
    world,
    8,
    () => ({ ...PLAIN, target: random.pick(targets), place: boxPlace(world, random) }),
    isNothing,
  );
  return [...absent.slice(0, 4), ...unrelated, ...random.shuffled(unchanged).slice(0, 10), ...elsewhere];
}
