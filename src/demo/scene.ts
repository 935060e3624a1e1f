import { z } from "zod";
import type { AttributeId, ConceptId } from "../../knowledge/ontology/ids.ts";
import type { Random } from "./random.ts";

/** Metres, x east, y north from the south-west corner of the world. */
export type Position = readonly [number, number];

export type Shape =
  | { readonly type: "Point"; readonly at: Position }
  | { readonly type: "LineString"; readonly line: readonly Position[] }
  | { readonly type: "Polygon"; readonly ring: readonly Position[] };

/** Which of the two dates a thing stands on. */
export type Span = "both" | "first" | "second";

/** How a thing is drawn; each has its painter in paint.ts. */
export type Look =
  | { readonly kind: "none" }
  | { readonly kind: "ground"; readonly surface: Surface }
  | { readonly kind: "field"; readonly hue: number; readonly angle: number }
  | { readonly kind: "water"; readonly deep: boolean }
  | { readonly kind: "river"; readonly width: number }
  | { readonly kind: "road"; readonly width: number; readonly marking: "motorway" | "centre" | "none" }
  | { readonly kind: "rail" }
  | {
      readonly kind: "roof";
      readonly colour: RoofColour;
      readonly height: number;
      readonly ribs: boolean;
      readonly gable: boolean;
    }
  | { readonly kind: "disc"; readonly radius: number; readonly colour: string; readonly height: number }
  | { readonly kind: "box"; readonly colour: string; readonly height: number }
  | { readonly kind: "tree"; readonly radius: number }
  | { readonly kind: "forest" }
  | { readonly kind: "panels"; readonly angle: number }
  | { readonly kind: "pit" }
  | { readonly kind: "turbine" }
  | { readonly kind: "ship"; readonly colour: string }
  | { readonly kind: "crane" }
  | { readonly kind: "stadium" }
  | { readonly kind: "plane" };

export type Surface = "grass" | "paved" | "concrete" | "gravel" | "soil" | "sand" | "yard" | "garden";
export type RoofColour = "white" | "grey" | "red" | "blue" | "dark" | "brown" | "green";

export interface Feature {
  readonly id: string;
  readonly concept: ConceptId | null;
  readonly shape: Shape;
  readonly attributes: readonly AttributeId[];
  readonly name: string | null;
  readonly span: Span;
  /** Drawing order: lower first. */
  readonly layer: number;
  readonly look: Look;
  /** OSM tags that a map would give it; null for what maps do not hold. */
  readonly tags: Readonly<Record<string, string>> | null;
  /** Chance that the map holds it. */
  readonly mapped: number;
  /** Areas in square metres at both dates, for what grew or shrank. */
  readonly areas: readonly [number, number] | null;
}

export type NewFeature = Partial<Omit<Feature, "id">> & Pick<Feature, "shape" | "look">;

/** Drawing order of the kinds. */
export const LAYER = {
  field: 0,
  land: 1,
  water: 2,
  ground: 3,
  road: 4,
  marking: 5,
  yard: 6,
  object: 7,
  roof: 8,
  tree: 9,
} as const;

/** A fact sheet that becomes a landmark of knowledge.jsonl. */
export interface Story {
  readonly featureId: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly concept: ConceptId;
  readonly at: Position;
  readonly facts: Readonly<Record<string, string>>;
  readonly sentences: readonly string[];
}

export const LANDFORMS = ["harbour", "valley", "basin"] as const;
export type Landform = (typeof LANDFORMS)[number];

/** All that a scene is made from; truth/world.json of a demo world. */
export const sceneDescriptionSchema = z.strictObject({
  seed: z.int().min(0).max(4_294_967_295),
  landform: z.enum(LANDFORMS),
  /** Metres. */
  size: z.int().min(1000).max(16_000),
});
export type SceneDescription = z.infer<typeof sceneDescriptionSchema>;

export interface Scene {
  readonly landform: Landform;
  readonly size: number;
  readonly features: readonly Feature[];
  readonly stories: readonly Story[];
  readonly dates: readonly [string, string];
  /** South-west corner in UTM metres, and the zone's EPSG code. */
  readonly origin: { readonly x: number; readonly y: number; readonly epsg: number };
  readonly arid: boolean;
}

interface Rectangle {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** Collects features; finds free ground for parcels. */
export class SceneBuilder {
  readonly size: number;
  readonly random: Random;
  readonly features: Feature[] = [];
  readonly stories: Story[] = [];
  readonly #taken: Rectangle[] = [];
  readonly #lines: { line: readonly Position[]; clearance: number }[] = [];
  readonly #isLand: (x: number, y: number) => boolean;

  constructor(size: number, random: Random, isLand: (x: number, y: number) => boolean) {
    this.size = size;
    this.random = random;
    this.#isLand = isLand;
  }

  add(feature: NewFeature): Feature {
    const made: Feature = {
      id: `w${this.features.length + 1}`,
      concept: null,
      attributes: [],
      name: null,
      span: "both",
      layer: LAYER.ground,
      tags: null,
      mapped: feature.tags ? 1 : 0,
      areas: null,
      ...feature,
    };
    this.features.push(made);
    return made;
  }

