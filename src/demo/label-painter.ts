import { boxOf, featuresOn, trafficOn } from "./paint.ts";
import type { Feature, Position, Scene } from "./scene.ts";

/** What a pixel of a demo world shows; the index is the value of a label raster. */
export const LABELS = [
  "grass",
  "field",
  "tree",
  "soil",
  "sand",
  "water",
  "road",
  "paved",
  "railway",
  "building",
  "vehicle",
  "truck_yard",
  "parking_lot",
  "ship",
  "container",
  "crane",
  "solar_panel",
  "storage_tank",
  "plane",
  "runway",
  "pitch",
  "pit",
  "turbine",
] as const;
export type Label = (typeof LABELS)[number];

const code = Object.fromEntries(LABELS.map((label, i) => [label, i])) as Readonly<Record<Label, number>>;

/**
 * The truth of every pixel of a scene on a date: each thing's ground plan without shadow, in the order in which it is painted. What
 * the segmenter is trained and measured against.
 */
export class LabelPainter {
  readonly #scene: Scene;
  readonly #date: 0 | 1;
  readonly #gsd: number;
  readonly #features: readonly Feature[];

  /** `gsd` is metres a pixel. */
  constructor(scene: Scene, date: 0 | 1, gsd = 1) {
    this.#scene = scene;
    this.#date = date;
    this.#gsd = gsd;
    this.#features = featuresOn(scene, date);
  }

