import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { JSONParser } from "@streamparser/json";
import { z } from "zod";
import { TerralogueError } from "../errors.ts";
import {
  fromImageText,
  fromWikidata,
  fromWikipedia,
  ImageTextSchema,
  WikidataSchema,
  WikipediaSchema,
} from "./knowledge/extracts.ts";
import { type LandmarkEntry, type RawLandmark, type RecordPlace, toLandmark } from "./knowledge/landmark-record.ts";
import { fromColumns, type Mapping, NO_MAPPING, readMapping } from "./knowledge/mapping.ts";
import { readCsv } from "./knowledge/read-csv.ts";
import { readFeatures } from "./read-features.ts";

/** A landmark in Terralogue's own form, one a line. */
const LineSchema = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  name: z.string().min(1),
  aliases: z.array(z.string()).optional(),
  concept: z.string().nullish(),
  country: z.string().nullish(),
  lon: z.number().min(-180).max(180).nullish(),
  lat: z.number().min(-90).max(90).nullish(),
  geometry: z.unknown().optional(),
  facts: z
    .union([
      z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      z.array(z.object({ key: z.string(), value: z.union([z.string(), z.number()]) })),
    ])
    .optional(),
  text: z.string().optional(),
  source: z.string().optional(),
  licence: z.string().nullish(),
  image: z.string().nullish(),
});

/** Bytes at the head of a file by which its form is told. */
const HEAD_BYTES = 4096;

/**
 * Streams landmarks from a file, whichever of these it is; memory does not grow with it:
 *
 * - JSON Lines of landmarks {name, aliases?, concept?, country?, lon/lat or geometry, facts?, text, source?, licence?, image?},
 *   of Wikidata entities, of Wikipedia pages, or of image–text records;
 * - JSON: an array or object of such records, {"entities": …} of Wikidata, {"query": {"pages": …}} of Wikipedia;
 * - CSV or TSV with a header, GeoJSON, GeoPackage or shapefile, by the names of their columns or a mapping.
 *
 * @param spec `FILE` or `FILE@mapping.yaml`
 * @throws {TerralogueError} `bad_knowledge` naming the line or record
 */
export async function* readKnowledge(spec: string): AsyncGenerator<LandmarkEntry> {
  const { path, mapping } = knowledgeSource(spec);
  const file = basename(path);
  const size = (await stat(path).catch(() => null))?.size;
  if (size === undefined) throw new TerralogueError("not_found", `There is no file ${path}; check the path.`);
  if (size === 0) throw new TerralogueError("bad_knowledge", `${path} is empty (0 bytes); export it again.`);
  const map = mapping ? readMapping(mapping) : null;
  const head = await headOf(path);
  for await (const { raw, place } of rawLandmarks(path, file, head, map)) if (raw) yield toLandmark(raw, place);
}

/** "FILE@mapping.yaml" in its parts. */
export function knowledgeSource(spec: string): { readonly path: string; readonly mapping: string | null } {
  const match = /^(.+)@([^@]+\.ya?ml)$/i.exec(spec);
  return match ? { path: match[1] as string, mapping: match[2] as string } : { path: spec, mapping: null };
}

interface Raw {
  readonly raw: RawLandmark | null;
  readonly place: RecordPlace;
}