  tell(feature: Feature, story: Omit<Story, "featureId" | "at" | "concept"> & { concept?: ConceptId }): void {
    this.stories.push({
      featureId: feature.id,
      at: middleOf(feature.shape),
      concept: story.concept ?? feature.concept ?? "landmark",
      ...story,
    });
  }

  /** Keeps parcels this many metres off a line. */
  keepClear(line: readonly Position[], clearance: number): void {
    this.#lines.push({ line, clearance });
  }

  occupy(rectangle: Rectangle): void {
    this.#taken.push(rectangle);
  }

  /** Whether a rectangle is free land inside the world. */
  isFree({ minX, minY, maxX, maxY }: Rectangle): boolean {
    const margin = 12;
    if (minX < margin || minY < margin || maxX > this.size - margin || maxY > this.size - margin) return false;
    if (this.#taken.some((other) => minX < other.maxX && other.minX < maxX && minY < other.maxY && other.minY < maxY))
      return false;
    for (let i = 0; i <= 6; i += 1) {
      for (let j = 0; j <= 6; j += 1) {
        if (!this.#isLand(minX + ((maxX - minX) * i) / 6, minY + ((maxY - minY) * j) / 6)) return false;
      }
    }
    return this.#lines.every(({ line, clearance }) =>
      line.every((position, i) => {
        const next = line[i + 1];
        if (!next) return true;
        const steps = Math.max(1, Math.ceil(Math.hypot(next[0] - position[0], next[1] - position[1]) / 25));
        for (let k = 0; k <= steps; k += 1) {
          const x = position[0] + ((next[0] - position[0]) * k) / steps;
          const y = position[1] + ((next[1] - position[1]) * k) / steps;
          if (x > minX - clearance && x < maxX + clearance && y > minY - clearance && y < maxY + clearance)
            return false;
        }
        return true;
      }),
    );
  }

  /** Finds and takes free ground of w × h metres; `score` must be met (return false to refuse a place). */
  place(
    w: number,
    h: number,
    accepts: (centre: Position) => boolean = () => true,
    tries = 400,
  ): { centre: Position; angle: number; w: number; h: number } | null {
    for (let i = 0; i < tries; i += 1) {
      const centre: Position = [this.random.between(0, this.size), this.random.between(0, this.size)];
      if (!accepts(centre)) continue;
      const angle = this.random.between(-0.2, 0.2);
      const halfX = (Math.abs(w * Math.cos(angle)) + Math.abs(h * Math.sin(angle))) / 2 + 6;
      const halfY = (Math.abs(w * Math.sin(angle)) + Math.abs(h * Math.cos(angle))) / 2 + 6;
      const rectangle = {
        minX: centre[0] - halfX,
        minY: centre[1] - halfY,
        maxX: centre[0] + halfX,
        maxY: centre[1] + halfY,
      };
      if (!this.isFree(rectangle)) continue;
      this.occupy(rectangle);
      return { centre, angle, w, h };
    }
    return null;
  }
}

/** Rectangle of w × h around (cx, cy) in a parcel's own frame, turned and moved into the world. */
export function rectangleIn(
  parcel: { centre: Position; angle: number },
  cx: number,
  cy: number,
  w: number,
  h: number,
): Position[] {
  const corners: Position[] = [
    [cx - w / 2, cy - h / 2],
    [cx + w / 2, cy - h / 2],
    [cx + w / 2, cy + h / 2],
    [cx - w / 2, cy + h / 2],
  ];
  return [...corners, corners[0] as Position].map((corner) => pointIn(parcel, corner));
}

export function pointIn({ centre, angle }: { centre: Position; angle: number }, [x, y]: Position): Position {
  return [centre[0] + x * Math.cos(angle) - y * Math.sin(angle), centre[1] + x * Math.sin(angle) + y * Math.cos(angle)];
}

export function middleOf(shape: Shape): Position {
  if (shape.type === "Point") return shape.at;
  const points = shape.type === "Polygon" ? shape.ring.slice(0, -1) : shape.line;
  const sum = points.reduce<[number, number]>(([x, y], p) => [x + p[0], y + p[1]], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

/** A blob around a centre: a closed ring whose radius wavers. */
export function blob(random: Random, [cx, cy]: Position, radius: number, waver = 0.25, corners = 28): Position[] {
  const phases = [random.between(0, 6.28), random.between(0, 6.28), random.between(0, 6.28)] as const;
  const ring: Position[] = Array.from({ length: corners }, (_, i) => {
    const angle = (i / corners) * 2 * Math.PI;
    const r =
      radius *
      (1 +
        waver *
          (0.5 * Math.sin(2 * angle + phases[0]) +
            0.3 * Math.sin(3 * angle + phases[1]) +
            0.2 * Math.sin(5 * angle + phases[2])));
    return [cx + r * Math.cos(angle), cy + r * Math.sin(angle)];
  });
  return [...ring, ring[0] as Position];
}

export function ringArea(ring: readonly Position[]): number {
  let twice = 0;
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const [x0, y0] = ring[i] as Position;
    const [x1, y1] = ring[i + 1] as Position;
    twice += x0 * y1 - x1 * y0;
  }
  return Math.abs(twice) / 2;
}
