import type { Language } from "../words.ts";

const ENGLISH = {
  editArea: "Move its corners",
  editAreaHint: "Drag corners or the whole area; the small points add corners, a right click removes one.",
  done: "Done",
  searchHere: "Search in this view",
  inThisView: "in this view",
  attribution: "Imagery",
  canvas: "Imagery and results",
};
const CHINESE: typeof ENGLISH = {
  editArea: "移动角点",
  editAreaHint: "拖动角点或整个范围;小圆点可添加角点,右键删除角点。",
  done: "完成",
  searchHere: "在此视图中搜索",
  inThisView: "在此视图中",
  attribution: "影像",
  canvas: "影像与结果",
};

export function mapWords(language: Language): typeof ENGLISH {
  return language === "zh" ? CHINESE : ENGLISH;
}
