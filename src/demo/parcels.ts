import type { AttributeId } from "../../knowledge/ontology/ids.ts";
import {
  blob,
  type Feature,
  LAYER,
  type Position,
  pointIn,
  type RoofColour,
  rectangleIn,
  ringArea,
  type SceneBuilder,
  type Span,
} from "./scene.ts";

export interface Parcel {
  readonly centre: Position;
  readonly angle: number;
  readonly w: number;
  readonly h: number;
}

const ROOF_ATTRIBUTES: Readonly<Record<RoofColour, AttributeId[]>> = {
  white: ["white", "bright"],
  grey: ["grey"],
  red: ["red"],
  blue: ["blue"],
  dark: ["dark"],
  brown: ["brown"],
  green: ["green"],
};

function polygon(ring: readonly Position[]) {
  return { type: "Polygon", ring } as const;
}

/** What is built after the first date is on the map only by luck. */
function mappedShare(span: Span, usual: number): number {
  return span === "both" ? usual : span === "second" ? 0.15 : 0.9;
}

interface RoofOptions {
  readonly colour?: RoofColour;
  readonly span?: Span;
  readonly concept?: "warehouse" | "large_roof" | "building" | "factory" | "greenhouse" | "shopping_mall";
  readonly tags?: Readonly<Record<string, string>>;
  readonly mapped?: number;
  readonly height?: number;
  readonly gable?: boolean;
}

function roof(
  builder: SceneBuilder,
  parcel: Parcel,
  x: number,
  y: number,
  w: number,
  h: number,
  options: RoofOptions = {},
): Feature {
  const { colour = "grey", span = "both", concept = "building" } = options;
  const large = w * h >= 2000;
  const tags = options.tags ?? { building: concept === "building" || concept === "large_roof" ? "yes" : concept };
  return builder.add({
    concept,
    shape: polygon(rectangleIn(parcel, x, y, w, h)),
    attributes: [...ROOF_ATTRIBUTES[colour], "rectangular", ...(large ? (["large"] as const) : [])],
    span,
    layer: LAYER.roof,
    look: {
      kind: "roof",
      colour,
      height: options.height ?? (large ? 11 : 6),
      ribs: large,
      gable: options.gable ?? !large,
    },
    tags,
    mapped: options.mapped ?? mappedShare(span, 0.6),
  });
}

/** Logistics park: large roofs on both sides of a yard with rows of parked trucks at the docks, an access road and a fence of trees. */
export function logisticsPark(builder: SceneBuilder, parcel: Parcel, name: string | null, span: Span): Feature {
  const { random } = builder;
  const { w, h } = parcel;
  const park = builder.add({
    concept: "logistics_park",
    shape: polygon(rectangleIn(parcel, 0, 0, w, h)),
    name,
    span,
    look: { kind: "ground", surface: "paved" },
    tags: { landuse: "industrial", industrial: "logistics", ...(name && { name }) },
    mapped: mappedShare(span, 0.75),
  });
  if (span === "second") {
    builder.add({
      shape: polygon(rectangleIn(parcel, 0, 0, w, h)),
      span: "first",
      look: { kind: "field", hue: random.next(), angle: random.between(0, 3) },
      layer: LAYER.land,
    });
  }
  const yardHeight = random.between(52, 66);
  const columns = w > 330 ? 3 : 2;
  const gap = 14;
  const roofWidth = (w - 30 - gap * (columns - 1)) / columns;
  const roofHeight = (h - yardHeight - 36) / 2;
  const colour = random.pick<RoofColour>(["white", "white", "grey", "blue"]);
  for (const side of [-1, 1]) {
    for (let column = 0; column < columns; column += 1) {
      if (columns === 3 && side === 1 && column === 1 && random.chance(0.4)) continue;
      const x = -w / 2 + 15 + roofWidth / 2 + column * (roofWidth + gap);
      roof(builder, parcel, x, side * (yardHeight / 2 + 4 + roofHeight / 2), roofWidth, roofHeight, {
        colour: random.chance(0.75) ? colour : random.pick<RoofColour>(["grey", "white", "brown"]),
        span,
        concept: "warehouse",
        tags: { building: "warehouse" },
      });
    }
  }
  truckYard(builder, parcel, 0, 0, w - 24, yardHeight, span, 0.7);
  for (let x = -w / 2 + 8; x < w / 2; x += 13) {
    for (const y of [-h / 2 + 6, h / 2 - 6])
      if (random.chance(0.6)) tree(builder, parcel, x, y, random.between(2, 3.5), span);
  }
  return park;
}

