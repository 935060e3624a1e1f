import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { z } from "zod";
import { conceptOfClass } from "../../knowledge/ontology/detectors.ts";
import { ATTRIBUTE_IDS, type AttributeId } from "../../knowledge/ontology/ids.ts";
import { TerralogueError } from "../errors.ts";
import { boundsOf } from "../geo/bounds.ts";
import { mapGeometry, utmCodeFor, workingCrs } from "../geo/crs.ts";
import type { Frame } from "../logic/entity-table.ts";
import type { Entity } from "../store/entity.ts";
import { jsonValues, readFeatures } from "./read-features.ts";

/** Entities of a file, without a workspace. */
export interface EntityFile {
  readonly frame: Frame;
  readonly entities: readonly Entity[];
  /** Image that each entity lies in, beside `entities`; null where none is named. */
  readonly images: readonly (string | null)[];
}

const PropertiesSchema = z.object({
  concept: z.string().optional(),
  class: z.string().optional(),
  confidence: z.number().min(0).max(1).default(1),
  attributes: z.array(z.string()).default([]),
  image: z.string().nullish(),
  name: z.string().nullish(),
  firstSeen: z.iso.date().nullish(),
  lastSeen: z.iso.date().nullish(),
  areaHistory: z.array(z.object({ date: z.iso.date(), areaM2: z.number().min(0) })).default([]),
});

/**
 * Reads features with a `concept` (or a detector's `class`) and, where they have them, `confidence`, `attributes`, `image`, `name`,
 * `firstSeen`, `lastSeen` and `areaHistory`.
 *
 * Coordinates are longitude and latitude, or those of the file's `crs`, and become metres of the UTM zone of the first feature. With
 * `"crs": "pixel"` they are x right and y down, in pixels, or in metres where the file's `gsd` says how many a pixel has. In a file
 * of one Feature a line the two members may stand in any feature.
 *
 * @throws {TerralogueError} `bad_vectors` naming the feature, what is wrong and what to do; `not_found` for no such file
 */
export async function readEntities(path: string): Promise<EntityFile> {
  const isFile = (await stat(path).catch(() => null))?.isFile();
  if (!isFile) throw new TerralogueError("not_found", `There is no file ${path}; check the path.`);
  const pixels = await pixelFrame(path);
  const name = basename(path);
  const entities: Entity[] = [];
  const images: (string | null)[] = [];
  let index = 0;
  for await (const { id, geometry, properties } of pixels ? pixelFeatures(path, pixels.scale) : mapFeatures(path)) {
    const entity = geometry && toEntity(id ?? String(index), geometry, properties, `feature ${index} of ${name}`);
    index += 1;
    if (!entity) continue;
    entities.push(entity);
    images.push(typeof properties.image === "string" ? properties.image : null);
  }
  return { frame: pixels?.frame ?? { space: "map", unit: "m" }, entities, images };
}

interface Feature {
  readonly id: string | null;
  readonly geometry: GeoJSON.Geometry | null;
  readonly properties: Readonly<Record<string, unknown>>;
}

async function* mapFeatures(path: string): AsyncGenerator<Feature> {
  let crs: ReturnType<typeof workingCrs> | null = null;
  for await (const { id, geometry, properties } of readFeatures(path)) {
    if (!geometry) continue;
    if (!crs) {
      const [west, south, east, north] = boundsOf(geometry);
      crs = workingCrs(utmCodeFor((west + east) / 2, (south + north) / 2));
    }
    yield { id, geometry: crs.geometryFromWgs84(geometry), properties };
  }
}

async function* pixelFeatures(path: string, scale: number): AsyncGenerator<Feature> {
  let index = 0;
  for await (const value of jsonValues(path)) {
    if (value.kind === "member") continue;
    const feature = value.feature as { id?: unknown; geometry?: unknown; properties?: unknown } | null;
    const id = feature?.id;
    yield {
      id: typeof id === "string" || typeof id === "number" ? String(id) : null,
      geometry: pixelGeometry(feature?.geometry, scale, `feature ${index} of ${basename(path)}`),
      properties: (feature?.properties ?? {}) as Record<string, unknown>,
    };
    index += 1;
  }
}

