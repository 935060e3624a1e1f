import type { BASE_UNITS, PERIODS, QuantityValue } from "./fact-value.ts";

type BaseUnit = (typeof BASE_UNITS)[number];
type Period = (typeof PERIODS)[number];

/** Spellings of units, in the base unit and how many of it one is. Longest spellings are tried first. */
const UNITS: readonly (readonly [spellings: string, unit: BaseUnit, factor: number])[] = [
  ["m|metre|metres|meter|meters|米|公尺", "m", 1],
  ["km|kilometre|kilometres|kilometer|kilometers|公里|千米", "m", 1000],
  ["cm|centimetre|centimetres|厘米", "m", 0.01],
  ["ft|foot|feet|英尺", "m", 0.3048],
  ["mi|mile|miles|英里", "m", 1609.344],
  ["m2|m²|sq m|sqm|square metre|square metres|square meter|square meters|平方米", "m2", 1],
  [
    "km2|km²|sq km|sqkm|square kilometre|square kilometres|square kilometer|square kilometers|平方公里|平方千米",
    "m2",
    1e6,
  ],
  ["ha|hectare|hectares|公顷", "m2", 1e4],
  ["acre|acres|英亩", "m2", 4046.8564224],
  ["sq mi|square mile|square miles|平方英里", "m2", 2589988.110336],
  ["m3|m³|cubic metre|cubic metres|cubic meter|cubic meters|立方米", "m3", 1],
  ["km3|km³|cubic kilometre|cubic kilometres|cubic kilometer|cubic kilometers|立方公里|立方千米", "m3", 1e9],
  ["w|watt|watts|瓦", "W", 1],
  ["kw|kilowatt|kilowatts|千瓦", "W", 1e3],
  ["mw|megawatt|megawatts|兆瓦", "W", 1e6],
  ["gw|gigawatt|gigawatts|吉瓦", "W", 1e9],
  ["kwh|千瓦时|度", "Wh", 1e3],
  ["mwh|megawatt hours", "Wh", 1e6],
  ["gwh|gigawatt hours", "Wh", 1e9],
  ["twh|terawatt hours", "Wh", 1e12],
  ["t|tonne|tonnes|ton|tons|metric tons|吨", "t", 1],
  ["mt|megatonne|megatonnes", "t", 1e6],
  ["teu|标准箱|标箱", "TEU", 1],
  ["bbl|barrel|barrels|桶", "bbl", 1],
  ["%|percent|per cent", "%", 1],
  [
    "people|inhabitants|residents|persons|passengers|seats|spectators|worshippers|visitors|berths|units|runways|platforms|platform tracks|tracks|floors|storeys|stories|turbines|beds|students|人|座|个|名|层|个座位|台|条",
    "1",
    1,
  ],
];
const UNIT_OF: ReadonlyMap<string, { readonly unit: BaseUnit; readonly factor: number }> = new Map(
  UNITS.flatMap(([spellings, unit, factor]) => spellings.split("|").map((one) => [one, { unit, factor }] as const)),
);
const SPELLINGS = [...UNIT_OF.keys()].sort((a, b) => b.length - a.length);

const MAGNITUDES: Readonly<Record<string, number>> = {
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
  m: 1e6,
  bn: 1e9,
  千: 1e3,
  万: 1e4,
  百万: 1e6,
  千万: 1e7,
  亿: 1e8,
  万亿: 1e12,
};
const PERIOD_OF: readonly (readonly [RegExp, Period])[] = [
  [/^(?:a|per|each|every|\/)\s*(?:year|annum|yr|a\b)|^annually|^yearly|^p\.?a\.?\b|^\/年|^每年/, "year"],
  [/^(?:a|per|each|every|\/)\s*(?:day|d\b)|^daily|^\/[日天]|^每[日天]/, "day"],
  [/^(?:an?|per|\/)\s*(?:hour|h\b)|^\/小时|^每小时/, "hour"],
  [/^(?:a|per|\/)\s*(?:second|s\b)|^\/秒|^每秒/, "second"],
];
const ABOUT =
  /^(?:about|around|approximately|approx\.?|some|roughly|nearly|almost|over|more than|up to|at least|under|less than|c\.|ca\.?|circa|~|≈|>|<|约|大约|近|超过|逾|多于|至少|将近)\s*/i;
const NUMBER = /^([-−+]?\d{1,3}(?:[,\u00a0\u202f']\d{3})+(?:\.\d+)?|[-−+]?\d+(?:\.\d+)?)/;

/**
 * A number with its unit, converted to the base unit: "1,200 m", "12.5 million t a year", "约1.2万人". A number alone takes
 * `unit` (that of the fact's key). The whole text must be one quantity, up to a remark in brackets; else null.
 */
export function parseQuantity(
  text: string,
  unit: { readonly unit: BaseUnit; readonly factor: number } | null = null,
): QuantityValue | null {
  let rest = text
    .normalize("NFKC")
    .replace("−", "-")
    .replace(/㎡/g, "m2")
    .trim()
    .replace(/\s*\([^)]*\)\s*$/, "")
    .replace(/\.$/, "");
  let period: Period | undefined;
  const yearly = /^(?:每年|年)(?=约|\d)/.exec(rest);
  if (yearly) {
    period = "year";
    rest = rest.slice(yearly[0].length);
  }
  const about = ABOUT.exec(rest);
  if (about) rest = rest.slice(about[0].length);
  const number = NUMBER.exec(rest);
  if (!number) return null;
  let value = Number((number[1] as string).replace(/[,\u00a0\u202f']/g, ""));
  rest = rest.slice(number[0].length).trimStart();
  const magnitude = /^(thousand|million|billion|trillion|bn|百万|千万|万亿|千(?!米|瓦)|万|亿)/i.exec(rest);
  if (magnitude) {
    value *= MAGNITUDES[(magnitude[1] as string).toLowerCase()] as number;
    rest = rest.slice(magnitude[0].length).trimStart();
  }
  const more = /^[多余]/.exec(rest);
  if (more) rest = rest.slice(1);
  const folded = rest.toLowerCase();
  const spelling = SPELLINGS.find(
    (one) => folded.startsWith(one) && (/[^a-z]$/.test(one) || !/^[a-z0-9²³]/.test(folded.slice(one.length))),
  );
  const found = spelling !== undefined ? UNIT_OF.get(spelling) : (unit ?? { unit: "1" as const, factor: 1 });
  if (!found) return null;
  if (spelling !== undefined) rest = rest.slice(spelling.length).trimStart();
  for (const [pattern, name] of PERIOD_OF) {
    const match = pattern.exec(rest.toLowerCase());
    if (!match) continue;
    period = name;
    rest = rest.slice(match[0].length).trimStart();
  }
  if (rest !== "" && !/^(of (installed )?capacity|high|tall|long|wide|deep|以上|左右)$/i.test(rest)) return null;
  const isAbout = about !== null || more !== null || /^(以上|左右)$/.test(rest);
  return {
    kind: "quantity",
    // Twelve digits: what a decimal product adds beyond them is noise of binary numbers.
    value: Number((value * found.factor).toPrecision(12)),
    unit: found.unit,
    ...(period && { per: period }),
    isAbout,
  };
}

/** Base unit and factor of a unit's spelling, or null. */
export function unitOf(spelling: string): { readonly unit: BaseUnit; readonly factor: number } | null {
  return UNIT_OF.get(spelling.toLowerCase()) ?? null;
}
