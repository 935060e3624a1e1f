import type { FactValue } from "./fact-value.ts";
import { parseQuantity, unitOf } from "./parse-quantity.ts";
import { parseTime } from "./parse-time.ts";

type Kind = "time" | "quantity" | "text";

interface PropertyEntry {
  readonly kind: Kind;
  /** Unit of a number that stands alone. */
  readonly unit?: string;
  readonly en: string;
  readonly zh: string;
  /** Keys that sources use for it, folded: letters and digits, joined by "_". */
  readonly keys: readonly string[];
}

/** Every property that questions can ask for. A fact of another key is kept as it is, as text that nothing is computed from. */
export const FACT_PROPERTIES = {
  opened: {
    kind: "time",
    en: "opening date",
    zh: "开通时间",
    keys: [
      "opened",
      "opening",
      "opening_date",
      "inaugurated",
      "service_entry",
      "commissioned",
      "start_date",
      "date_of_official_opening",
    ],
  },
  completed: {
    kind: "time",
    en: "completion date",
    zh: "建成时间",
    keys: ["completed", "completion", "finished", "date_completed"],
  },
  built: {
    kind: "time",
    en: "construction date",
    zh: "建造时间",
    keys: ["built", "construction", "constructed", "year_built", "year", "build_date", "building_date"],
  },
  founded: {
    kind: "time",
    en: "founding date",
    zh: "创建时间",
    keys: ["founded", "established", "inception", "founding_date"],
  },
  closed: {
    kind: "time",
    en: "closing date",
    zh: "关闭时间",
    keys: ["closed", "end_date", "demolished", "decommissioned"],
  },
  designated: {
    kind: "time",
    en: "year of World Heritage listing",
    zh: "列入世界遗产的年份",
    keys: ["designated", "unesco_year", "inscribed", "date_inscribed", "listed", "heritage_listed"],
  },
  operator: { kind: "text", en: "operator", zh: "运营方", keys: ["operator", "operated_by", "manager", "managed_by"] },
  owner: { kind: "text", en: "owner", zh: "所有者", keys: ["owner", "owned_by", "company"] },
  architect: {
    kind: "text",
    en: "architect",
    zh: "建筑师",
    keys: ["architect", "designer", "designed_by", "engineer"],
  },
  builder: {
    kind: "text",
    en: "builder",
    zh: "建造者",
    keys: ["builder", "built_by", "contractor", "commissioned_by"],
  },
  capacity: { kind: "quantity", en: "capacity", zh: "容量", keys: ["capacity", "annual_capacity", "maximum_capacity"] },
  power: {
    kind: "quantity",
    unit: "MW",
    en: "power capacity",
    zh: "装机容量",
    keys: ["power", "installed_capacity", "nameplate_capacity", "output", "capacity_mw", "power_capacity"],
  },
  throughput: {
    kind: "quantity",
    en: "throughput",
    zh: "吞吐量",
    keys: ["throughput", "annual_teu", "teu", "annual_throughput", "traffic", "passengers", "cargo"],
  },
  seats: { kind: "quantity", en: "number of seats", zh: "座位数", keys: ["seats", "seating_capacity", "spectators"] },
  population: { kind: "quantity", en: "population", zh: "人口", keys: ["population", "inhabitants", "pop", "pop_max"] },
  height: { kind: "quantity", unit: "m", en: "height", zh: "高度", keys: ["height", "structural_height"] },
  elevation: { kind: "quantity", unit: "m", en: "elevation", zh: "海拔", keys: ["elevation", "ele", "altitude"] },
  length: { kind: "quantity", unit: "m", en: "length", zh: "长度", keys: ["length"] },
  span: { kind: "quantity", unit: "m", en: "main span", zh: "主跨", keys: ["span", "main_span"] },
  width: { kind: "quantity", unit: "m", en: "width", zh: "宽度", keys: ["width"] },
  depth: { kind: "quantity", unit: "m", en: "depth", zh: "深度", keys: ["depth", "max_depth"] },
  area: { kind: "quantity", unit: "km2", en: "area", zh: "面积", keys: ["area", "size", "surface_area"] },
  volume: { kind: "quantity", unit: "m3", en: "volume", zh: "体积", keys: ["volume", "storage"] },
  units: {
    kind: "quantity",
    en: "number of units",
    zh: "机组数量",
    keys: ["units", "turbines", "reactors", "generators"],
  },
  runways: { kind: "quantity", en: "number of runways", zh: "跑道数量", keys: ["runways"] },
  berths: { kind: "quantity", en: "number of berths", zh: "泊位数量", keys: ["berths"] },
  floors: {
    kind: "quantity",
    en: "number of floors",
    zh: "层数",
    keys: ["floors", "storeys", "levels", "building_levels", "floors_above_ground"],
  },
  river: { kind: "text", en: "river", zh: "所在河流", keys: ["river", "watercourse", "located_on_river"] },
  crosses: { kind: "text", en: "what it crosses", zh: "跨越", keys: ["crosses", "crossing"] },
  fuel: { kind: "text", en: "fuel", zh: "燃料", keys: ["fuel", "source_of_energy", "generator_source"] },
  mineral: { kind: "text", en: "mineral", zh: "矿种", keys: ["mineral", "product", "commodity", "resource"] },
  denomination: { kind: "text", en: "denomination", zh: "宗教派别", keys: ["denomination", "religion"] },
  iata: { kind: "text", en: "IATA code", zh: "IATA 代码", keys: ["iata", "iata_code"] },
  icao: { kind: "text", en: "ICAO code", zh: "ICAO 代码", keys: ["icao", "icao_code", "gps_code"] },
  unlocode: { kind: "text", en: "UN/LOCODE", zh: "UN/LOCODE 代码", keys: ["unlocode", "unlocs", "un_locode"] },
  city: { kind: "text", en: "city", zh: "所在城市", keys: ["city", "municipality", "town"] },
  region: {
    kind: "text",
    en: "region",
    zh: "所在地区",
    keys: ["region", "province", "state", "adm1name", "region_en", "adm1", "neighborhood", "neighbourhood"],
  },
  address: { kind: "text", en: "address", zh: "地址", keys: ["address", "street_address", "location_1"] },
  category: { kind: "text", en: "category", zh: "类别", keys: ["category"] },
  criteria: { kind: "text", en: "World Heritage criteria", zh: "世界遗产标准", keys: ["criteria", "criteria_txt"] },
  danger: { kind: "text", en: "place on the list in danger", zh: "濒危名录", keys: ["danger", "in_danger"] },
  material: { kind: "text", en: "material", zh: "材料", keys: ["material", "made_from"] },
  website: { kind: "text", en: "website", zh: "网站", keys: ["website", "url", "official_website"] },
} as const satisfies Record<string, PropertyEntry>;