/** Paved yard with trucks in rows along both long sides. */
export function truckYard(
  builder: SceneBuilder,
  parcel: Parcel,
  x: number,
  y: number,
  w: number,
  h: number,
  span: Span,
  full: number,
): Feature {
  const { random } = builder;
  const yard = builder.add({
    concept: "truck_yard",
    shape: polygon(rectangleIn(parcel, x, y, w, h)),
    attributes: ["paved"],
    span,
    layer: LAYER.yard,
    look: { kind: "ground", surface: "yard" },
    tags: { amenity: "parking", hgv: "yes" },
    mapped: mappedShare(span, 0.5),
  });
  for (let tx = x - w / 2 + 6; tx < x + w / 2 - 4; tx += 5.2) {
    for (const side of [-1, 1]) {
      if (!random.chance(full)) continue;
      builder.add({
        concept: "large_vehicle",
        shape: polygon(rectangleIn(parcel, tx, y + side * (h / 2 - 11), 2.6, 14.5)),
        span,
        layer: LAYER.object,
        look: {
          kind: "box",
          colour: random.pick(["#e8e8e4", "#dfe3e6", "#c9503c", "#3c6fa8", "#e2c44c", "#f4f4f0"]),
          height: 3.6,
        },
      });
    }
  }
  return yard;
}

export function tree(
  builder: SceneBuilder,
  parcel: { centre: Position; angle: number },
  x: number,
  y: number,
  radius: number,
  span: Span = "both",
) {
  builder.add({
    shape: { type: "Point", at: pointIn(parcel, [x, y]) },
    span,
    layer: LAYER.tree,
    look: { kind: "tree", radius },
  });
}

function cars(builder: SceneBuilder, parcel: Parcel, x: number, y: number, w: number, h: number, full: number) {
  const { random } = builder;
  for (let row = y - h / 2 + 4; row < y + h / 2 - 2; row += 8) {
    for (let tx = x - w / 2 + 3; tx < x + w / 2 - 2; tx += 3) {
      if (!random.chance(full)) continue;
      builder.add({
        shape: polygon(rectangleIn(parcel, tx, row, 1.9, 4.4)),
        span: random.pick<Span>(["first", "second", "both"]),
        layer: LAYER.object,
        look: {
          kind: "box",
          colour: random.pick(["#d8d8d8", "#2b2d31", "#7d2b27", "#35507a", "#b7bcc0", "#f0f0ee", "#585c60"]),
          height: 1.5,
        },
      });
    }
  }
}

export function parkingLot(
  builder: SceneBuilder,
  parcel: Parcel,
  x: number,
  y: number,
  w: number,
  h: number,
  full = 0.55,
): Feature {
  const lot = builder.add({
    concept: "parking_lot",
    shape: polygon(rectangleIn(parcel, x, y, w, h)),
    attributes: ["paved"],
    layer: LAYER.yard,
    look: { kind: "ground", surface: "yard" },
    tags: { amenity: "parking" },
    mapped: 0.8,
  });
  cars(builder, parcel, x, y, w, h, full);
  return lot;
}

/** Houses in rows along lanes, each with a garden; dense: terraces close together. */
export function residential(
  builder: SceneBuilder,
  parcel: Parcel,
  name: string | null,
  dense: boolean,
  span: Span = "both",
): Feature {
  const { random } = builder;
  const area = builder.add({
    concept: "residential_area",
    shape: polygon(rectangleIn(parcel, 0, 0, parcel.w, parcel.h)),
    attributes: [dense ? "dense" : "sparse"],
    name,
    span,
    look: { kind: "ground", surface: "garden" },
    tags: { landuse: "residential", ...(name && { name }) },
    mapped: mappedShare(span, 0.9),
  });
  const pitchX = dense ? 15 : 24;
  const pitchY = dense ? 34 : 44;
  for (let y = -parcel.h / 2 + pitchY / 2; y < parcel.h / 2 - 8; y += pitchY) {
    builder.add({
      concept: "road",
      shape: { type: "LineString", line: [pointIn(parcel, [-parcel.w / 2, y]), pointIn(parcel, [parcel.w / 2, y])] },
      span,
      layer: LAYER.road,
      look: { kind: "road", width: 5.5, marking: "none" },
      tags: { highway: "residential" },
      mapped: mappedShare(span, 0.95),
    });
    for (let x = -parcel.w / 2 + pitchX / 2; x < parcel.w / 2 - pitchX / 3; x += pitchX) {
      for (const side of [-1, 1]) {
        if (random.chance(0.06)) continue;
        const colour = random.pick<RoofColour>(["red", "red", "brown", "dark", "grey"]);
        roof(
          builder,
          parcel,
          x + random.between(-1, 1),
          y + side * (dense ? 9 : 12),
          dense ? 11 : random.between(10, 15),
          dense ? 9 : random.between(8, 11),
          { colour, span, mapped: mappedShare(span, 0.6), tags: { building: "house" } },
        );
        if (random.chance(0.55))
          tree(
            builder,
            parcel,
            x + random.between(-6, 6),
            y + side * (dense ? 15 : 20),
            random.between(1.8, 3.6),
            span,
          );
      }
    }
  }
  return area;
}