async function* rawLandmarks(path: string, file: string, head: string, mapping: Mapping | null): AsyncGenerator<Raw> {
  if (/\.(csv|tsv|tab)$/i.test(path)) {
    let number = 0;
    let named = 0;
    for await (const { line, values } of readCsv(path)) {
      number += 1;
      const place = { file, number, where: `Line ${line} of ${file}` };
      const raw = fromColumns(values, mapping ?? NO_MAPPING, place);
      named += raw ? 1 : 0;
      yield { raw: raw && withFileId(raw, place), place };
    }
    if (number > 0 && named === 0)
      throw new TerralogueError(
        "bad_knowledge",
        `${file} has no column with a name; give a mapping as ${file}@mapping.yaml.`,
      );
    return;
  }
  if (/\.(geojson|gpkg|shp)$/i.test(path) || /"type"\s*:\s*"Feature(Collection)?"/.test(head)) {
    for await (const { index, id, geometry, properties } of readFeatures(path)) {
      const place = { file, number: index + 1, where: `Feature ${index} of ${file}` };
      const raw = fromColumns(properties, mapping ?? NO_MAPPING, place, geometry);
      yield { raw: raw && withFileId({ ...raw, id: id ?? raw.id }, place), place };
    }
    return;
  }
  if (!(await isJsonLines(path))) {
    const labels =
      /"claims"\s*:/.test(head) || /^\s*\{\s*"entities"/.test(head) ? await wikidataLabels(path, head) : new Map();
    for await (const { key, value, number } of jsonRecords(path, file, head)) {
      const place = { file, number, where: `Record ${key} of ${file}` };
      yield { raw: fromJson(value, key, mapping, labels, place), place };
    }
    return;
  }
  yield* jsonLines(path, file, mapping);
}

async function* jsonLines(path: string, file: string, mapping: Mapping | null): AsyncGenerator<Raw> {
  const handle = await open(path);
  let number = 0;
  try {
    for await (const line of handle.readLines()) {
      number += 1;
      // A dump of Wikidata is an array with an entity and a comma a line.
      const text = line.trim().replace(/,$/, "");
      if (text === "" || text === "[" || text === "]") continue;
      const place = { file, number, where: `Line ${number} of ${file}` };
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch (cause) {
        throw new TerralogueError("bad_knowledge", `${place.where} is not JSON; write one landmark a line.`, { cause });
      }
      yield { raw: fromJson(value, null, mapping, new Map(), place), place };
    }
  } finally {
    await handle.close();
  }
}

/** Ids of tables begin with their file, since numbers of two tables would be one landmark's. */
function withFileId(raw: RawLandmark, { file, number }: RecordPlace): RawLandmark {
  return { ...raw, id: `${file}/${raw.id ?? number}` };
}

function fromJson(
  value: unknown,
  key: string | null,
  mapping: Mapping | null,
  labels: ReadonlyMap<string, string>,
  place: RecordPlace,
): RawLandmark | null {
  const record =
    value && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  if (record && mapping) {
    const raw = fromColumns(record, mapping, place);
    return raw && withFileId({ ...raw, id: raw.id ?? key }, place);
  }
  if (record && "claims" in record && "labels" in record)
    return fromWikidata(checked(WikidataSchema, record, place), labels);
  if (record && "extract" in record && "title" in record) return fromWikipedia(checked(WikipediaSchema, record, place));
  if (record && "landmark" in record && "sections" in record)
    return fromImageText(checked(ImageTextSchema, record, place));
  // Records of a keyed file are of somebody else's making: their members are read like columns.
  if (record && key !== null && !/^\d+$/.test(key)) {
    const raw = fromColumns({ ...record, unlocode: /^[A-Z]{5}$/.test(key) ? key : undefined }, NO_MAPPING, place);
    return raw && withFileId({ ...raw, id: key }, place);
  }
  const data = checked(LineSchema, value, place);
  const facts = Array.isArray(data.facts)
    ? data.facts
    : Object.entries(data.facts ?? {}).map(([name, fact]) => ({ key: name, value: fact }));
  return {
    ...data,
    id: data.id === undefined ? null : String(data.id),
    facts: facts.map((fact) => ({ key: fact.key, value: String(fact.value) })),
  };
}

function checked<T>(schema: z.ZodType<T>, value: unknown, { where }: RecordPlace): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new TerralogueError(
    "bad_knowledge",
    `${where} has a bad "${issue?.path.join(".") || "landmark"}" (${issue?.message ?? "invalid"}); mend it.`,
  );
}

async function headOf(path: string): Promise<string> {
  const handle = await open(path);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Whether the first line is a JSON value by itself, or the file is named so. */
async function isJsonLines(path: string): Promise<boolean> {
  if (!/\.json$/i.test(path)) return true;
  const handle = await open(path);
  try {
    for await (const line of handle.readLines()) {
      if (line.trim() === "") continue;
      if (line.trim() === "[") return false;
      try {
        const value = JSON.parse(line.trim().replace(/,$/, "")) as unknown;
        return (
          typeof value === "object" &&
          value !== null &&
          ("name" in value || "labels" in value || "title" in value || "landmark" in value)
        );
      } catch {
        return false;
      }
    }
  } finally {
    await handle.close();
  }
  return false;
}

/** The records of one JSON document, as they are read. */
async function* jsonRecords(path: string, file: string, head: string) {
  const paths = /^\s*\{\s*"entities"\s*:/.test(head)
    ? ["$.entities.*"]
    : /"pages"\s*:/.test(head)
      ? ["$.query.pages.*"]
      : ["$.*"];
  const parser = new JSONParser({ paths, keepStack: false });
  const queue: { key: string; value: unknown; number: number }[] = [];
  let failure: Error | null = null;
  let number = 0;
  parser.onValue = ({ value, key }) => {
    number += 1;
    queue.push({ key: String(key), value, number });
  };
  parser.onError = (error: Error) => {
    failure = error;
  };
  const bad = (cause: unknown) =>
    new TerralogueError("bad_knowledge", `${file} is not valid JSON after record ${number}; export it again.`, {
      cause,
    });
  for await (const chunk of createReadStream(path)) {
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
    throw new TerralogueError("bad_knowledge", `${file} ends in the middle of its JSON; copy it again.`);
}

/** English labels of the items in a Wikidata file, so that claims that point at one of them have words. */
async function wikidataLabels(path: string, head: string): Promise<ReadonlyMap<string, string>> {
  const labels = new Map<string, string>();
  for await (const { value } of jsonRecords(path, basename(path), head)) {
    const { id, labels: own } = value as { id?: string; labels?: Record<string, { value?: string }> };
    const label = own?.en?.value ?? own?.mul?.value;
    if (id && label) labels.set(id, label);
  }
  return labels;
}
