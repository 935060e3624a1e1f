import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { readOsmTags } from "../../../knowledge/ontology/osm.ts";
import { TerralogueError } from "../../errors.ts";
import { foldKey, propertyOf } from "../../knowledge/fact-properties.ts";
import type { Fact } from "../../store/ports.ts";
import { conceptOfKind, type RawLandmark, type RecordPlace } from "./landmark-record.ts";

const FIELDS = [
  "id",
  "name",
  "aliases",
  "lon",
  "lat",
  "geometry",
  "concept",
  "country",
  "text",
  "source",
  "licence",
  "image",
  "skip",
] as const;
type Field = (typeof FIELDS)[number] | `facts.${string}`;
const FieldSchema = z.union([z.enum(FIELDS), z.templateLiteral(["facts.", z.string().min(1)])]);

/**
 * How the columns of a table, or the properties of features, are read:
 *
 *     columns: { Navn: name, Andre navn: aliases, X: lon, Y: lat, Bygget: facts.built, Hoyde: facts.height_m }
 *     constants: { concept: bridge, country: NO, source: Bridge register, licence: CC-BY-4.0 }
 *
 * Columns that it does not name are read by their own names (see DEFAULTS and the keys of facts); "skip" leaves one out.
 * Several columns may give aliases or text.
 */
const MappingSchema = z.strictObject({
  columns: z.record(z.string(), FieldSchema).default({}),
  constants: z.partialRecord(FieldSchema, z.string()).default({}),
});
export type Mapping = z.infer<typeof MappingSchema>;
export const NO_MAPPING: Mapping = { columns: {}, constants: {} };

/** @throws {TerralogueError} `bad_arguments` for a mapping that cannot be read */
export function readMapping(path: string): Mapping {
  let value: unknown;
  try {
    value = parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new TerralogueError(
      "bad_arguments",
      `The mapping ${path} cannot be read as YAML; check the path and its lines.`,
      { cause },
    );
  }
  const parsed = MappingSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new TerralogueError(
    "bad_arguments",
    `The mapping ${basename(path)} has a bad "${issue?.path.join(".") || "file"}"; map columns to ${FIELDS.join(", ")} or facts.KEY.`,
  );
}

/** Folded names of columns that are known without a mapping: those of UNESCO's list, Natural Earth, OpenStreetMap and tables in general. */
const DEFAULTS: Readonly<Record<string, Field>> = Object.fromEntries(
  (
    [
      ["id", "id id_no osm_id wikidata_id unique_id"],
      ["name", "name name_en title site site_name landmark landmark_name label nom nombre 名称 名字"],
      [
        "aliases",
        "aliases alias alt_name altname name_zh name_zh_hans name_zh_hant old_name official_name short_name int_name local_name namealt nameascii namepar meganame other_names abbreviation 别名 英文名",
      ],
      ["lon", "lon longitude lng long x 经度"],
      ["lat", "lat latitude y 纬度"],
      ["geometry", "geometry coordinates coord coords location_point"],
      ["concept", "concept kind featurecla feature_class type 类型"],
      ["country", "country country_code states_name_en iso_a2 adm0name country_name nation 国家"],
      ["text", "text description short_description_en short_description extract summary abstract desc 描述 简介"],
      ["licence", "licence license"],
      ["source", "source"],
      ["image", "image image_path chip"],
    ] as const
  ).flatMap(([field, names]) => names.split(" ").map((name) => [name, field] as const)),
);
/** Columns in which a zero says that nothing is recorded. */
const NO_ZERO = new Set(["population", "elevation", "area", "height", "length", "capacity", "danger"]);
/** A table that has a better column leaves these as aliases. */
const NAME_ORDER = ["name_en", "name", "title", "landmark", "landmark_name"];

/**
 * A flat record as a landmark: columns by the mapping, else by their own names; columns of neither are left out. Null for a
 * record without a name.
 *
 * @throws {TerralogueError} `bad_knowledge` for a longitude or latitude that is no number
 */
