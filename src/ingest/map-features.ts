import { createHash } from "node:crypto";
import { conceptOfClass } from "../../knowledge/ontology/detectors.ts";
import { ATTRIBUTE_IDS, type AttributeId } from "../../knowledge/ontology/ids.ts";
import { readOsmTags } from "../../knowledge/ontology/osm.ts";
import { TerralogueError } from "../errors.ts";
import type { WorkingCrs } from "../geo/crs.ts";
import type { Place } from "../query/turn.ts";
import type { Entity } from "../store/entity.ts";
import type { SourceFeature } from "./read-features.ts";

/** What one feature became. */
export interface Mapped {
  readonly entities: readonly Entity[];
  readonly place: Place | null;
}

/** Importance of OSM place kinds, for names that several places share. */
const PLACE_IMPORTANCE: Readonly<Record<string, number>> = {
  city: 1,
  town: 0.9,
  village: 0.7,
  suburb: 0.6,
  hamlet: 0.5,
  neighbourhood: 0.5,
  island: 0.6,
};
/** Tag of the day on which a thing was seen, for what is known from the imagery of one day alone. */
export const SEEN_ON = "seen:on";
/** Tags that describe geometry or editing, not the thing. */
const DROPPED_TAGS = /^(source|created_by|full_id|osm_id|osm_type|note|fixme)/;

const isAttribute = (value: string): value is AttributeId => (ATTRIBUTE_IDS as readonly string[]).includes(value);

/** A calendar day from "2021", "2021-05", "2021-05-31" or a time stamp; a year or month counts from its first day; null for anything else. */
function isoDate(value: unknown): string | null {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "",
  );
  const day = match ? `${match[1]}-${match[2] ?? "01"}-${match[3] ?? "01"}` : null;
  return day && isDay(day) ? day : null;
}

/** Whether a text is a day of the calendar, YYYY-MM-DD, after 1800. */
export function isDay(text: string): boolean {
  const time = new Date(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(time.getTime()) &&
    time.toISOString().startsWith(text) &&
    text > "1800"
  );
}

/** A map feature as entities of every concept that its tags state, and as a named place when none fits. */
export function fromOsm(
  feature: SourceFeature,
  crs: WorkingCrs,
  source: { readonly name: string; readonly fingerprint: string },
): Mapped {
  if (!feature.geometry) return { entities: [], place: null };
  const tags = tagsOf(feature.properties);
  const geometry = crs.geometryFromWgs84(feature.geometry);
  const readings = readOsmTags(tags, footprint(geometry));
  const name = tags.name ?? tags["name:en"] ?? null;
  const id = entityId(source.fingerprint, feature);
  const entities = readings.map(
    ({ concept, attributes, confidence }): Entity => ({
      id: readings.length > 1 ? `${id}:${concept}` : id,
      concept,
      geometry,
      confidence,
      attributes,
      name: name ?? (concept === "highway_exit" && tags.ref ? `Exit ${tags.ref}` : null),
      source: `layer:${source.name}`,
      firstSeen: isoDate(tags.start_date),
      lastSeen: isoDate(tags.end_date),
      areaHistory: [],
      tags,
    }),
  );
  const isPlace = name !== null && (entities.length === 0 || tags.place !== undefined);
  const place: Place | null = isPlace
    ? {
        id,
        names: [...new Set([name, ...["name:en", "name:zh", "alt_name"].flatMap((key) => tags[key] ?? [])])],
        concept: readings[0]?.concept ?? null,
        geometry: feature.geometry,
        importance: PLACE_IMPORTANCE[tags.place ?? ""] ?? 0.3,
      }
    : null;
  return { entities, place };
}

/**
 * A detection with `concept` or `class`, `confidence` (default 1), and optional attributes and dates: `firstSeen` and
 * `lastSeen` are its life span, `date` the day of the imagery that it was found in, kept as the tag `seen:on`.
 *
 * @returns null when the class is no concept of the ontology
 * @throws {TerralogueError} `bad_vectors` for a confidence that is no number in 0..1 or a `date` that is none
 */
