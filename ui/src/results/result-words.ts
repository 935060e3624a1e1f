import type { Language } from "../words.ts";

const ENGLISH = {
  planJson: "The plan as JSON",
  replay: "Run it again",
  passages: "Known about it",
  moreLike: "More like this",
  showAll: "Show all",
};
const CHINESE: typeof ENGLISH = {
  planJson: "计划的 JSON",
  replay: "重新运行",
  passages: "相关知识",
  moreLike: "查找类似的",
  showAll: "显示全部",
};

export function resultWords(language: Language): typeof ENGLISH {
  return language === "zh" ? CHINESE : ENGLISH;
}
