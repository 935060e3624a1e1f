import { z } from "zod";
import type { Fact } from "../../store/ports.ts";
import type { RawLandmark } from "./landmark-record.ts";

/** Units of Wikidata's quantities, by item, as the endings of our keys. */
const UNIT_ITEMS: Readonly<Record<string, string>> = {
  Q11573: "m",
  Q828224: "km",
  Q3710: "ft",
  Q253276: "mi",
  Q25343: "m2",
  Q712226: "km2",
  Q35852: "ha",
  Q25517: "m3",
  Q4243638: "km3",
  Q6982035: "mw",
  Q3320608: "kw",
  Q2787191: "gw",
};
/** Properties of Wikidata as keys of facts. */
const PROPERTIES: Readonly<Record<string, string>> = {
  P571: "inception",
  P1619: "opened",
  P729: "opened",
  P137: "operator",
  P127: "owner",
  P84: "architect",
  P193: "builder",
  P2048: "height",
  P2043: "length",
  P2787: "span",
  P2049: "width",
  P4511: "depth",
  P2044: "elevation",
  P2046: "area",
  P1082: "population",
  P1083: "capacity",
  P2109: "power",
  P1101: "floors",
  P177: "crosses",
  P206: "river",
  P238: "iata",
  P239: "icao",
  P1937: "unlocode",
  P131: "region",
  P186: "material",
};
/** Classes of Wikidata (P31) that stand for a concept. */
const CLASSES: Readonly<Record<string, string>> = {
  Q1248784: "airport",
  Q644371: "airport",
  Q12280: "bridge",
  Q12570: "bridge",
  Q12323: "dam",
  Q44782: "port",
  Q515: "city",
  Q1549591: "city",
  Q483110: "stadium",
  Q11303: "skyscraper",
  Q12518: "tower",
  Q23397: "lake",
  Q131681: "reservoir",
  Q8502: "mountain",
  Q8072: "volcano",
  Q23442: "island",
  Q12284: "canal",
  Q159719: "power_plant",
  Q55488: "railway_station",
  Q3918: "university",
  Q16970: "church",
  Q32815: "mosque",
  Q44539: "temple",
  Q23413: "castle",
  Q820477: "mine",
  Q22698: "park",
  Q44377: "tunnel",
  Q4022: "river",
};

const TermSchema = z.object({ value: z.string() });
const ClaimSchema = z.object({
  rank: z.string().optional(),
  mainsnak: z.object({ datavalue: z.object({ value: z.unknown() }).optional() }),
});
/** An entity of Wikidata as its API and dumps write it. Values that are items must carry their label, or be in `labels` of the reader. */
export const WikidataSchema = z.object({
  id: z.string(),
  labels: z.record(z.string(), TermSchema),
  aliases: z.record(z.string(), z.array(TermSchema)).optional(),
  descriptions: z.record(z.string(), TermSchema).optional(),
  claims: z.record(z.string(), z.array(ClaimSchema)),
});
/** A page of Wikipedia with its extract, as its API writes it, or flat with lat and lon. */
export const WikipediaSchema = z.object({
  pageid: z.union([z.number(), z.string()]).optional(),
  title: z.string().min(1),
  extract: z.string(),
  coordinates: z
    .union([z.array(z.object({ lat: z.number(), lon: z.number() })), z.object({ lat: z.number(), lon: z.number() })])
    .optional(),
  lat: z.number().optional(),
  lon: z.number().optional(),
  fullurl: z.string().optional(),
});
/**
 * An image–text record in the manner of RSWK, one landmark an image:
 * {landmark, country?, category?, coordinates? [lon, lat], image?, caption?, aliases?, sections: {title: text}}.
 */
export const ImageTextSchema = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  landmark: z.string().min(1),
  country: z.string().optional(),
  category: z.string().optional(),
  coordinates: z.tuple([z.number(), z.number()]).optional(),
  image: z.string().optional(),
  caption: z.string().optional(),
  aliases: z.array(z.string()).optional(),
  sections: z.record(z.string(), z.string()),
});