export type FactProperty = keyof typeof FACT_PROPERTIES;
export const FACT_PROPERTY_IDS = Object.keys(FACT_PROPERTIES) as [FactProperty, ...FactProperty[]];

const PROPERTY_OF = new Map<string, FactProperty>(
  FACT_PROPERTY_IDS.flatMap((property) => FACT_PROPERTIES[property].keys.map((key) => [key, property] as const)),
);
/** Endings of keys that name the unit: "height_m", "area_hectares". */
const KEY_UNITS: ReadonlyMap<string, string> = new Map([
  ...["m", "km", "ft", "mi", "km2", "m2", "ha", "m3", "km3", "mw", "gw", "kw", "t", "teu"].map(
    (unit) => [unit, unit] as const,
  ),
  ["hectares", "ha"],
  ["acres", "acres"],
  ["sqkm", "km2"],
  ["metres", "m"],
  ["meters", "m"],
]);

/** "pop_max", "Built in" and "builtIn" in one form. */
export function foldKey(key: string): string {
  return key
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "");
}

/** The property that a key of a source stands for, with the unit that the key names; null for a key that is none. */
export function propertyOf(key: string): { readonly property: FactProperty; readonly unit: string | null } | null {
  const folded = foldKey(key);
  const whole = PROPERTY_OF.get(folded);
  if (whole) return { property: whole, unit: folded === "capacity_mw" ? "mw" : null };
  const split = /^(.+)_([a-z0-9]+)$/.exec(folded);
  const unit = split ? KEY_UNITS.get(split[2] as string) : undefined;
  const property = split && unit !== undefined ? PROPERTY_OF.get(split[1] as string) : undefined;
  if (!property || unit === undefined) return null;
  return { property: property === "capacity" && unit.endsWith("w") ? "power" : property, unit };
}

/** A fact of a source, as written and as a value. */
export interface TypedFact {
  readonly property: FactProperty;
  readonly value: FactValue;
}

/**
 * The typed value of a fact; null for a key that no question asks for and for a value that cannot be read as what its
 * property must be ("built: in Gothic times"), which is then never computed with.
 */
export function typedFact(key: string, raw: string): TypedFact | null {
  const known = propertyOf(key);
  const text = raw.trim();
  if (!known || text === "") return null;
  const { property, unit } = known;
  const entry: PropertyEntry = FACT_PROPERTIES[property];
  if (entry.kind === "text") return { property, value: { kind: "text", text } };
  if (entry.kind === "time") {
    const time = parseTime(text);
    return time && { property, value: time };
  }
  const value = parseQuantity(text, unitOf(unit ?? entry.unit ?? ""));
  if (!value) return null;
  // "capacity: about 1,500 MW" is power; of people, seats.
  return { property: property === "capacity" && value.unit === "W" ? "power" : property, value };
}

/** Every fact of a landmark that can be computed with, each with the place of its raw form in `facts`. */
export function typedFacts(facts: readonly { readonly key: string; readonly value: string }[]): readonly (TypedFact & {
  readonly index: number;
})[] {
  return facts.flatMap(({ key, value }, index) => {
    const fact = typedFact(key, value);
    return fact ? [{ ...fact, index }] : [];
  });
}