const position = z.array(z.number()).min(2);
const PixelGeometrySchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("Point"), coordinates: position }),
  z.object({ type: z.literal("MultiPoint"), coordinates: z.array(position) }),
  z.object({ type: z.literal("LineString"), coordinates: z.array(position).min(2) }),
  z.object({ type: z.literal("MultiLineString"), coordinates: z.array(z.array(position).min(2)) }),
  z.object({ type: z.literal("Polygon"), coordinates: z.array(z.array(position).min(4)).min(1) }),
  z.object({ type: z.literal("MultiPolygon"), coordinates: z.array(z.array(z.array(position).min(4)).min(1)) }),
]);

function pixelGeometry(raw: unknown, scale: number, what: string): GeoJSON.Geometry | null {
  if (raw === null || raw === undefined) return null;
  const parsed = PixelGeometrySchema.safeParse(raw);
  if (!parsed.success)
    throw new TerralogueError(
      "bad_vectors",
      `The geometry of ${what} is no point, line or polygon of finite numbers (polygons: rings of four or more positions); mend or remove it.`,
    );
  const geometry = parsed.data as GeoJSON.Geometry;
  return scale === 1 ? geometry : mapGeometry(geometry, (x, y) => [x * scale, y * scale]);
}

/** Whether a file is in pixels, told by its members before the features, or by those of its first feature. */
async function pixelFrame(path: string): Promise<{ readonly frame: Frame; readonly scale: number } | null> {
  if (/\.(gpkg|shp)$/i.test(path)) return null;
  const members: { crs?: unknown; gsd?: unknown } = {};
  for await (const value of jsonValues(path)) {
    if (value.kind === "member") members[value.name] = value.value;
    else {
      const own = (value.feature ?? {}) as { crs?: unknown; gsd?: unknown };
      members.crs ??= own.crs;
      members.gsd ??= own.gsd;
      break;
    }
  }
  if (members.crs !== "pixel") return null;
  const { gsd } = members;
  if (gsd === undefined || gsd === null) return { frame: { space: "image", unit: "px" }, scale: 1 };
  if (typeof gsd !== "number" || !(gsd > 0))
    throw new TerralogueError(
      "bad_vectors",
      `${basename(path)} states the gsd ${JSON.stringify(gsd)}; give the metres of a pixel, a number above 0.`,
    );
  return { frame: { space: "image", unit: "m" }, scale: gsd };
}

function toEntity(
  id: string,
  geometry: GeoJSON.Geometry,
  raw: Readonly<Record<string, unknown>>,
  what: string,
): Entity | null {
  const parsed = PropertiesSchema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new TerralogueError(
      "bad_vectors",
      `The property ${issue?.path.join(".")} of ${what} is not right (${issue?.message}); mend or remove it.`,
    );
  }
  const { data } = parsed;
  const name = data.concept ?? data.class;
  if (name === undefined) return null;
  const concept = conceptOfClass(name);
  if (!concept)
    throw new TerralogueError(
      "bad_vectors",
      `The ${what} is of the concept "${name.slice(0, 60)}", which is not in the ontology; rename or remove it.`,
    );
  const known: readonly string[] = ATTRIBUTE_IDS;
  return {
    id,
    concept,
    geometry,
    confidence: data.confidence,
    attributes: data.attributes.filter((attribute): attribute is AttributeId => known.includes(attribute)),
    name: data.name ?? null,
    source: "file",
    firstSeen: data.firstSeen ?? null,
    lastSeen: data.lastSeen ?? null,
    areaHistory: data.areaHistory,
    tags: {},
  };
}