export function fromColumns(
  record: Readonly<Record<string, unknown>>,
  mapping: Mapping,
  place: RecordPlace,
  geometry: unknown = null,
): RawLandmark | null {
  const names: [rank: number, name: string][] = [];
  const aliases: string[] = [];
  const facts: Fact[] = [];
  const texts: string[] = [];
  const single = new Map<Field, unknown>();
  for (const [field, value] of Object.entries(mapping.constants) as [Field, string][]) {
    if (field.startsWith("facts.")) facts.push({ key: field.slice(6), value });
    else single.set(field, value);
  }
  for (const [column, value] of Object.entries(record)) {
    const folded = foldKey(column);
    const stated = mapping.columns[column];
    const field = stated ?? DEFAULTS[folded] ?? (propertyOf(folded) ? (`facts.${folded}` as const) : undefined);
    const words = wordsOf(value);
    if (field === undefined || field === "skip") continue;
    if (field === "geometry") {
      single.set("geometry", value);
      continue;
    }
    if (words.length === 0) continue;
    const [first] = words as [string];
    if (field === "name") names.push([stated ? -1 : (NAME_ORDER.indexOf(folded) + 99) % 99, first]);
    else if (field === "aliases") aliases.push(...words.flatMap((word) => word.split(/\s*[;|]\s*/)));
    else if (field === "text") texts.push(...words);
    else if (field.startsWith("facts.")) {
      const key = field.slice(6);
      const isNothing = /^0(\.0+)?$/.test(first) && NO_ZERO.has(propertyOf(key)?.property ?? "");
      const fact = { key, value: words.join(", ") };
      const isHeld = facts.some(
        (other) => propertyOf(other.key)?.property === propertyOf(key)?.property && other.value === fact.value,
      );
      if (!isNothing && !isHeld) facts.push(fact);
    } else if (!single.has(field)) single.set(field, first);
  }
  names.sort((a, b) => a[0] - b[0]);
  const [name, ...others] = names.map(([, one]) => one);
  if (!name) return null;
  const text = (field: Field) => (single.has(field) ? String(single.get(field)) : null);
  const position = positionOf(single.get("geometry"));
  const kind = text("concept");
  return {
    id: text("id"),
    name,
    aliases: [...others, ...aliases],
    concept: (kind && conceptOfKind(kind)) ?? conceptOfTags(record) ?? conceptOfFacts(facts),
    country: text("country"),
    ...(geometry || position.geometry
      ? { geometry: geometry ?? position.geometry }
      : {
          lon: position.lon ?? degrees(single.get("lon"), "longitude", place),
          lat: position.lat ?? degrees(single.get("lat"), "latitude", place),
        }),
    facts,
    text: texts.join(" "),
    source: text("source"),
    licence: text("licence"),
    image: text("image"),
  };
}

/** Values of a cell as words; nothing for null, empty and "n/a". */
function wordsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(wordsOf);
  if (typeof value === "number" || typeof value === "boolean") return [String(value)];
  if (typeof value !== "string") return [];
  const text = value.trim();
  return text === "" || /^(n\/?a|null|none|nan|-|unknown|-99)$/i.test(text) ? [] : [text];
}

function positionOf(value: unknown): { readonly lon?: number; readonly lat?: number; readonly geometry?: unknown } {
  if (Array.isArray(value) && value.length >= 2 && value.every((one) => typeof one === "number"))
    return { lon: value[0] as number, lat: value[1] as number };
  if (value && typeof value === "object" && "type" in value) return { geometry: value };
  const pair = typeof value === "string" ? /^\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(value) : null;
  // As people write it: latitude first.
  return pair ? { lat: Number(pair[1]), lon: Number(pair[2]) } : {};
}

function degrees(value: unknown, what: string, { where }: RecordPlace): number | null {
  if (value === null || value === undefined || String(value).trim() === "") return null;
  const number = Number(String(value).trim().replace(",", "."));
  if (Number.isFinite(number)) return number;
  throw new TerralogueError(
    "bad_knowledge",
    `${where} has the ${what} "${String(value).slice(0, 40)}", which is no number; mend it.`,
  );
}

/** The concept of OpenStreetMap tags, where a record has them. */
function conceptOfTags(record: Readonly<Record<string, unknown>>): string | null {
  const tags = Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
  return readOsmTags(tags, 0)[0]?.concept ?? null;
}

/** What only one kind of thing has tells the kind. */
function conceptOfFacts(facts: readonly Fact[]): string | null {
  const has = (property: string) => facts.some(({ key }) => propertyOf(key)?.property === property);
  if (has("iata")) return "airport";
  if (has("unlocode")) return "port";
  return has("designated") ? "landmark" : null;
}
