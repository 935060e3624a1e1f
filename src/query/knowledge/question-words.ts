import { CONCEPT_NAMES } from "../../../knowledge/ontology/lexicon.ts";
import { KIND_WORDS } from "../../knowledge/names.ts";
import { countriesIn, foldMessage, type Mention } from "./landmark-names.ts";

/** Words of questions: grammar, courtesy, and the words for properties. They name nothing. */
export const QUESTION_WORDS: ReadonlySet<string> = new Set(
  `a an the of in on at to for from by with and or as it its is are was were be been being do does did has have had can could will would should may might
  i you we they he she me us them my your our their this that these those there here one ones who whom whose what whats which when where how why whether
  please tell give show find say know let want like need wonder ask question answer exactly currently today now ever also just only still really actually right ok okay hello hi thanks thank
  much many more most less least few any some all each other than then so but not no yes if about into over under up down out off per between among near around within
  name names named called list describe explain compare comparison difference between versus vs information info details detail facts fact summary overview history background something anything
  open opens opened opening close closed inaugurated inauguration enter entered service operation operating operational operate operates operated operator operators run runs running manage manages managed manager charge responsible
  own owns owned owner owners ownership belong belongs build builds built building construct constructed construction completed complete completion finish finished erected made make makes founded founding established establish commissioned started start starts begin began launched date dates year years month day time century old age ancient young
  architect architects design designed designer designers engineer builder builders contractor company firm authority agency organisation organization body responsible
  tall taller tallest high higher highest height long longer longest length wide wider widest width deep deeper deepest depth big bigger biggest large larger largest small smaller smallest short shorter shortest size area cover covers covering extent elevation altitude sea level above below metre metres meter meters km kilometre kilometres kilometer kilometers mile miles feet foot ft m mw megawatt megawatts gw hectares ha square cubic
  capacity power output installed generating generation electricity generate generates produce produces produced energy seats seat seating spectators people hold holds accommodate fit population inhabitants residents live lives throughput teu traffic passengers cargo volume storage
  turbines turbine reactors reactor generators units unit number total count runways runway berths berth floors floor storeys stories
  river rivers cross crosses crossed crossing span spans main fuel burn mineral minerals ore metal mined extracted religion denomination faith iata icao code codes locode unlocode letter un
  city cities town towns country countries nation region province state county located location lie lies stand stands situated situate coordinates latitude longitude position address whereabouts place
  unesco world heritage list listed inscribed inscription designated site sites criteria category kind type sort cultural natural
  oldest newest earliest latest recent recently first last before after since until ago long far distance away nearest closest close
  landmark landmarks
  use used get gets got go goes went come comes came put take takes taken total exact official officially current its' whatever`.split(
    /\s+/,
  ),
);

/** The same in Chinese, taken off a run of characters; longest first. */
const CHINESE_WORDS = [
  ..."列出 列举 数一数 请问 告诉我 我想知道 想知道 什么时候 哪一年 哪年 哪一个 哪一座 哪个 哪座 哪条 哪家 哪里 哪儿 哪些 什么 多少 多高 多长 多大 多深 多宽 多远 多久 何时 何地 为什么 怎么 是否 是不是 有没有 有多 位于 坐落 在哪 运营商 运营方 运营 经营 管理 机构 公司 部门 负责 拥有者 拥有 所有者 业主 归属 设计师 建筑师 设计者 设计 建造者 建造 修建 兴建 建成 建于 竣工 完工 落成 建立 创建 成立 始建 开通 启用 开业 开放 通车 投产 投入使用 投入运营 运行 通航 高度 长度 宽度 深度 面积 海拔 体积 库容 主跨 跨度 全长 总长 容量 装机容量 装机 发电 能力 功率 座位 容纳 观众 人口 居民 吞吐量 机组 跑道 泊位 台 座 条 个 河流 河 跨越 横跨 燃料 能源 矿物 开采 出产 宗教 教派 代码 城市 国家 省份 地区 省 州 市 坐标 经纬度 位置 地址 世界遗产 遗产 名录 列入 入选 介绍 描述 简介 一下 说说 讲讲 比较 对比 相比 最高 最长 最大 最老 最早 最古老 最新 最深 最小 更高 更长 更大 更早 更老 更新 还是 哪 谁 何 几 年 月 日 时间 年代 世纪 的 了 是 在 有 和 与 及 从 由 被 把 吗 呢 吧 啊 呀 它 这 那 其 该 请 您 你 我 于 为 叫 名字 名称 米 公里 平方公里 兆瓦 人 大 高 长 深 宽 建 开 用 里 中 上 下 以及 并且 关于 情况 资料 信息 知道 目前 现在 一共 总共 共 约 地标 到 距离 距 离 多 能 可以 可 坐 属于 属 国 哪国 用途 类型 种类 什么样 第一 最".split(
    " ",
  ),
].sort((a, b) => b.length - a.length);
const CHINESE_PATTERN = new RegExp(CHINESE_WORDS.join("|"), "gu");