  /** Labels of the pixels [x, x + w) × [y, y + h), y down from the north edge; a pixel is what its middle shows. */
  paint(x: number, y: number, w: number, h: number): Uint8Array {
    const out = new Uint8Array(w * h).fill(this.#scene.arid ? code.soil : code.grass);
    const gsd = this.#gsd;
    const { size } = this.#scene;
    const [minX, maxX] = [x * gsd - 50, (x + w) * gsd + 50];
    const [minY, maxY] = [size - (y + h) * gsd - 50, size - y * gsd + 50];
    const toPixel = ([mx, my]: Position): Position => [mx / gsd - x, (size - my) / gsd - y];
    for (const feature of this.#features) {
      const box = boxOf(feature);
      if (box[0] > maxX || box[2] < minX || box[1] > maxY || box[3] < minY) continue;
      for (const { label, rings } of shapesOf(feature, this.#date))
        for (const ring of rings) fillRing(out, w, h, ring.map(toPixel), code[label]);
    }
    return out;
  }
}

interface Labelled {
  readonly label: Label;
  readonly rings: readonly (readonly Position[])[];
}

/** What of a feature is visible from above, as rings in metres. */
function shapesOf(feature: Feature, date: 0 | 1): readonly Labelled[] {
  const { look, shape, concept } = feature;
  const rings = shape.type === "Polygon" ? [shape.ring] : [];
  switch (look.kind) {
    case "ground":
      if (concept === "truck_yard" || concept === "parking_lot" || concept === "runway")
        return [{ label: concept, rings }];
      return [{ label: GROUND[look.surface], rings }];
    case "field":
      return [{ label: "field", rings }];
    case "water":
      return [{ label: "water", rings }];
    case "river":
      return [{ label: "water", rings: band(shape, look.width) }];
    case "road":
      return [
        { label: "road", rings: band(shape, look.width) },
        {
          label: "vehicle",
          rings: trafficOn(feature, date).map(({ at, angle, length, width }) => rectangle(at, angle, length, width)),
        },
      ];
    case "rail":
      return [{ label: "railway", rings: band(shape, 7) }];
    case "roof":
      return [{ label: "building", rings }];
    case "disc":
      // Low discs are basins, others tanks.
      return [{ label: look.height > 2 ? "storage_tank" : "water", rings: [disc(feature, look.radius)] }];
    case "box":
      return [{ label: labelOfBox(feature), rings }];
    case "tree":
      return shape.type === "Point" ? [{ label: "tree", rings: [circleRing(shape.at, look.radius)] }] : [];
    case "forest":
      return [{ label: "tree", rings }];
    case "panels":
      return [{ label: "solar_panel", rings }];
    case "pit":
      return [{ label: "pit", rings }];
    case "turbine":
      return shape.type === "Point"
        ? [{ label: "turbine", rings: [circleRing(shape.at, 11), ...blades(shape.at)] }]
        : [];
    case "ship":
      return [{ label: "ship", rings }];
    case "crane":
      return shape.type === "Point" ? [{ label: "crane", rings: beams(shape.at) }] : [];
    case "stadium":
      return [
        { label: "building", rings },
        { label: "pitch", rings: rings.map((ring) => shrink(feature, ring, 0.62)) },
      ];
    case "plane":
      return shape.type === "Point" ? [{ label: "plane", rings: plane(shape.at) }] : [];
    default:
      return [];
  }
}

const GROUND = {
  grass: "grass",
  garden: "grass",
  paved: "paved",
  concrete: "paved",
  gravel: "paved",
  yard: "paved",
  soil: "soil",
  sand: "sand",
} as const satisfies Record<string, Label>;

/** Boxes are cars, trucks, rail wagons and containers; a container is longer than a car and narrower than a wagon. */
function labelOfBox(feature: Feature): Label {
  if (feature.concept === "large_vehicle" || feature.shape.type !== "Polygon") return "vehicle";
  const [a, b, c] = feature.shape.ring as [Position, Position, Position];
  const sides = [Math.hypot(b[0] - a[0], b[1] - a[1]), Math.hypot(c[0] - b[0], c[1] - b[1])];
  const long = Math.max(...sides);
  return long > 12 && long < 12.4 ? "container" : "vehicle";
}

function rectangle([x, y]: Position, angle: number, length: number, width: number): Position[] {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return (
    [
      [-length / 2, -width / 2],
      [length / 2, -width / 2],
      [length / 2, width / 2],
      [-length / 2, width / 2],
    ] as const
  ).map(([u, v]): Position => [x + u * c - v * s, y + u * s + v * c]);
}

/** A line as wide as it is drawn, in pieces: one rectangle a segment, one disc a bend. */
function band(shape: Feature["shape"], width: number): Position[][] {
  if (shape.type === "Point") return [];
  const line = shape.type === "LineString" ? shape.line : shape.ring;
  return line.flatMap((p, i) => {
    const next = line[i + 1];
    const pieces = [circleRing(p, width / 2)];
    if (next) {
      const middle: Position = [(p[0] + next[0]) / 2, (p[1] + next[1]) / 2];
      const [dx, dy] = [next[0] - p[0], next[1] - p[1]];
      pieces.push(rectangle(middle, Math.atan2(dy, dx), Math.hypot(dx, dy), width));
    }
    return pieces;
  });
}

function circleRing([x, y]: Position, radius: number, corners = 24): Position[] {
  return Array.from({ length: corners }, (_, i): Position => {
    const angle = (i / corners) * 2 * Math.PI;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
}

function disc(feature: Feature, radius: number): Position[] {
  const [minX, minY, maxX, maxY] = boxOf(feature);
  return circleRing([(minX + maxX) / 2, (minY + maxY) / 2], radius || (maxX - minX) / 2, 36);
}

function shrink(feature: Feature, ring: readonly Position[], share: number): Position[] {
  const [minX, minY, maxX, maxY] = boxOf(feature);
  const [cx, cy] = [(minX + maxX) / 2, (minY + maxY) / 2];
  return ring.map(([x, y]): Position => [cx + (x - cx) * share, cy + (y - cy) * share]);
}

function blades([x, y]: Position): Position[][] {
  return [0, 1, 2].map((i) => {
    const angle = i * 2.094 + 0.9;
    return rectangle([x + 13.5 * Math.cos(angle), y + 13.5 * Math.sin(angle)], angle, 27, 2.2);
  });
}

function beams([x, y]: Position): Position[][] {
  return [
    rectangle([x - 6, y - 7], 0, 80, 3),
    rectangle([x - 6, y + 7], 0, 80, 3),
    rectangle([x, y], Math.PI / 2, 22, 3),
    rectangle([x + 18, y], Math.PI / 2, 22, 3),
  ];
}

function plane([x, y]: Position): Position[][] {
  return [
    rectangle([x, y], Math.PI / 2, 12, 2),
    rectangle([x, y + 1.2], 0, 14, 2.4),
    rectangle([x, y - 5.3], 0, 5.2, 1.4),
  ];
}

/** Even-odd scan conversion; a pixel is inside when its middle is. */
function fillRing(out: Uint8Array, w: number, h: number, ring: readonly Position[], value: number): void {
  let [top, bottom] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [, y] of ring) {
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const crossings: number[] = [];
  for (let row = Math.max(0, Math.ceil(top - 0.5)); row < h && row + 0.5 < bottom; row += 1) {
    const y = row + 0.5;
    crossings.length = 0;
    for (let i = 0; i < ring.length; i += 1) {
      const [x0, y0] = ring[i] as Position;
      const [x1, y1] = ring[(i + 1) % ring.length] as Position;
      if (y0 <= y !== y1 <= y) crossings.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
    }
    crossings.sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const from = Math.max(0, Math.ceil((crossings[k] as number) - 0.5));
      const to = Math.min(w, Math.ceil((crossings[k + 1] as number) - 0.5));
      if (from < to) out.fill(value, row * w + from, row * w + to);
    }
  }
}