/** Irregular blocks of roofs around courtyards, narrow lanes and a church. */
export function oldTown(builder: SceneBuilder, parcel: Parcel, name: string): Feature {
  const { random } = builder;
  const area = builder.add({
    concept: "city_center",
    shape: polygon(blob(random, parcel.centre, parcel.w / 2, 0.12)),
    attributes: ["dense"],
    name,
    look: { kind: "ground", surface: "concrete" },
    tags: { place: "suburb", landuse: "residential", name },
    mapped: 1,
  });
  const block = 34;
  for (let x = -parcel.w / 2; x < parcel.w / 2; x += block) {
    for (let y = -parcel.h / 2; y < parcel.h / 2; y += block) {
      if (Math.hypot(x + block / 2, y + block / 2) > parcel.w / 2 - 16 || Math.hypot(x, y) < 40) continue;
      for (const [dx, dy, w, h] of [
        [-7, -8, 13, 13],
        [7, -8, 12, 12],
        [-7, 7, 12, 13],
        [7, 7, 13, 12],
      ] as const) {
        if (random.chance(0.08)) continue;
        roof(
          builder,
          parcel,
          x + block / 2 + dx + random.between(-1.5, 1.5),
          y + block / 2 + dy + random.between(-1.5, 1.5),
          w,
          h,
          {
            colour: random.pick<RoofColour>(["red", "red", "brown", "brown", "dark"]),
            height: 9,
            mapped: 0.7,
            tags: { building: "apartments" },
          },
        );
      }
    }
  }
  builder.add({
    concept: "square",
    shape: polygon(rectangleIn(parcel, 0, 0, 46, 40)),
    layer: LAYER.yard,
    look: { kind: "ground", surface: "concrete" },
    tags: { place: "square" },
    mapped: 0.8,
  });
  const church = roof(builder, parcel, 0, 0, 14, 30, {
    colour: "dark",
    height: 18,
    gable: true,
    tags: { building: "church", amenity: "place_of_worship", religion: "christian" },
    mapped: 1,
  });
  builder.features[builder.features.indexOf(church)] = { ...church, concept: "church" };
  return area;
}

/** Factory: one big hall with annexes, a chimney, tanks and a car park; no truck yard, so that it is no logistics park. */
export function factory(builder: SceneBuilder, parcel: Parcel, name: string | null, span: Span = "both"): Feature {
  const { random } = builder;
  const { w, h } = parcel;
  const site = builder.add({
    concept: "industrial_area",
    shape: polygon(rectangleIn(parcel, 0, 0, w, h)),
    span,
    look: { kind: "ground", surface: "gravel" },
    tags: { landuse: "industrial" },
    mapped: mappedShare(span, 0.7),
  });
  const hall = roof(builder, parcel, -w * 0.12, h * 0.08, w * 0.55, h * 0.55, {
    colour: random.pick<RoofColour>(["grey", "brown", "green", "blue"]),
    span,
    concept: "factory",
    tags: { building: "industrial", man_made: "works", ...(name && { name }) },
    mapped: mappedShare(span, 0.8),
  });
  if (name) builder.features[builder.features.indexOf(hall)] = { ...hall, name };
  roof(builder, parcel, w * 0.32, h * 0.2, w * 0.16, h * 0.22, { colour: "brown", span });
  for (let i = 0; i < 3; i += 1) {
    builder.add({
      concept: "storage_tank",
      shape: { type: "Point", at: pointIn(parcel, [w * 0.3 + (i - 1) * 17, -h * 0.16]) },
      attributes: ["round"],
      span,
      layer: LAYER.object,
      look: { kind: "disc", radius: 6.5, colour: "#cfd0cc", height: 8 },
      tags: { man_made: "storage_tank" },
      mapped: 0.5,
    });
  }
  parkingLot(builder, parcel, 0, -h * 0.38, w * 0.6, 34);
  return site;
}

