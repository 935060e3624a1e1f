import type { AttributeId, ConceptId } from "../../../knowledge/ontology/ids.ts";
import { CONCEPT_NAMES } from "../../../knowledge/ontology/lexicon.ts";
import { attributeName, conceptName } from "../../../knowledge/ontology/names.ts";
import { plain } from "../words.ts";
import type { CoverKind } from "./concepts.ts";
import type { Anchor, Axis, Compass, CoverFact, Names, Position } from "./facts.ts";

/** Chinese grammar for captions: numbers with measure words, attributes, directions. */

/** Measure words; 个 for whatever is not here. */
const MEASURE_WORDS: Readonly<Record<string, readonly ConceptId[]>> = {
  座: [
    "building",
    "warehouse",
    "factory",
    "church",
    "mosque",
    "temple",
    "castle",
    "stadium",
    "bridge",
    "tower",
    "skyscraper",
    "airport",
    "port",
    "dam",
    "reservoir",
    "greenhouse",
    "power_plant",
    "substation",
    "transmission_tower",
    "pier",
    "lock",
    "island",
    "mountain",
    "volcano",
    "city",
    "town",
    "gas_station",
    "railway_station",
    "bus_station",
    "shopping_mall",
    "prison",
    "data_center",
    "shipyard",
    "wastewater_plant",
    "oil_refinery",
    "mine",
    "landmark",
  ],
  所: ["school", "university", "hospital"],
  条: ["road", "highway", "railway", "river", "stream", "canal", "runway", "tunnel", "coast", "valley"],
  艘: ["ship"],
  架: ["plane", "helicopter"],
  辆: ["small_vehicle", "large_vehicle"],
  台: ["container_crane", "wind_turbine", "oil_well"],
  棵: ["tree"],
  块: ["solar_panel", "farmland", "rice_paddy", "bare_soil"],
  片: [
    "residential_area",
    "industrial_area",
    "commercial_area",
    "forest",
    "grassland",
    "wetland",
    "water",
    "orchard",
    "vineyard",
    "beach",
    "salt_pond",
    "flooded_area",
    "burnt_area",
    "sea",
    "desert",
  ],
  处: ["quarry", "construction_site", "landfill", "landslide", "deforestation", "oil_spill", "smoke", "military_base"],
  道: ["wall"],
  口: ["pond"],
};
const MEASURE_WORD_OF: ReadonlyMap<ConceptId, string> = new Map(
  Object.entries(MEASURE_WORDS).flatMap(([word, concepts]) => concepts.map((concept) => [concept, word] as const)),
);
const NUMBERS = ["零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十"] as const;
const NOUNS: Partial<Record<ConceptId, string>> = { sea: "海", water: "水域", large_roof: "大屋顶" };
const ATTRIBUTES: Partial<Record<AttributeId, string>> = { empty: "空置", long: "长条形", flooded: "被淹" };
const ADJECTIVE_ORDER: readonly AttributeId[] = ["abandoned", "empty", "damaged", "flooded", "bright", "dark", "white"];

export function noun(concept: ConceptId): string {
  return NOUNS[concept] ?? conceptName(concept, "zh");
}

export function measureWord(concept: ConceptId): string {
  return MEASURE_WORD_OF.get(concept) ?? "个";
}

/** A number before its measure word: 两座, 十个, then digits with a space. */
export function numbered(count: number, concept: ConceptId): string {
  const number = NUMBERS[count];
  return number ? `${number}${measureWord(concept)}` : `${count.toLocaleString("en-US")} ${measureWord(concept)}`;
}

/** A number of rows and the like. */
export function numberWord(count: number): string {
  return NUMBERS[count] ?? `${count.toLocaleString("en-US")} `;
}

export function attributeWord(attribute: AttributeId): string {
  return ATTRIBUTES[attribute] ?? attributeName(attribute, "zh");
}

/** 五个白色大屋顶, 一座体育场. */
export function counted(
  concept: ConceptId,
  count: number,
  attributes: readonly AttributeId[] = [],
  other = false,
): string {
  const order = (attribute: AttributeId) => {
    const at = ADJECTIVE_ORDER.indexOf(attribute);
    return at === -1 ? ADJECTIVE_ORDER.length : at;
  };
  const adjectives = [...attributes].sort((a, b) => order(a) - order(b)).map(attributeWord);
  return `${numbered(count, concept)}${other ? "其他" : ""}${adjectives.join("")}${noun(concept)}`;
}

/** A proper name, with its kind in brackets where the name does not say it in Chinese. */
export function named(names: Names, concept: ConceptId | null): string {
  const name = plain(names.zh ?? names.en);
  if (concept === null) return name;
  const says =
    concept === "residential_area" ? names.zh !== null : CONCEPT_NAMES[concept].zh.some((one) => name.endsWith(one));
  return says ? name : `${name}（${noun(concept)}）`;
}

export function anchorWords({ concept, names }: Pick<Anchor, "concept" | "names">): string {
  if (names) return named(names, concept);
  return concept === null ? "某地" : noun(concept);
}

const COVER_WORDS: Readonly<Record<CoverKind, string>> = {
  industry: "工业用地",
  commerce: "商业用地",
  housing: "住宅区",
  buildings: "建筑",
  paved: "硬化地面",
  wetland: "湿地",
  water: "水面",
  snow: "冰雪",
  forest: "林地",
  bare: "裸地",
  grass: "草地",
  farmland: "农田",
};
const COVER_CONCEPTS: Partial<Record<ConceptId, string>> = {
  sea: "海面",
  river: "河流",
  lake: "湖泊",
  reservoir: "水库",
  orchard: "果园",
  vineyard: "葡萄园",
  rice_paddy: "稻田",
  park: "公园",
  golf_course: "高尔夫球场",
  desert: "沙漠",
  beach: "沙滩",
  quarry: "采石场",
  construction_site: "施工用地",
};

export function coverWords({ cover, concept }: Pick<CoverFact, "cover" | "concept">): string {
  return (concept && COVER_CONCEPTS[concept]) ?? COVER_WORDS[cover];
}

const DIRECTIONS: Readonly<Record<Compass, string>> = {
  north: "北",
  "north-east": "东北",
  east: "东",
  "south-east": "东南",
  south: "南",
  "south-west": "西南",
  west: "西",
  "north-west": "西北",
};

/** 东北: for 以东北, 东北部, 东北方向. */
export function directionWord(direction: Compass): string {
  return DIRECTIONS[direction];
}

/** 西北部, 北侧边缘, 全区. */
export function positionWords(position: Position): string {
  switch (position.kind) {
    case "part":
      return position.part === "centre" ? "中部" : `${DIRECTIONS[position.part]}部`;
    case "edge":
      return `${DIRECTIONS[position.side]}侧边缘`;
    case "throughout":
      return "全区";
  }
}

const AXES: Readonly<Record<Axis, string>> = {
  "north–south": "南北向",
  "east–west": "东西向",
  "north-east–south-west": "东北—西南向",
  "north-west–south-east": "西北—东南向",
};

export function axisWords(axis: Axis): string {
  return AXES[axis];
}

/** a、b和c. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join("、")}和${items.at(-1)}`;
}
