import { z } from "zod";
import { type ConceptId, isConceptId } from "../../../knowledge/ontology/ids.ts";
import { CONCEPT_NAMES } from "../../../knowledge/ontology/lexicon.ts";
import { TerralogueError } from "../../errors.ts";
import { checkWgs84Geometry } from "../../geo/validate.ts";
import { countryCode } from "../../knowledge/countries.ts";
import type { Fact, Landmark } from "../../store/ports.ts";

/** What an importer yields: a landmark and its text in passages. */
export interface LandmarkEntry {
  readonly landmark: Landmark;
  readonly passages: readonly string[];
}

/** Where a record stands, for errors and for the id of a record that has none. */
export interface RecordPlace {
  readonly file: string;
  /** "Line 12 of sites.csv". */
  readonly where: string;
  readonly number: number;
}

/** Everything that an importer may know of a landmark, before it is checked. */
export interface RawLandmark {
  readonly id: string | null;
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly concept?: string | null;
  readonly country?: string | null;
  readonly lon?: number | null;
  readonly lat?: number | null;
  readonly geometry?: unknown;
  readonly facts?: readonly Fact[];
  readonly text?: string;
  readonly source?: string | null;
  readonly licence?: string | null;
  readonly image?: string | null;
}

/** Sentences of one passage. */
const SENTENCES = 2;
const POSITION = z.object({ lon: z.number().min(-180).max(180), lat: z.number().min(-90).max(90) });

/**
 * A record as a landmark with its passages. The text is cut into passages of two sentences; facts that the text does not
 * state become a passage of their own, so that an answer from any fact has words to cite.
 *
 * @throws {TerralogueError} `bad_knowledge` naming the record, for a bad position or geometry
 */
export function toLandmark(raw: RawLandmark, place: RecordPlace): LandmarkEntry {
  const names = [...new Set((raw.aliases ?? []).map(cleanText).filter((alias) => alias !== ""))];
  const name = cleanText(raw.name);
  const code = raw.country ? countryCode(raw.country) : null;
  const facts = [...(raw.facts ?? [])].filter(({ value }) => value.trim() !== "");
  // A country that is no single one ("Austria,Hungary") is kept as it is written.
  if (raw.country && !code) facts.push({ key: "country", value: raw.country });
  const landmark: Landmark = {
    id: raw.id ?? `${place.file}#${place.number}`,
    name,
    aliases: names.filter((alias) => alias !== name),
    concept: raw.concept ?? null,
    country: code,
    geometry: geometryOf(raw, place),
    facts,
    source: raw.source ?? place.file,
    licence: raw.licence ?? null,
    image: raw.image ?? null,
  };
  const text = cleanText(raw.text ?? "");
  const isStated = (value: string) => text.includes(value) || text.includes(withCommas(value));
  const unstated = facts.filter(({ value }) => !isStated(value));
  const passages = passagesOf(text);
  const needsRecord = unstated.length > 0 || passages.length === 0;
  return { landmark, passages: [...passages, ...(needsRecord ? [recordPassage(landmark, unstated)] : [])] };
}

/** "Hoover Dam: kind: dam; country: US; height_m: 221." */
function recordPassage({ name, concept, country }: Landmark, facts: readonly Fact[]): string {
  const parts = [
    ...(concept ? [`kind: ${concept.replaceAll("_", " ")}`] : []),
    ...(country ? [`country: ${country}`] : []),
    ...facts.map(({ key, value }) => `${key}: ${cleanText(value).slice(0, 300)}`),
  ];
  return parts.length > 0 ? `${name}: ${parts.join("; ")}.` : `${name}.`;
}

/** A number as it is mostly written in running text: "2,800". */
export function withCommas(value: string): string {
  return /^\d{4,}(\.\d+)?$/.test(value) ? Number(value).toLocaleString("en-US", { maximumFractionDigits: 6 }) : value;
}

function geometryOf(raw: RawLandmark, { where }: RecordPlace): GeoJSON.Geometry | null {
  if (raw.geometry) return checkWgs84Geometry(raw.geometry, where.charAt(0).toLowerCase() + where.slice(1));
  if (raw.lon === null || raw.lon === undefined || raw.lat === null || raw.lat === undefined) return null;
  const position = POSITION.safeParse({ lon: raw.lon, lat: raw.lat });
  if (!position.success)
    throw new TerralogueError(
      "bad_knowledge",
      `${where} lies at longitude ${raw.lon} and latitude ${raw.lat}, which is nowhere; give degrees of WGS84, perhaps the two are exchanged.`,
    );
  return { type: "Point", coordinates: [position.data.lon, position.data.lat] };
}

/** Without markup and runs of blanks; data from elsewhere brings both. */
export function cleanText(text: string): string {
  return text
    .replace(/<\/?(?:p|i|b|em|strong|br|sup|sub|span|a|u|div|li|ul)\b[^>]*>/gi, " ")
    .replace(/&amp;/g, "&")
    .replace(/&nbsp;/g, " ")
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, " ")
    .trim();
}

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

function passagesOf(text: string): readonly string[] {
  const sentences = [...segmenter.segment(text)].map(({ segment }) => segment.trim()).filter(Boolean);
  const out: string[] = [];
  for (let i = 0; i < sentences.length; i += SENTENCES) out.push(sentences.slice(i, i + SENTENCES).join(" "));
  return out;
}

const KIND_OF = new Map<string, ConceptId>();
for (const [concept, { en, zh }] of Object.entries(CONCEPT_NAMES) as [
  ConceptId,
  { en: readonly string[]; zh: readonly string[] },
][])
  for (const name of [...en, ...zh]) if (!KIND_OF.has(name.toLowerCase())) KIND_OF.set(name.toLowerCase(), concept);
const MORE_KINDS: readonly (readonly [RegExp, ConceptId])[] = [
  [/capital|populated place|settlement/i, "city"],
  [/airport|airfield|aerodrome/i, "airport"],
  [/\bport\b|harbou?r/i, "port"],
  [/heritage|monument|museum|memorial|historic/i, "landmark"],
];

/** The concept that a kind in a source's own words stands for: an id, a name of the lexicon, or a word known here. */
export function conceptOfKind(kind: string): ConceptId | null {
  const folded = kind.trim().toLowerCase();
  const id = folded.replace(/[\s-]+/g, "_");
  if (isConceptId(id)) return id;
  return KIND_OF.get(folded) ?? MORE_KINDS.find(([pattern]) => pattern.test(folded))?.[1] ?? null;
}
