import type { StageEvent } from "../api.ts";
import type { Language } from "../words.ts";

/** The stages of a search, in their order; other turns run the first two, their own, and the last. */
export const STAGES = [
  "understand",
  "plan",
  "coarse",
  "refine",
  "propose",
  "prove",
  "rank",
  "answer",
  "verify",
] as const;

interface Wording {
  readonly running: readonly [string, string];
  readonly done: readonly [string, string];
}
const WORDING: Readonly<Record<string, Wording>> = {
  understand: { running: ["Understanding", "理解问题"], done: ["Understood", "已理解"] },
  plan: { running: ["Planning", "制定计划"], done: ["Planned", "已规划"] },
  coarse: { running: ["Searching tiles", "搜索瓦片"], done: ["Searched", "已搜索"] },
  refine: { running: ["Looking closer", "细看"], done: ["Refined", "已细看"] },
  propose: { running: ["Gathering candidates", "收集候选"], done: ["Gathered", "已收集"] },
  prove: { running: ["Proving", "逐一证明"], done: ["Proved", "已证明"] },
  rank: { running: ["Ranking", "排序"], done: ["Ranked", "已排序"] },
  answer: { running: ["Writing", "作答"], done: ["Written", "已作答"] },
  reason: { running: ["Reasoning", "推理"], done: ["Reasoned", "已推理"] },
  knowledge: { running: ["Looking up", "查阅知识库"], done: ["Looked up", "已查阅"] },
  word: { running: ["Wording", "润色"], done: ["Worded", "已润色"] },
  drive: { running: ["Calling tools", "调用工具"], done: ["Tools called", "已调用工具"] },
  verify: { running: ["Checking", "核对"], done: ["Checked", "已核对"] },
};
const COUNTS: Readonly<Record<string, readonly [string, string, string]>> = {
  tiles: ["tile", "tiles", "个瓦片"],
  cells: ["cell", "cells", "个单元"],
  chips: ["chip encoded", "chips encoded", "个影像块"],
  candidates: ["candidate", "candidates", "个候选"],
  proved: ["candidate", "candidates", "个候选"],
  regions: ["region", "regions", "个区域"],
};

export function runningWords(stage: string, language: Language): string {
  return WORDING[stage]?.running[language === "zh" ? 1 : 0] ?? stage;
}

export function doneWords(stage: string, language: Language): string {
  return WORDING[stage]?.done[language === "zh" ? 1 : 0] ?? stage;
}

/** "64 tiles", "1 region"; empty where the stage counted nothing. */
export function countWords({ detail }: StageEvent, language: Language): string {
  return Object.entries(detail ?? {})
    .filter(([, value]) => value > 0)
    .map(([name, value]) => {
      const number = value.toLocaleString("en-US");
      const [one, many, chinese] = COUNTS[name] ?? [name, name, name];
      return language === "zh" ? `${number} ${chinese}` : `${number} ${value === 1 ? one : many}`;
    })
    .join(language === "zh" ? "、" : ", ");
}

/** Milliseconds under a second, else seconds with one decimal. */
export function durationWords(ms: number, language: Language): string {
  if (ms < 1000) return `${Math.round(ms)} ${language === "zh" ? "毫秒" : "ms"}`;
  return `${(ms / 1000).toFixed(1)} ${language === "zh" ? "秒" : "s"}`;
}
