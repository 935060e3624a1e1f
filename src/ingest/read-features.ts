import { createReadStream } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { JSONParser } from "@streamparser/json";
import proj4 from "proj4";
import { open as openShapefile } from "shapefile";
import { TerralogueError } from "../errors.ts";
import { converter, mapGeometry } from "../geo/crs.ts";
import { checkWgs84Geometry } from "../geo/validate.ts";
import { readGeoPackage } from "./read-geopackage.ts";
import { unpackShapefiles } from "./zipped-shapefile.ts";

/** One feature of a file: geometry in WGS84, checked; null where the file has none. */
export interface SourceFeature {
  readonly index: number;
  readonly id: string | null;
  readonly geometry: GeoJSON.Geometry | null;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * Streams the features of a GeoJSON file (a FeatureCollection, a single Feature, or one Feature a line), of every table
 * of a GeoPackage, of a shapefile, or of the shapefiles in a zip archive. Memory does not
 * grow with the file, even when it is one line. Coordinates are WGS84 unless a `crs` member before the features names another.
 *
 * @throws {TerralogueError} `bad_vectors` or `not_found` with the feature's index, what is wrong and what to do
 */
export async function* readFeatures(path: string): AsyncGenerator<SourceFeature> {
  const size = (await stat(path).catch(() => null))?.size;
  if (size === undefined) throw new TerralogueError("not_found", `There is no file ${path}; check the path.`);
  if (size === 0) throw new TerralogueError("bad_vectors", `${path} is empty (0 bytes); export it again.`);
  const name = basename(path);
  if (/\.gpkg$/i.test(path)) {
    yield* geoPackageFeatures(path, name);
    return;
  }
  if (/\.shp$/i.test(path)) {
    yield* shapefileFeatures(path, name);
    return;
  }
  if (/\.zip$/i.test(path)) {
    yield* zippedFeatures(path);
    return;
  }
  let index = 0;
  let convert: ((x: number, y: number) => [number, number]) | null = null;
  for await (const value of jsonValues(path)) {
    if (value.kind === "member") {
      if (value.name === "crs") convert = crsConverter(value.value, name);
      continue;
    }
    yield toFeature(value.feature, index, name, convert);
    index += 1;
  }
}

/**
 * Streams a GeoJSON file as it stands: its members that say how to read it (`crs`, `gsd`), and its features, unchecked.
 *
 * @throws {TerralogueError} `bad_vectors` for what is no JSON or no GeoJSON
 */
export async function* jsonValues(path: string): AsyncGenerator<JsonValue> {
  yield* (await isLines(path)) ? lineValues(path) : documentValues(path);
}

export type JsonValue =
  | { readonly kind: "member"; readonly name: "crs" | "gsd"; readonly value: unknown }
  | { readonly kind: "feature"; readonly feature: unknown };

function* geoPackageFeatures(path: string, name: string): Generator<SourceFeature> {
  let index = 0;
  for (const { table, crs, geometry, properties } of readGeoPackage(path)) {
    const convert = crsConverter({ properties: { name: crs } }, name);
    const feature = { type: "Feature", id: `${table}/${index}`, geometry, properties };
    yield toFeature(feature, index, name, convert);
    index += 1;
  }
}

/** A shapefile with its .dbf; its .prj, when there is one, names the CRS. */
async function* shapefileFeatures(path: string, name: string): AsyncGenerator<SourceFeature> {
  const projection = await readFile(path.replace(/\.shp$/i, ".prj"), "utf8").catch(() => null);
  let convert: ((x: number, y: number) => [number, number]) | null = null;
  if (projection !== null && !/^\s*GEOGCS/.test(projection)) {
    const { forward } = proj4(projection, "EPSG:4326");
    convert = (x, y) => forward([x, y]) as [number, number];
  }
  const source = await openShapefile(path, undefined, { encoding: "utf-8" }).catch((cause: unknown) => {
    throw new TerralogueError(
      "bad_vectors",
      `${name} is not a readable shapefile; convert it with ogr2ogr -f GeoJSON.`,
      { cause },
    );
  });
  for (let index = 0; ; index += 1) {
    const { done, value } = await source.read();
    if (done) return;
    yield toFeature(value, index, name, convert);
  }
}

/** Every shapefile of an archive, numbered on. */
async function* zippedFeatures(path: string): AsyncGenerator<SourceFeature> {
  const unpacked = await unpackShapefiles(path);
  try {
    let index = 0;
    for (const { file, name } of unpacked.shapefiles) {
      for await (const feature of shapefileFeatures(file, name)) {
        yield { ...feature, index };
        index += 1;
      }
    }
  } finally {
    await unpacked.remove();
  }
}

/** Whether the file holds one Feature a line: its first line is a whole JSON object of type Feature. */
async function isLines(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(65_536);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const text = head
      .subarray(0, bytesRead)
      .toString("utf8")
      .replace(/^\uFEFF/, "")
      .trimStart();
    const end = text.indexOf("\n");
    if (end < 0) return false;
    const first = JSON.parse(text.slice(0, end)) as { type?: string };
    return first.type === "Feature" && text.slice(end).trim() !== "";
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

async function* lineValues(path: string): AsyncGenerator<JsonValue> {
  const file = await open(path);
  let number = 0;
  try {
    for await (const line of file.readLines()) {
      number += 1;
      if (line.trim() === "") continue;
      try {
        yield { kind: "feature", feature: JSON.parse(line) };
      } catch (cause) {
        if (cause instanceof TerralogueError) throw cause;
        throw new TerralogueError(
          "bad_vectors",
          `Line ${number} of ${basename(path)} is not JSON; mend or remove it.`,
          { cause },
        );
      }
    }
  } finally {
    await file.close();
  }
}

async function* documentValues(path: string): AsyncGenerator<JsonValue> {
  const name = basename(path);
  const queue: JsonValue[] = [];
  let failure: Error | null = null;
  let single: Record<string, unknown> | null = null;
  let hasFeatures = false;
  const parser = new JSONParser({
    paths: ["$.features.*", "$.crs", "$.gsd", "$.type", "$.geometry", "$.properties", "$.id"],
    keepStack: false,
    stringBufferSize: 65_536,
  });
  parser.onValue = ({ value, key, stack }) => {
    if (stack.length === 2) {
      hasFeatures = true;
      queue.push({ kind: "feature", feature: value });
    } else if (key === "crs" || key === "gsd") queue.push({ kind: "member", name: key, value });
    else if (typeof key === "string") single = { ...(single ?? {}), [key]: value };
  };
  parser.onError = (error: Error) => {
    failure = error;
  };
  const bad = (cause: unknown) =>
    new TerralogueError(
      "bad_vectors",
      `${name} is not valid JSON (${cause instanceof Error ? cause.message.split("\n")[0]?.slice(0, 100) : "syntax"}); NaN is not a JSON number, export the file again.`,
      { cause },
    );
  for await (const chunk of createReadStream(path, { highWaterMark: 262_144 })) {
    try {
      parser.write(chunk as Uint8Array);
    } catch (cause) {
      throw bad(cause);
    }
    if (failure) throw bad(failure);
    yield* queue.splice(0);
  }
  yield* queue.splice(0);
  if (!parser.isEnded)
    throw new TerralogueError("bad_vectors", `${name} ends in the middle of its JSON; it is truncated, copy it again.`);
  const found = single as Record<string, unknown> | null;
  if (hasFeatures || found?.type === "FeatureCollection") return;
  if (found?.type === "Feature") yield { kind: "feature", feature: found };
  else
    throw new TerralogueError(
      "bad_vectors",
      `${name} is no GeoJSON FeatureCollection or Feature; convert it with ogr2ogr -f GeoJSON.`,
    );
}

function crsConverter(crs: unknown, name: string): ((x: number, y: number) => [number, number]) | null {
  const code = typeof crs === "string" ? crs : (crs as { properties?: { name?: unknown } } | null)?.properties?.name;
  if (code === undefined || code === null) return null;
  try {
    return /CRS:?84$|EPSG:{1,2}4326$/i.test(String(code)) ? null : converter(String(code), "EPSG:4326");
  } catch (cause) {
    throw new TerralogueError(
      "bad_vectors",
      `${name} names the CRS "${String(code)}", which is not known; convert it with ogr2ogr -t_srs EPSG:4326.`,
      { cause },
    );
  }
}

function toFeature(
  value: unknown,
  index: number,
  name: string,
  convert: ((x: number, y: number) => [number, number]) | null,
): SourceFeature {
  const what = `feature ${index} of ${name}`;
  const feature = value as { type?: unknown; id?: unknown; geometry?: unknown; properties?: unknown } | null;
  if (!feature || typeof feature !== "object" || feature.type !== "Feature")
    throw new TerralogueError("bad_vectors", `The ${what} is no GeoJSON Feature; mend or remove it.`);
  const properties = (feature.properties ?? {}) as Record<string, unknown>;
  const id = feature.id ?? properties["@id"] ?? properties.id;
  const base = { index, id: typeof id === "string" || typeof id === "number" ? String(id) : null, properties };
  if (feature.geometry === null || feature.geometry === undefined) return { ...base, geometry: null };
  const raw = feature.geometry as GeoJSON.Geometry;
  const located =
    convert && Array.isArray((raw as { coordinates?: unknown }).coordinates) ? safeConvert(raw, convert, what) : raw;
  return { ...base, geometry: checkWgs84Geometry(located, what) };
}

function safeConvert(
  geometry: GeoJSON.Geometry,
  convert: (x: number, y: number) => [number, number],
  what: string,
): GeoJSON.Geometry {
  try {
    return mapGeometry(geometry, convert);
  } catch (cause) {
    throw new TerralogueError(
      "bad_vectors",
      `The geometry of ${what} has coordinates that its CRS cannot convert; mend or remove it.`,
      { cause },
    );
  }
}
