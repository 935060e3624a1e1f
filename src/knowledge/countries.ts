/** Names people use beside those of the Unicode CLDR, folded. */
const MORE_NAMES: Readonly<Record<string, readonly string[]>> = {
  US: ["usa", "u s", "u s a", "america", "united states of america", "the states", "美利坚合众国"],
  GB: [
    "uk",
    "u k",
    "great britain",
    "britain",
    "england",
    "scotland",
    "wales",
    "united kingdom of great britain and northern ireland",
    "大不列颠",
    "苏格兰",
    "英格兰",
    "威尔士",
  ],
  CN: ["prc", "peoples republic of china", "mainland china", "中国大陆", "中华人民共和国"],
  KR: ["korea", "republic of korea", "south korea", "大韩民国"],
  KP: ["democratic peoples republic of korea", "north korea"],
  AE: ["uae", "u a e", "emirates", "阿联酋"],
  RU: ["russian federation", "俄国", "俄罗斯联邦"],
  CZ: ["czech republic", "捷克共和国"],
  TR: ["turkey", "turkiye", "土耳其"],
  VN: ["viet nam"],
  LA: ["lao peoples democratic republic", "lao pdr"],
  IR: ["iran islamic republic of", "islamic republic of iran"],
  SY: ["syrian arab republic"],
  TZ: ["united republic of tanzania"],
  BO: ["bolivia plurinational state of"],
  VE: ["venezuela bolivarian republic of"],
  MD: ["republic of moldova"],
  MK: ["the former yugoslav republic of macedonia", "macedonia", "马其顿"],
  CI: ["ivory coast", "cote d ivoire", "科特迪瓦", "象牙海岸"],
  CD: ["democratic republic of the congo", "dr congo", "drc", "刚果民主共和国", "民主刚果"],
  CG: ["republic of the congo", "congo republic", "congo brazzaville", "刚果共和国"],
  HK: ["hong kong", "香港", "中国香港"],
  MO: ["macau", "macao", "澳门"],
  TW: ["taiwan", "台湾", "中国台湾"],
  MM: ["burma", "缅甸"],
  NL: ["holland", "the netherlands", "荷兰"],
  CV: ["cabo verde", "cape verde"],
  SZ: ["swaziland"],
  PS: ["palestine", "巴勒斯坦"],
  VA: ["holy see", "vatican", "梵蒂冈"],
  BA: ["bosnia", "bosnia and herzegovina", "波黑"],
  BN: ["brunei darussalam"],
  KY: ["cayman islands"],
  SA: ["ksa", "沙特"],
  NZ: ["aotearoa"],
  TL: ["east timor"],
  FM: ["micronesia federated states of", "micronesia"],
  PG: ["papua new guinea", "巴布亚新几内亚"],
  TT: ["trinidad", "trinidad and tobago"],
  AG: ["antigua and barbuda"],
};

/** Names in one form: no case, marks or punctuation, no leading "the". */
export function foldCountry(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/&/g, " and ")
    .replace(/['’]/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .replace(/^the /, "");
}

const english = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
const chinese = new Intl.DisplayNames(["zh-Hans"], { type: "region", fallback: "none" });
/** Codes of countries that are no more; their names lead to those of today. */
const FORMER = ["AN", "BU", "CS", "DD", "FX", "NT", "SU", "TP", "YD", "YU", "ZR"];

/** Regions of CLDR that are no countries. */
const NO_COUNTRY = new Set([
  "EU",
  "EZ",
  "UN",
  "XA",
  "XB",
  "QO",
  "ZZ",
  "AC",
  "CP",
  "CQ",
  "DG",
  "EA",
  "IC",
  "TA",
  ...FORMER,
]);

function codes(): string[] {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .filter((code) => !NO_COUNTRY.has(code) && english.of(code) !== undefined);
}

const CODE_OF = new Map<string, string>();
for (const code of codes()) {
  // "Myanmar (Burma)" is known by both of its parts.
  for (const name of [english.of(code), chinese.of(code)])
    for (const part of (name ?? "").split(/[()]/))
      if (part.trim() && !CODE_OF.has(foldCountry(part))) CODE_OF.set(foldCountry(part), code);
}
for (const [code, names] of Object.entries(MORE_NAMES)) for (const name of names) CODE_OF.set(foldCountry(name), code);

/** Code of a country by its name in English or Chinese, or by the code itself; null for what is no country. */
export function countryCode(name: string): string | null {
  const trimmed = name.trim();
  if (/^[A-Z]{2}$/.test(trimmed) && english.of(trimmed) !== undefined && !NO_COUNTRY.has(trimmed)) return trimmed;
  return CODE_OF.get(foldCountry(trimmed)) ?? null;
}

/** Folded names of countries with their codes, longest first. */
export const COUNTRY_NAMES: readonly (readonly [folded: string, code: string])[] = [...CODE_OF].sort(
  (a, b) => b[0].length - a[0].length,
);

/** The name of a country in the reader's language; the code itself where it has none. */
export function countryName(code: string, language: "en" | "zh"): string {
  const name = (language === "zh" ? chinese : english).of(code) ?? code;
  return name.replace(/\s*[((].*$/, "");
}

const WITH_ARTICLE = new Set("AE BS CD CF CZ DO FO GB GM KM KY MH MV NL PH SB TC US VG VI".split(" "));

/** The name as it stands in a sentence: "the United States". */
export function countryPhrase(code: string, language: "en" | "zh"): string {
  const name = countryName(code, language);
  return language === "en" && WITH_ARTICLE.has(code) ? `the ${name}` : name;
}
