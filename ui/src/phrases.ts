import type { Language } from "./words.ts";

/** "only within 500 m", "只要500米以内的": a refinement that the service understands. */
export function narrowWords(metres: number, language: Language): string {
  return language === "zh" ? `只要${metres}米以内的` : `only within ${metres} m`;
}

/** "within 1411 m", "1411米以内": the widening that would let a near miss in. */
export function widenWords(metres: number, language: Language): string {
  return language === "zh" ? `${metres}米以内` : `within ${metres} m`;
}

const TIMES: Readonly<Record<string, readonly [string, string]>> = {
  new: ["new", "新建"],
  gone: ["demolished", "消失"],
  grown: ["expanded", "扩大"],
  shrunk: ["shrunken", "缩小"],
  changed: ["changed", "变化"],
  as_of: ["as of a date", "截至某日"],
};

export function timeKindWords(kind: string, language: Language): string {
  return TIMES[kind]?.[language === "zh" ? 1 : 0] ?? kind;
}

/** "undo": takes the last change of the query back. */
export function undoWords(language: Language): string {
  return language === "zh" ? "撤销" : "undo";
}

/** "not #2": a refinement that excludes a result. */
export function dismissWords(rank: number, language: Language): string {
  return language === "zh" ? `不要#${rank}` : `not #${rank}`;
}

/** "more like #2": a refinement that orders by likeness. */
export function similarWords(rank: number, language: Language): string {
  return language === "zh" ? `像#${rank}那样的` : `more like #${rank}`;
}

/** The beginning of "like #2 but …", for the person to finish. */
export function likeWords(rank: number, language: Language): string {
  return language === "zh" ? `像#${rank}那样,但` : `like #${rank} but `;
}

const PARTS: Readonly<Record<string, readonly [string, string]>> = {
  truth: ["conditions", "条件"],
  coarse: ["area match", "区域匹配"],
  saliency: ["detail match", "细节匹配"],
};

export function partWords(part: string, language: Language): string {
  return PARTS[part]?.[language === "zh" ? 1 : 0] ?? part;
}

const FLAGS: Readonly<Record<string, readonly [string, string]>> = {
  map_only: ["known from the map only", "仅见于地图"],
  single_date: ["one imagery date only", "只有一个影像日期"],
  coarse_gsd: ["few pixels at this resolution", "该分辨率下像素很少"],
  partly_covered: ["partly outside the imagery", "部分超出影像范围"],
  stale_layer: ["the map is older than the imagery", "地图早于影像"],
  sources_disagree: ["the map has it, the imagery does not show it", "地图有而影像未显示"],
  cloud: ["perhaps under cloud or snow", "可能被云或雪遮盖"],
};

export function flagWords(flag: string, language: Language): string {
  return FLAGS[flag]?.[language === "zh" ? 1 : 0] ?? flag.replaceAll("_", " ");
}

const OUTCOMES: Readonly<Record<string, readonly [string, string]>> = {
  ranked: ["Found", "已找到"],
  no_match: ["Nothing matches", "没有符合的"],
  not_covered: ["Not covered", "数据未覆盖"],
  cannot_decide: ["Cannot decide", "无法判定"],
  answer: ["Answer", "回答"],
};

export function outcomeWords(outcome: string, language: Language): string {
  return OUTCOMES[outcome]?.[language === "zh" ? 1 : 0] ?? outcome;
}