export function fromDetection(
  feature: SourceFeature,
  crs: WorkingCrs,
  source: { readonly name: string; readonly fingerprint: string },
): Entity | null {
  const { properties, geometry } = feature;
  if (!geometry) return null;
  const name = properties.concept ?? properties.class ?? properties.label ?? properties.category ?? properties.type;
  const concept = typeof name === "string" ? conceptOfClass(name) : null;
  if (!concept) return null;
  const confidence = detectionConfidence(feature, source.name);
  const date = detectionDate(feature, source.name);
  const attributes = Array.isArray(properties.attributes)
    ? properties.attributes.filter((value): value is AttributeId => typeof value === "string" && isAttribute(value))
    : [];
  return {
    id: entityId(source.fingerprint, feature),
    concept,
    geometry: crs.geometryFromWgs84(geometry),
    confidence,
    attributes,
    name: typeof properties.name === "string" ? properties.name : null,
    source: `detection:${source.name}`,
    firstSeen: isoDate(properties.firstSeen),
    lastSeen: isoDate(properties.lastSeen),
    areaHistory: [],
    tags: date ? { [SEEN_ON]: date } : {},
  };
}

/**
 * The confidence of a detection; 1 where none is stated.
 *
 * @throws {TerralogueError} `bad_vectors` for one that is no number in 0..1
 */
export function detectionConfidence({ properties, index }: SourceFeature, file: string): number {
  const confidence = properties.confidence ?? properties.score ?? 1;
  if (typeof confidence === "number" && confidence >= 0 && confidence <= 1) return confidence;
  throw new TerralogueError(
    "bad_vectors",
    `Feature ${index} of ${file} has the confidence ${JSON.stringify(confidence)}; it must be a number from 0 to 1.`,
  );
}

/**
 * The day of the imagery that a detection was found in; null where none is stated.
 *
 * @throws {TerralogueError} `bad_vectors` for a `date` that is no day of the calendar
 */
export function detectionDate({ properties, index }: SourceFeature, file: string): string | null {
  const { date } = properties;
  if (date === undefined || date === null || date === "") return null;
  const day = isoDate(date);
  if (day) return day;
  throw new TerralogueError(
    "bad_vectors",
    `Feature ${index} of ${file} has the date ${JSON.stringify(date)}; it must be a day as YYYY-MM-DD.`,
  );
}

function tagsOf(properties: SourceFeature["properties"]): Record<string, string> {
  const nested =
    properties.tags && typeof properties.tags === "object" ? (properties.tags as Record<string, unknown>) : {};
  const tags: Record<string, string> = {};
  for (const [key, value] of Object.entries({ ...properties, ...nested })) {
    if (DROPPED_TAGS.test(key) || value === null || value === undefined || typeof value === "object") continue;
    const text = String(value).trim();
    if (text !== "" && text.length <= 300) tags[key] = text;
  }
  return tags;
}

/** "way/12@3f2a…": the feature's own id (else its number) and the file that it is from. */
function entityId(fingerprint: string, feature: SourceFeature): string {
  return `${feature.id ?? `feature/${feature.index}`}@${createHash("sha256").update(`${fingerprint}/${feature.index}`).digest("hex").slice(0, 8)}`;
}

function footprint(geometry: GeoJSON.Geometry): number {
  const polygons =
    geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [];
  let sum = 0;
  for (const [outer = []] of polygons) {
    let twice = 0;
    for (let i = 0; i + 1 < outer.length; i += 1) {
      const [x0 = 0, y0 = 0] = outer[i] ?? [];
      const [x1 = 0, y1 = 0] = outer[i + 1] ?? [];
      twice += x0 * y1 - x1 * y0;
    }
    sum += Math.abs(twice) / 2;
  }
  return sum;
}
