import type { SourceRequest } from "../../../src/server/ingest/sources.ts";

type SourceKind = SourceRequest["kind"];

/** A source that a person is about to give. */
export interface SourceDraft {
  readonly key: string;
  readonly kind: SourceKind;
  readonly name: string;
  /** The file to send, or where it lies. */
  readonly from: { readonly file: File } | { readonly path: string } | { readonly url: string };
  /** YYYY-MM-DD, or YYYY of embeddings; empty for none. */
  readonly date: string;
}

/** What a name's ending cannot be, and why. */
export type Refusal = "part_of_shapefile" | "unknown_ending";

const KINDS: Readonly<Record<string, SourceKind>> = {
  tif: "image",
  tiff: "image",
  gtiff: "image",
  geojson: "vectors",
  geojsonl: "vectors",
  geojsonseq: "vectors",
  json: "vectors",
  gpkg: "vectors",
  shp: "vectors",
  zip: "vectors",
  jsonl: "knowledge",
  ndjson: "knowledge",
  csv: "knowledge",
};
const SHAPEFILE_PARTS = ["shp", "dbf", "shx", "prj", "cpg", "sbn", "sbx", "qix"];
/** The first of a file tells what kind of features it holds. */
const PEEKED_BYTES = 65_536;

const endingOf = (name: string) => /\.([^./\\]+)$/.exec(name.split(/[?#]/)[0] ?? "")?.[1]?.toLowerCase() ?? "";

/** What a file is by its ending, and where that leaves it open by what it begins with. */
export async function kindOfFile(file: File): Promise<SourceKind | Refusal> {
  const ending = endingOf(file.name);
  if (SHAPEFILE_PARTS.includes(ending)) return "part_of_shapefile";
  const kind = KINDS[ending];
  if (kind === undefined) return "unknown_ending";
  if (kind === "image" || !/json/.test(ending)) return kind;
  const head = await file.slice(0, PEEKED_BYTES).text();
  return kindOfJson(head, kind);
}

/** Features with a confidence are detections, lines that are features a layer, and records with a text knowledge. */
export function kindOfJson(head: string, kind: SourceKind): SourceKind {
  if (/"type"\s*:\s*"Feature/.test(head)) return /"confidence"\s*:/.test(head) ? "detections" : "vectors";
  return /"(?:facts|text|aliases)"\s*:/.test(head) ? "knowledge" : kind;
}

/** What a path or an address is by its ending alone. */
export function kindOfName(name: string): SourceKind | Refusal {
  const ending = endingOf(name);
  // On the machine of the service the parts of a shapefile lie beside each other.
  if (ending !== "shp" && SHAPEFILE_PARTS.includes(ending)) return "part_of_shapefile";
  return KINDS[ending] ?? (/^https?:/i.test(name) ? "image" : "unknown_ending");
}

/** The date in a file's name, as YYYY-MM-DD; empty where there is none. */
export function dateInName(name: string): string {
  const [, year = "", month = "", day = ""] = /(?<!\d)(\d{4})[-_]?(\d{2})[-_]?(\d{2})(?!\d)/.exec(name) ?? [];
  const text = `${year}-${month}-${day}`;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) ? text : "";
}

/** Why a draft cannot be sent yet; null when it can. */
export function missingOf({ kind, date }: SourceDraft): "year" | null {
  return kind === "embeddings" && !/^\d{4}$/.test(date) ? "year" : null;
}