/** Retail shed beside a car park: a look-alike of a logistics roof. */
export function retail(builder: SceneBuilder, parcel: Parcel, name: string | null): Feature {
  builder.add({
    concept: "commercial_area",
    shape: polygon(rectangleIn(parcel, 0, 0, parcel.w, parcel.h)),
    look: { kind: "ground", surface: "paved" },
    tags: { landuse: "retail" },
    mapped: 0.8,
  });
  const shed = roof(builder, parcel, 0, parcel.h * 0.22, parcel.w * 0.8, parcel.h * 0.42, {
    colour: "white",
    concept: "shopping_mall",
    tags: { building: "retail", shop: "mall", ...(name && { name }) },
    mapped: 0.8,
  });
  parkingLot(builder, parcel, 0, -parcel.h * 0.26, parcel.w * 0.86, parcel.h * 0.38, 0.6);
  if (name) builder.features[builder.features.indexOf(shed)] = { ...shed, name };
  return shed;
}

export function solarFarm(builder: SceneBuilder, parcel: Parcel, name: string | null, span: Span = "both"): Feature {
  const { w, h } = parcel;
  const farm = builder.add({
    concept: "solar_farm",
    shape: polygon(rectangleIn(parcel, 0, 0, w, h)),
    attributes: ["regular"],
    name,
    span,
    look: { kind: "ground", surface: "grass" },
    tags: { power: "plant", "plant:source": "solar", ...(name && { name }) },
    mapped: mappedShare(span, 0.6),
  });
  const columns = Math.max(1, Math.round(w / 110));
  const cell = w / columns;
  for (let column = 0; column < columns; column += 1) {
    builder.add({
      concept: "solar_panel",
      shape: polygon(rectangleIn(parcel, -w / 2 + cell * (column + 0.5), 0, cell - 12, h - 16)),
      attributes: ["dark", "blue", "regular", "rectangular"],
      span,
      layer: LAYER.yard,
      look: { kind: "panels", angle: parcel.angle },
      tags: { power: "generator", "generator:source": "solar" },
      mapped: mappedShare(span, 0.4),
    });
  }
  return farm;
}

export function tankFarm(builder: SceneBuilder, parcel: Parcel, name: string | null): Feature {
  const { random } = builder;
  const farm = builder.add({
    concept: "tank_farm",
    shape: polygon(rectangleIn(parcel, 0, 0, parcel.w, parcel.h)),
    name,
    look: { kind: "ground", surface: "gravel" },
    tags: { landuse: "industrial", industrial: "oil", ...(name && { name }) },
    mapped: 0.7,
  });
  for (let x = -parcel.w / 2 + 28; x < parcel.w / 2 - 20; x += 48) {
    for (let y = -parcel.h / 2 + 28; y < parcel.h / 2 - 20; y += 48) {
      if (random.chance(0.12)) continue;
      builder.add({
        concept: "storage_tank",
        shape: polygon(circle(pointIn(parcel, [x, y]), random.between(13, 18))),
        attributes: ["round", "white"],
        layer: LAYER.object,
        look: { kind: "disc", radius: 0, colour: "#e6e6e0", height: 13 },
        tags: { man_made: "storage_tank" },
        mapped: 0.65,
      });
    }
  }
  return farm;
}

export function circle([cx, cy]: Position, radius: number): Position[] {
  const ring: Position[] = Array.from({ length: 24 }, (_, i) => [
    cx + radius * Math.cos((i / 24) * 2 * Math.PI),
    cy + radius * Math.sin((i / 24) * 2 * Math.PI),
  ]);
  return [...ring, ring[0] as Position];
}

