import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import { Random } from "../../demo/random.ts";
import type { Entity } from "../../store/entity.ts";

/** Side in metres of the square that a million entities lie in; smaller worlds are smaller squares of the same density. */
const SIDE_OF_A_MILLION = 100_000;

type Shape = "point" | "line" | "rectangle" | "blob";

interface Kind {
  readonly concept: ConceptId;
  /** Of a million entities. */
  readonly count: number;
  readonly shape: Shape;
  /** Metres: length of a line, longer side of a rectangle, diameter of a blob. */
  readonly size: number;
  /** Mapped things are certain; detected ones carry a confidence. */
  readonly isMapped?: boolean;
}

/** 40 concepts with the counts that a region of 100 × 100 km with towns may have. */
const KINDS: readonly Kind[] = [
  { concept: "building", count: 430_000, shape: "rectangle", size: 18 },
  { concept: "solar_panel", count: 77_200, shape: "rectangle", size: 6 },
  { concept: "small_vehicle", count: 150_000, shape: "rectangle", size: 4 },
  { concept: "tree", count: 100_000, shape: "point", size: 0 },
  { concept: "road", count: 60_000, shape: "line", size: 400, isMapped: true },
  { concept: "large_vehicle", count: 30_000, shape: "rectangle", size: 12 },
  { concept: "warehouse", count: 20_000, shape: "rectangle", size: 90 },
  { concept: "farmland", count: 20_000, shape: "blob", size: 350, isMapped: true },
  { concept: "swimming_pool", count: 15_000, shape: "rectangle", size: 10 },
  { concept: "parking_lot", count: 12_000, shape: "rectangle", size: 60, isMapped: true },
  { concept: "storage_tank", count: 10_000, shape: "blob", size: 30 },
  { concept: "forest", count: 10_000, shape: "blob", size: 500, isMapped: true },
  { concept: "factory", count: 8_000, shape: "rectangle", size: 120 },
  { concept: "stream", count: 8_000, shape: "line", size: 900, isMapped: true },
  { concept: "residential_area", count: 6_000, shape: "blob", size: 400, isMapped: true },
  { concept: "grassland", count: 5_000, shape: "blob", size: 300 },
  { concept: "river", count: 4_000, shape: "line", size: 1500, isMapped: true },
  { concept: "railway", count: 4_000, shape: "line", size: 1500, isMapped: true },
  { concept: "greenhouse", count: 4_000, shape: "rectangle", size: 50 },
  { concept: "truck_yard", count: 3_000, shape: "rectangle", size: 90 },
  { concept: "pond", count: 3_000, shape: "blob", size: 50 },
  { concept: "bridge", count: 2_500, shape: "line", size: 60 },
  { concept: "school", count: 2_000, shape: "rectangle", size: 60, isMapped: true },
  { concept: "park", count: 2_000, shape: "blob", size: 250, isMapped: true },
  { concept: "highway_exit", count: 1_500, shape: "point", size: 0, isMapped: true },
  { concept: "soccer_field", count: 1_500, shape: "rectangle", size: 100 },
  { concept: "tennis_court", count: 1_500, shape: "rectangle", size: 25 },
  { concept: "church", count: 1_000, shape: "rectangle", size: 35, isMapped: true },
  { concept: "bare_soil", count: 1_000, shape: "blob", size: 200 },
  { concept: "construction_site", count: 1_000, shape: "blob", size: 120 },
  { concept: "gas_station", count: 800, shape: "rectangle", size: 30, isMapped: true },
  { concept: "quarry", count: 600, shape: "blob", size: 400 },
  { concept: "substation", count: 600, shape: "rectangle", size: 60, isMapped: true },
  { concept: "lake", count: 500, shape: "blob", size: 800, isMapped: true },
  { concept: "hospital", count: 400, shape: "rectangle", size: 100, isMapped: true },
  { concept: "wind_turbine", count: 400, shape: "point", size: 0 },
  { concept: "landfill", count: 300, shape: "blob", size: 300 },
  { concept: "stadium", count: 200, shape: "blob", size: 200, isMapped: true },
  { concept: "dam", count: 100, shape: "line", size: 150, isMapped: true },
  { concept: "mine", count: 100, shape: "blob", size: 600 },
];

