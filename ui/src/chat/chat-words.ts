import type { Language } from "../words.ts";

const ENGLISH = {
  meaningNoMatch: "Everything in the area was searched, and nothing meets all conditions.",
  meaningNotCovered: "The loaded data cannot show this, so nothing was searched.",
  meaningCannotDecide: "What is there is not enough to say yes or no.",
  wouldChange: "What would change it",
  askWithout: "without",
  seeData: "See what is loaded",
  difference: "What changed from the results before",
  remain: "kept",
  added: "new",
  left: "gone",
  excluded: "left out by you",
  outside: "outside the area",
  limit: "beyond the number asked for",
  kind: "another kind of thing",
  weak: "too uncertain now",
  replaySame: "Replayed: the same plan gave the same results.",
  replayResults: "Replayed: the same plan, other results.",
  replayPlan: "Replayed: the plan is another one now, since the data or the area is.",
  fails: "not so:",
  offBy: "off by",
  tooLong: "A message has at most 4,000 characters; shorten it.",
};
const CHINESE: typeof ENGLISH = {
  meaningNoMatch: "已搜索整个范围,没有同时满足所有条件的地点。",
  meaningNotCovered: "已载入的数据无法显示这类对象,因此没有搜索。",
  meaningCannotDecide: "现有证据不足以判定是或否。",
  wouldChange: "怎样会有不同",
  askWithout: "去掉",
  seeData: "查看已载入的数据",
  difference: "与之前结果的差异",
  remain: "保留",
  added: "新增",
  left: "移除",
  excluded: "由您排除",
  outside: "不在范围内",
  limit: "超出要求的数量",
  kind: "属于其他类型",
  weak: "现在不够确定",
  replaySame: "已重放:计划相同,结果相同。",
  replayResults: "已重放:计划相同,结果不同。",
  replayPlan: "已重放:由于数据或范围不同,计划已不同。",
  fails: "不满足",
  offBy: "相差",
  tooLong: "消息最多 4,000 个字符,请缩短。",
};

export function chatWords(language: Language): typeof ENGLISH {
  return language === "zh" ? CHINESE : ENGLISH;
}