/** Words of a folded text without names that say something and are no words of questions. Kinds count only on request. */
export function restOf(without: string, dropsKinds: boolean): string[] {
  return without.split(" ").flatMap((word) => {
    if (word === "" || /^[\d.,]+$/.test(word)) return [];
    if (/\p{Script=Han}/u.test(word))
      return word
        .replace(CHINESE_PATTERN, " ")
        .split(" ")
        .filter((run) => [...run].length >= 2);
    if (QUESTION_WORDS.has(word) || word.length < 2) return [];
    return dropsKinds && (KIND_WORDS.has(word) || KIND_WORDS.has(word.replace(/s$/, ""))) ? [] : [word];
  });
}

/**
 * Proper names of a message that hold no mention: runs of words with capitals, with small words between them. In Chinese,
 * what is left of the message beside the words of questions.
 */
export function properNames(message: string, folded: string, mentions: readonly Mention[]): readonly string[] {
  const isHeld = (name: string) => {
    const key = foldMessage(name);
    return mentions.some(
      ({ text }) => text === key || text.includes(key) || (key.includes(text) && key.length - text.length < 2),
    );
  };
  const out = capitalRuns(message).filter((name) => {
    const key = foldMessage(name);
    return !mentions.some(({ text }) => ` ${key} `.includes(` ${text} `) && key !== text) && !isHeld(name);
  });
  if (/\p{Script=Han}/u.test(folded) && mentions.length === 0) {
    // Countries and kinds alone are no names: "土耳其最长的桥梁" names nothing.
    const without = countriesIn(message).reduce(
      (rest, { start, end }) => rest.replace(folded.slice(start, end), " "),
      folded,
    );
    const [longest] = restOf(without, false)
      .filter((word) => /\p{Script=Han}/u.test(word) && KINDS.every((kind) => word !== kind))
      .sort((a, b) => b.length - a.length);
    if (longest && [...longest].length >= 2) out.push(longest);
  }
  return out;
}

/** Chinese names of kinds. */
const KINDS: readonly string[] = [
  ...Object.values(CONCEPT_NAMES).flatMap(({ zh }) => zh),
  "水坝",
  "水电站",
  "核电站",
  "球场",
  "地标",
  "高楼",
  "山峰",
];

/** Proper names that are longer than the name of a landmark in them. */
export function longerNames(message: string, mentions: readonly Mention[]): readonly string[] {
  return capitalRuns(message).filter((name) => {
    const key = foldMessage(name);
    return mentions.some(({ text }) => key !== text && ` ${key} `.includes(` ${text} `));
  });
}

/** Runs of words with capitals, with small words between them, without the words of questions at their head. */
function capitalRuns(message: string): string[] {
  const out: string[] = [];
  const cut = message.replace(/(\p{L})['’]s\b/gu, "$1 ,");
  for (const [run] of cut.matchAll(
    /[\p{Lu}\p{N}][\p{L}\p{N}.'’-]*(?:(?:\s+(?:of|the|de|da|do|del|la|le|al|el|and|du|des|von|van|der|e|y|&)){0,2}\s+[\p{Lu}][\p{L}\p{N}.'’-]*|\s+\d+\b)*/gu,
  )) {
    // The first word of a sentence has a capital of its own.
    const words = run.split(/\s+/);
    while (
      words.length > 0 &&
      (QUESTION_WORDS.has(foldMessage(words[0] as string)) || SMALL.has(foldMessage(words[0] as string)))
    )
      words.shift();
    const name = words.join(" ").replace(/[.,'’-]+$/, "");
    if (
      name === "" ||
      /^\d+$/.test(name) ||
      foldMessage(name)
        .split(" ")
        .every((word) => QUESTION_WORDS.has(word) || KIND_WORDS.has(word))
    )
      continue;
    out.push(name);
  }
  return out;
}
/** Words between those of a proper name. */
export const SMALL = new Set("of the de da do del la le al el and du des von van der e y".split(" "));