const TOWNS = 120;
const TOWN_SHARE = 0.6;
/** Standard deviation in metres of the places in a town. */
const TOWN_SPREAD = 1500;

/**
 * Entities of 40 concepts, from which towns, roads and fields could be read at a glance: three fifths of them gather in towns.
 * The density does not depend on the size. The same size and seed give the same entities.
 *
 * @param size number of entities, about; up to a million
 * @returns entities in planar metres, one at a time
 */
export function* randomEntities(size: number, seed: number): Generator<Entity> {
  const random = new Random(seed);
  const side = SIDE_OF_A_MILLION * Math.sqrt(size / 1_000_000);
  const towns = Array.from({ length: Math.max(1, Math.round((TOWNS * size) / 1_000_000)) }, () => [
    random.between(0.05, 0.95) * side,
    random.between(0.05, 0.95) * side,
  ]) as [number, number][];
  let number = 0;
  for (const kind of KINDS) {
    const count = Math.max(1, Math.round((kind.count * size) / 1_000_000));
    for (let i = 0; i < count; i += 1) {
      const [x, y] = place(random, towns, side);
      const turn = random.between(0, Math.PI);
      const scale = random.between(0.5, 1.8);
      const geometry = draw(kind.shape, x, y, kind.size * scale, turn, random);
      const isWhite = random.chance(0.2);
      const isDated = random.chance(0.1);
      number += 1;
      yield {
        id: `e${String(number).padStart(7, "0")}`,
        concept: kind.concept,
        geometry,
        confidence: kind.isMapped ? 1 : Math.round(random.between(300, 1000)) / 1000,
        attributes: isWhite ? ["white"] : [],
        name: null,
        source: kind.isMapped ? "layer:map" : "detector:synthetic",
        firstSeen: isDated ? `202${random.integer(0, 5)}-0${random.integer(1, 9)}-15` : null,
        lastSeen: null,
        areaHistory: [],
        tags: {},
      };
    }
  }
}

function place(random: Random, towns: readonly [number, number][], side: number): [number, number] {
  if (!random.chance(TOWN_SHARE)) return [random.between(0, side), random.between(0, side)];
  const [x, y] = towns[random.integer(0, towns.length - 1)] as [number, number];
  const distance = TOWN_SPREAD * Math.sqrt(-2 * Math.log(1 - random.between(0, 0.9999)));
  const turn = random.between(0, 2 * Math.PI);
  const inside = (value: number) => Math.min(side, Math.max(0, value));
  return [inside(x + distance * Math.cos(turn)), inside(y + distance * Math.sin(turn))];
}

function draw(
  shape: Shape,
  x: number,
  y: number,
  size: number,
  turn: number,
  random: Random,
): Exclude<GeoJSON.Geometry, GeoJSON.GeometryCollection> {
  const at = (along: number, across: number): [number, number] => [
    centimetres(x + along * Math.cos(turn) - across * Math.sin(turn)),
    centimetres(y + along * Math.sin(turn) + across * Math.cos(turn)),
  ];
  switch (shape) {
    case "point":
      return { type: "Point", coordinates: at(0, 0) };
    case "line": {
      const steps = 5;
      return {
        type: "LineString",
        coordinates: Array.from({ length: steps }, (_, i) =>
          at((i / (steps - 1) - 0.5) * size, random.between(-0.05, 0.05) * size),
        ),
      };
    }
    case "rectangle": {
      const [a, b] = [size / 2, (size / 2) * 0.6];
      return { type: "Polygon", coordinates: [[at(-a, -b), at(a, -b), at(a, b), at(-a, b), at(-a, -b)]] };
    }
    case "blob": {
      const corners = 8;
      const ring = Array.from({ length: corners }, (_, i) => {
        const angle = (i / corners) * 2 * Math.PI;
        const radius = (size / 2) * random.between(0.75, 1);
        return at(radius * Math.cos(angle), radius * Math.sin(angle));
      });
      return { type: "Polygon", coordinates: [[...ring, ring[0] as [number, number]]] };
    }
  }
}

function centimetres(value: number): number {
  return Math.round(value * 100) / 100;
}
