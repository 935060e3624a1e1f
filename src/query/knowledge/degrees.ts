import type { FactProperty } from "../../knowledge/fact-properties.ts";

/** Which end of a scale a comparison looks for, and the properties that may be the scale, best first. */
export interface Degree {
  readonly direction: "most" | "least";
  readonly properties: readonly FactProperty[];
}

const TIMES: readonly FactProperty[] = ["built", "opened", "completed", "founded"];
/** What "large" means depends on the kind; the first property that is recorded of both decides. */
const SIZES: readonly FactProperty[] = [
  "area",
  "power",
  "seats",
  "population",
  "capacity",
  "throughput",
  "volume",
  "length",
  "height",
];

const SCALES: readonly (readonly [
  en: string,
  zh: string,
  direction: Degree["direction"],
  properties: readonly FactProperty[],
])[] = [
  ["tall", "高", "most", ["height", "elevation"]],
  ["high", "高", "most", ["height", "elevation"]],
  ["low", "低|矮", "least", ["height", "elevation"]],
  ["long", "长", "most", ["length", "span"]],
  ["short", "短", "least", ["length", "height", "span"]],
  ["larg", "大", "most", SIZES],
  ["big", "大", "most", SIZES],
  ["great", "大", "most", SIZES],
  ["small", "小", "least", SIZES],
  ["old", "老|古老|早|久", "least", TIMES],
  ["ancient", "古老", "least", TIMES],
  ["earl", "早|先", "least", TIMES],
  ["new", "新", "most", TIMES],
  ["young", "年轻|新", "most", TIMES],
  ["late", "晚|迟", "most", TIMES],
  ["recent", "近", "most", TIMES],
  ["deep", "深", "most", ["depth"]],
  ["wide", "宽", "most", ["width"]],
  ["broad", "宽", "most", ["width"]],
  ["narrow", "窄", "least", ["width"]],
  ["powerful", "强", "most", ["power"]],
  ["populous", "人口多", "most", ["population"]],
  ["bus", "忙|繁忙", "most", ["throughput"]],
];

/** Chinese names of kinds that begin with a word of degree: 大桥 is no large one. */
const KIND_SIGNS = /大(?=[桥坝楼厦学道])|大教堂|高速|高楼|高铁|长江|长城|新区/gu;

/** "tallest", "the most seats", "最高的": null where the words hold no superlative. `asked` are properties named beside it. */
export function superlativeIn(text: string, asked: readonly FactProperty[]): Degree | null {
  const words = text.replace(KIND_SIGNS, "它");
  const chinese = /最(?:为)?(高|低|矮|长|短|大|小|古老|老|早|新|年轻|晚|深|宽|窄|强|多|少|久|繁忙|忙)/u.exec(words);
  const english =
    /\b(?:(tall|high|low|long|short|larg|bigg|great|small|old|earli|new|young|lat|deep|wid|broad|narrow|busi)(?:e?st)|most (recent|ancient|powerful|populous|recently)|(most|fewest|least|maximum|minimum|greatest number|highest number))\b/.exec(
      words,
    );
  if (!chinese && !english) return null;
  if (chinese?.[1] === "多" || chinese?.[1] === "少")
    return asked.length > 0 ? { direction: chinese[1] === "多" ? "most" : "least", properties: asked } : null;
  if (english?.[3])
    return asked.length > 0
      ? { direction: /fewest|least|minimum/.test(english[3]) ? "least" : "most", properties: asked }
      : null;
  const stem = (english?.[1] ?? english?.[2] ?? "")
    .replace(/^bigg$/, "big")
    .replace(/^busi$/, "bus")
    .replace(/^earli$/, "earl")
    .replace(/^lat$/, "late")
    .replace(/^wid$/, "wide")
    .replace(/^recently$/, "recent");
  const scale = chinese
    ? SCALES.find(([, zh]) => zh.split("|").includes(chinese[1] as string))
    : SCALES.find(([en]) => en === stem);
  if (!scale) return null;
  return withAsked(scale, asked);
}

/** "taller", "opened first", "更高", "哪个长": null where nothing is compared. */
export function comparativeIn(text: string, asked: readonly FactProperty[]): Degree | null {
  const words = text.replace(KIND_SIGNS, "它");
  const english =
    /\b(?:(tall|high|low|long|short|larg|bigg|great|small|old|earli|new|young|lat|deep|wid|broad|narrow|busi)e?r|more (recent|ancient|powerful|populous)(?:ly)?|(more|fewer|less)|(first|earlier|before)|(last|later|after))\b/.exec(
      words,
    );
  const chinese =
    /(?:更|比较|还|哪.{0,4}?|谁(?:更)?|比.{0,8}?)(古老|年轻|繁忙|忙|高|低|矮|长|短|大|小|老|早|先|新|晚|深|宽|窄|多|少|久)(?!度|级|约)/u.exec(
      words,
    );
  if (english?.[4]) return { direction: "least", properties: times(asked) };
  if (english?.[5]) return { direction: "most", properties: times(asked) };
  if (english?.[3])
    return asked.length > 0 ? { direction: /fewer|less/.test(english[3]) ? "least" : "most", properties: asked } : null;
  if (english) {
    const stem = (english[1] ?? english[2] ?? "")
      .replace(/^bigg$/, "big")
      .replace(/^busi$/, "bus")
      .replace(/^earli$/, "earl")
      .replace(/^lat$/, "late")
      .replace(/^wid$/, "wide");
    const scale = SCALES.find(([en]) => en === stem);
    if (scale) return withAsked(scale, asked);
  }
  if (!chinese) return superlativeIn(words, asked);
  const word = chinese[1] as string;
  if (word === "多" || word === "少")
    return asked.length > 0 ? { direction: word === "多" ? "most" : "least", properties: asked } : null;
  const scale = SCALES.find(([, zh]) => zh.split("|").includes(word));
  return scale ? withAsked(scale, asked) : null;
}

/** A property named beside the word is the scale: "highest capacity" is none of heights. */
function withAsked([, , direction, properties]: (typeof SCALES)[number], asked: readonly FactProperty[]): Degree {
  const isTime = properties === TIMES;
  const named = asked.filter((property) => (TIMES as readonly string[]).includes(property) === isTime);
  const own = named.filter((property) => !(properties as readonly string[]).includes(property));
  // "oldest" of what was opened looks at openings first.
  if (isTime) return { direction, properties: [...new Set([...named, ...properties])] };
  return {
    direction,
    properties:
      own.length > 0 && !properties.includes("depth") ? [...new Set(named)] : [...new Set([...named, ...properties])],
  };
}

function times(asked: readonly FactProperty[]): readonly FactProperty[] {
  return [...new Set([...asked.filter((property) => (TIMES as readonly string[]).includes(property)), ...TIMES])];
}
