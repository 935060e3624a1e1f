import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as turf from "@turf/turf";
import { z } from "zod";
import { subsumedConcepts } from "../../../knowledge/ontology/hierarchy.ts";
import { ATTRIBUTE_IDS, type AttributeId, type ConceptId, isConceptId } from "../../../knowledge/ontology/ids.ts";
import { createScene } from "../../demo/landforms.ts";
import { type SceneDescription, sceneDescriptionSchema } from "../../demo/scene.ts";
import { TerralogueError } from "../../errors.ts";
import { type WorkingCrs, workingCrs } from "../../geo/crs.ts";
import { asOutline, boxOf, type Outline } from "../../retrieval/planar.ts";
import type { BoxM } from "../../store/ports.ts";

/** Less than this share of a thing inside the world, and it is a sliver at the edge: neither right nor wrong. */
const LEAST_INSIDE = 0.5;

/** A thing of a demo world as it really is. Geometry in working-CRS metres, cut at the world's edge. */
export interface Thing {
  readonly id: string;
  readonly concept: ConceptId;
  readonly attributes: readonly AttributeId[];
  readonly name: string | null;
  readonly geometry: GeoJSON.Geometry;
  readonly outline: Outline;
  readonly box: BoxM;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  /** Square metres at both dates, where it grew or shrank. */
  readonly areas: readonly [number, number] | null;
  /** Most of it lies beyond the world's edge. */
  readonly isSliver: boolean;
}

/** The truth of a demo world. */
export interface TruthWorld {
  readonly description: SceneDescription;
  readonly dates: readonly [string, string];
  readonly crs: WorkingCrs;
  /** Of the world, working-CRS metres. */
  readonly box: BoxM;
  readonly things: readonly Thing[];
  /** Names that its map or its landmarks know. */
  readonly knownNames: ReadonlySet<string>;
}

const TruthSchema = z.object({
  features: z.array(
    z.object({
      properties: z.object({
        id: z.string(),
        concept: z.string().refine(isConceptId),
        attributes: z.array(z.enum(ATTRIBUTE_IDS)),
        name: z.string().nullable(),
        firstSeen: z.string().nullable(),
        lastSeen: z.string().nullable(),
        areaHistory: z.array(z.object({ date: z.string(), areaM2: z.number() })).optional(),
      }),
      geometry: z.custom<GeoJSON.Geometry>((value) => typeof value === "object" && value !== null),
    }),
  ),
});

/**
 * Reads the truth of a demo world's folder.
 *
 * @throws {TerralogueError} `bad_arguments` when the folder is not a demo world of this version
 */
export function readTruth(world: string): TruthWorld {
  const path = (...parts: string[]) => join(world, ...parts);
  if (!existsSync(path("truth", "world.json")))
    throw new TerralogueError(
      "bad_arguments",
      `${world} holds no truth/world.json; make the world with the demo command of this version.`,
    );
  const description = sceneDescriptionSchema.parse(JSON.parse(readFileSync(path("truth", "world.json"), "utf8")));
  const { origin, dates, size } = createScene(description);
  const crs = workingCrs(`EPSG:${origin.epsg}`);
  const box: BoxM = [origin.x, origin.y, origin.x + size, origin.y + size];
  const { features } = TruthSchema.parse(JSON.parse(readFileSync(path("truth", "entities.geojson"), "utf8")));
  const things = features.flatMap(({ properties, geometry }): Thing[] => {
    const whole = crs.geometryFromWgs84(geometry);
    const cut = cutAtEdge(whole, box);
    if (!cut) return [];
    const [before, after] = properties.areaHistory ?? [];
    return [
      {
        ...properties,
        concept: properties.concept as ConceptId,
        geometry: cut,
        outline: asOutline(cut, crs),
        box: boxOf(cut),
        areas: before && after ? [before.areaM2, after.areaM2] : null,
        isSliver: extentOf(cut) < LEAST_INSIDE * extentOf(whole) && extentOf(cut) < 2_500,
      },
    ];
  });
  return { description, dates, crs, box, things, knownNames: knownNames(world) };
}

/** What stands at the second date, of a concept or of what it subsumes. */
export function standing(world: TruthWorld, concept: ConceptId): readonly Thing[] {
  return ofConcept(world, concept).filter(({ lastSeen }) => lastSeen === null);
}

/** Everything of a concept or of what it subsumes, on either date. */
export function ofConcept({ things }: TruthWorld, concept: ConceptId): readonly Thing[] {
  const kinds = new Set<ConceptId>([concept, ...subsumedConcepts(concept)]);
  return things.filter((thing) => kinds.has(thing.concept));
}

function cutAtEdge(geometry: GeoJSON.Geometry, box: BoxM): GeoJSON.Geometry | null {
  if (geometry.type === "Point") {
    const [x = 0, y = 0] = geometry.coordinates;
    return x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] ? geometry : null;
  }
  if (geometry.type !== "LineString" && geometry.type !== "Polygon" && geometry.type !== "MultiPolygon")
    return geometry;
  const cut = turf.bboxClip(geometry, [...box]).geometry;
  return cut.coordinates.length > 0 && extentOf(cut) > 0 ? cut : null;
}

/** Square metres of areas, metres of lines, 1 for a point. */
function extentOf(geometry: GeoJSON.Geometry): number {
  const rings = (polygon: readonly GeoJSON.Position[][]) =>
    polygon.reduce((sum, ring, i) => sum + ((i === 0 ? 1 : -1) * Math.abs(twiceArea(ring))) / 2, 0);
  switch (geometry.type) {
    case "Polygon":
      return rings(geometry.coordinates);
    case "MultiPolygon":
      return geometry.coordinates.reduce((sum, polygon) => sum + rings(polygon), 0);
    case "LineString":
      return lengthOf(geometry.coordinates);
    case "MultiLineString":
      return geometry.coordinates.reduce((sum, line) => sum + lengthOf(line), 0);
    default:
      return 1;
  }
}

function twiceArea(ring: readonly GeoJSON.Position[]): number {
  return ring.reduce((sum, [x = 0, y = 0], i) => {
    const [x1 = 0, y1 = 0] = ring[i + 1] ?? ring[0] ?? [];
    return sum + x * y1 - x1 * y;
  }, 0);
}

function lengthOf(line: readonly GeoJSON.Position[]): number {
  return line.slice(1).reduce((sum, [x = 0, y = 0], i) => {
    const [x0 = 0, y0 = 0] = line[i] ?? [];
    return sum + Math.hypot(x - x0, y - y0);
  }, 0);
}

function knownNames(world: string): ReadonlySet<string> {
  const names = new Set<string>();
  const layers = JSON.parse(readFileSync(join(world, "layers.geojson"), "utf8")) as GeoJSON.FeatureCollection;
  for (const { properties } of layers.features) if (typeof properties?.name === "string") names.add(properties.name);
  return names;
}
