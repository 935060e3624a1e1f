/**
 * Names in the form in which they are compared: no case, accents, punctuation or leading "the"; "&" is "and"; letters that
 * do not decompose are written out (ø, ł, ß, æ).
 */
export function foldName(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[øØ]/g, "o")
    .replace(/[łŁ]/g, "l")
    .replace(/ß/g, "ss")
    .replace(/æ/g, "ae")
    .replace(/œ/g, "oe")
    .replace(/đ|ð/g, "d")
    .replace(/þ/g, "th")
    .replace(/ı/g, "i")
    .replace(/&/g, " and ")
    .replace(/['’`ʻʼ"“”·]/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .replace(/^the /, "");
}

/** Endings of Chinese names that say the kind of thing, with the shortest form of each kind: 大桥 and 桥 are one. */
const CHINESE_ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/(国际)?(机场|航空港)$/u, "机场"],
  [/(水利枢纽|水电站大坝|拦河大坝|大坝|水坝|坝)$/u, "坝"],
  [/(特大桥|大桥|桥梁|桥)$/u, "桥"],
  [/(港口|海港|港)$/u, "港"],
  [/(核电站|核电厂|核能发电厂|核电)$/u, "核电站"],
  [/(水力发电站|水力发电厂|水电站)$/u, "水电站"],
  [/(体育场|球场|运动场|竞技场)$/u, "体育场"],
  [/(集装箱码头|货柜码头)$/u, "集装箱码头"],
  [/(太阳能发电站|太阳能电站|光伏电站|光伏园区?|太阳能公园|太阳能园区?)$/u, "光伏"],
  [/(风力发电场|风电场|风电厂)$/u, "风电场"],
  [/(火车站|车站|站)$/u, "站"],
  [/(自治市|市|城)$/u, ""],
  [/(大教堂|主教座堂|教堂)$/u, "教堂"],
  [/(国家公园|公园)$/u, "公园"],
];

/** A Chinese name with the ending of its kind in one form; names of other scripts as they are. */
export function commonChineseForm(name: string): string {
  if (!/\p{Script=Han}/u.test(name)) return name;
  for (const [ending, form] of CHINESE_ENDINGS) {
    const head = name.replace(ending, "");
    if (head !== name && [...head].length >= 2) return head + form;
  }
  return name;
}

/** Words of English names that only say the kind of thing or are grammar. */
export const KIND_WORDS: ReadonlySet<string> = new Set(
  "airport international intl airfield bridge dam port harbour harbor canal stadium mine tower power plant station solar wind farm park lake river mount mountain volcano island castle fortress palace cathedral church basilica mosque temple monastery university museum railway terminal container seaport city town nuclear hydroelectric hydro hydropower complex national building house hall arena ground square refinery shipyard reservoir lock locks tunnel deep water the of and de la le el al du des da do di in at on".split(
    " ",
  ),
);