/** A pit; with `grows` it is larger at the second date. */
export function quarry(
  builder: SceneBuilder,
  centre: Position,
  radius: number,
  name: string | null,
  grows: boolean,
): Feature {
  const { random } = builder;
  const later = blob(random, centre, radius, 0.3);
  const earlier = later.map(
    ([x, y]): Position => [centre[0] + (x - centre[0]) * 0.72, centre[1] + (y - centre[1]) * 0.72],
  );
  const pit = builder.add({
    concept: "quarry",
    shape: polygon(later),
    attributes: ["bare"],
    name,
    span: "both",
    look: { kind: "none" },
    tags: { landuse: "quarry", ...(name && { name }) },
    mapped: 0.8,
    areas: grows ? [ringArea(earlier), ringArea(later)] : null,
  });
  if (grows) {
    builder.add({ shape: polygon(earlier), span: "first", look: { kind: "pit" } });
    builder.add({ shape: polygon(later), span: "second", look: { kind: "pit" } });
  } else builder.add({ shape: polygon(later), look: { kind: "pit" } });
  return pit;
}

export function containerYard(builder: SceneBuilder, parcel: Parcel, name: string | null): Feature {
  const { random } = builder;
  const yard = builder.add({
    concept: "container_yard",
    shape: polygon(rectangleIn(parcel, 0, 0, parcel.w, parcel.h)),
    name,
    layer: LAYER.yard,
    look: { kind: "ground", surface: "concrete" },
    tags: { landuse: "industrial", industrial: "port", "seamark:type": "container_terminal", ...(name && { name }) },
    mapped: 1,
  });
  const colours = ["#a83a2e", "#2f5f9e", "#c9782f", "#3f7d55", "#8b8f94", "#d9d4c4", "#6b3a78", "#b5b032"];
  for (let x = -parcel.w / 2 + 14; x < parcel.w / 2 - 10; x += 18) {
    for (let y = -parcel.h / 2 + 8; y < parcel.h / 2 - 6; y += 13) {
      for (const dy of [-2.7, 0, 2.7]) {
        if (!random.chance(0.75)) continue;
        builder.add({
          shape: polygon(rectangleIn(parcel, x, y + dy, 12.2, 2.45)),
          span: random.pick<Span>(["both", "first", "second"]),
          layer: LAYER.object,
          look: { kind: "box", colour: random.pick(colours), height: random.pick([2.6, 5.2, 7.8]) },
        });
      }
    }
  }
  return yard;
}

export function stadium(builder: SceneBuilder, parcel: Parcel, name: string): Feature {
  const ring = circle([0, 0], 1).map(([x, y]) => pointIn(parcel, [x * parcel.w * 0.42, y * parcel.h * 0.42]));
  const arena = builder.add({
    concept: "stadium",
    shape: polygon(ring),
    name,
    layer: LAYER.roof,
    look: { kind: "stadium" },
    tags: { leisure: "stadium", name },
    mapped: 1,
  });
  builder.add({
    shape: polygon(rectangleIn(parcel, 0, 0, parcel.w, parcel.h)),
    look: { kind: "ground", surface: "paved" },
  });
  builder.add({
    concept: "soccer_field",
    shape: polygon(rectangleIn(parcel, 0, 0, 100, 64)),
    layer: LAYER.tree,
    look: { kind: "none" },
    tags: { leisure: "pitch", sport: "soccer" },
    mapped: 0.9,
  });
  return arena;
}

export function cityPark(builder: SceneBuilder, parcel: Parcel, name: string): Feature {
  const { random } = builder;
  const park = builder.add({
    concept: "park",
    shape: polygon(rectangleIn(parcel, 0, 0, parcel.w, parcel.h)),
    attributes: ["vegetated", "green"],
    name,
    look: { kind: "ground", surface: "grass" },
    tags: { leisure: "park", name },
    mapped: 1,
  });
  for (let i = 0; i < (parcel.w * parcel.h) / 220; i += 1)
    tree(
      builder,
      parcel,
      random.between(-parcel.w / 2, parcel.w / 2),
      random.between(-parcel.h / 2, parcel.h / 2),
      random.between(2.5, 5),
    );
  builder.add({
    concept: "pond",
    shape: polygon(blob(random, pointIn(parcel, [parcel.w * 0.15, 0]), Math.min(parcel.w, parcel.h) * 0.16)),
    layer: LAYER.yard,
    look: { kind: "water", deep: false },
    tags: { natural: "water", water: "pond" },
    mapped: 0.8,
  });
  return park;
}

export function forest(builder: SceneBuilder, ring: readonly Position[], span: Span = "both"): Feature {
  return builder.add({
    concept: "forest",
    shape: polygon(ring),
    attributes: ["vegetated", "green"],
    span,
    layer: LAYER.land,
    look: { kind: "forest" },
    tags: { natural: "wood" },
    mapped: 0.7,
  });
}