export function fromWikidata(
  entity: z.infer<typeof WikidataSchema>,
  labels: ReadonlyMap<string, string>,
): RawLandmark | null {
  const label = (language: string) => entity.labels[language]?.value;
  const languages = ["en", "zh", "zh-hans", "zh-cn", "mul"];
  const name = languages.map(label).find(Boolean) ?? Object.values(entity.labels)[0]?.value;
  if (!name) return null;
  const values = (property: string) =>
    (entity.claims[property] ?? [])
      .filter(({ rank }) => rank !== "deprecated")
      .sort((a, b) => Number(b.rank === "preferred") - Number(a.rank === "preferred"))
      .flatMap(({ mainsnak }) => mainsnak.datavalue?.value ?? []);
  const point = values("P625")[0] as { latitude?: number; longitude?: number } | undefined;
  const facts = Object.entries(PROPERTIES).flatMap(([property, key]): Fact[] => {
    const [first] = values(property).flatMap((value) => factOf(key, value, labels) ?? []);
    return first ? [first] : [];
  });
  const concept = values("P31").flatMap((value) => CLASSES[itemOf(value) ?? ""] ?? [])[0];
  const country = values("P17").flatMap((value) => labelOf(value, labels) ?? [])[0];
  return {
    id: entity.id,
    name,
    aliases: [
      ...languages.flatMap((language) => label(language) ?? []),
      ...languages.flatMap((language) => (entity.aliases?.[language] ?? []).map(({ value }) => value)),
    ],
    concept: concept ?? null,
    country: country ?? null,
    lon: point?.longitude ?? null,
    lat: point?.latitude ?? null,
    facts,
    text: entity.descriptions?.en?.value ? `${name}: ${entity.descriptions.en.value}.` : "",
    source: "Wikidata",
    licence: "CC0-1.0",
  };
}

const itemOf = (value: unknown) => (value && typeof value === "object" && "id" in value ? String(value.id) : null);

function labelOf(value: unknown, labels: ReadonlyMap<string, string>): string | null {
  if (typeof value === "string") return value;
  if (!value || typeof value !== "object") return null;
  const { label, id } = value as { label?: unknown; id?: unknown };
  return typeof label === "string" ? label : (labels.get(String(id)) ?? null);
}

function factOf(key: string, value: unknown, labels: ReadonlyMap<string, string>): Fact | null {
  if (value && typeof value === "object" && "time" in value) {
    const time = timeWords(value as { time: string; precision?: number });
    return time ? { key, value: time } : null;
  }
  if (value && typeof value === "object" && "amount" in value) {
    const { amount, unit } = value as { amount: string; unit?: string };
    const item = /Q\d+$/.exec(unit ?? "")?.[0];
    const suffix = item ? UNIT_ITEMS[item] : "";
    // A unit that is not known would make another quantity of it.
    if (suffix === undefined) return null;
    return { key: suffix ? `${key}_${suffix}` : key, value: amount.replace(/^\+/, "") };
  }
  const words = labelOf(value, labels);
  return words ? { key, value: words } : null;
}

/** "+1936-03-01T00:00:00Z" at its precision (11 day, 10 month, 9 year, 7 century). */
function timeWords({ time, precision = 9 }: { readonly time: string; readonly precision?: number }): string | null {
  const match = /^([+-])0*(\d+)-(\d{2})-(\d{2})/.exec(time);
  if (!match) return null;
  const [, sign, year, month, day] = match as unknown as [string, string, string, string, string];
  const era = sign === "-" ? " BC" : "";
  if (precision === 7) return `${Math.ceil(Number(year) / 100)}th century${era}`;
  if (precision < 7) return null;
  if (precision === 8) return `about ${year}${era}`;
  if (era !== "" || precision === 9) return `${year}${era}`;
  return precision === 10 ? `${year.padStart(4, "0")}-${month}` : `${year.padStart(4, "0")}-${month}-${day}`;
}

export function fromWikipedia(page: z.infer<typeof WikipediaSchema>): RawLandmark {
  const point = Array.isArray(page.coordinates) ? page.coordinates[0] : page.coordinates;
  return {
    id: page.pageid === undefined ? null : `wikipedia/${page.pageid}`,
    name: page.title.replace(/_/g, " ").replace(/ \([^)]*\)$/, ""),
    aliases: [page.title.replace(/_/g, " ")],
    lon: point?.lon ?? page.lon ?? null,
    lat: point?.lat ?? page.lat ?? null,
    text: page.extract,
    source: page.fullurl ?? "Wikipedia",
    licence: "CC-BY-SA-4.0",
  };
}

export function fromImageText(record: z.infer<typeof ImageTextSchema>): RawLandmark {
  const [lon, lat] = record.coordinates ?? [null, null];
  return {
    id: record.id === undefined ? null : String(record.id),
    name: record.landmark,
    aliases: record.aliases ?? [],
    country: record.country ?? null,
    lon,
    lat,
    facts: record.category ? [{ key: "category", value: record.category }] : [],
    text: [...Object.values(record.sections), record.caption ?? ""].join(" "),
    image: record.image ?? null,
  };
}
