/** The words of the interface in both languages. */
const ENGLISH = {
  placeholder: "Ask about this imagery, in English or Chinese",
  send: "Send",
  stop: "Stop",
  newThread: "New conversation",
  tryThese: "Try one of these",
  thinking: "Working",
  inView: "Search in this view only",
  draw: "Draw an area",
  drawing: "Click corners, double-click to end",
  clearArea: "Clear the area",
  fit: "Fit",
  swipe: "Compare dates",
  opacity: "Opacity",
  probability: "probability",
  proof: "Proof",
  hideProof: "Hide proof",
  formula: "Formula",
  evidence: "Evidence",
  sources: "Sources",
  nearMisses: "Close, but not matching",
  choices: "Did you mean",
  understood: "Understood as",
  before: "before",
  after: "after",
  export: "Export",
  noImagery: "This workspace holds no imagery; results are drawn on a plain map.",
  theme: "Theme",
  language: "中文",
  met: "met",
  failed: "not met",
  loading: "Loading the workspace",
  failedLoad: "The service cannot be reached. Is it running?",
  you: "You",
  narrower: "only within 500 m",
  largest: "only the largest",
  why: "why is this first?",
};
type Words = typeof ENGLISH;
const CHINESE: Words = {
  placeholder: "用中文或英文询问这幅影像",
  send: "发送",
  stop: "停止",
  newThread: "新对话",
  tryThese: "可以试试",
  thinking: "处理中",
  inView: "仅在当前视图中搜索",
  draw: "绘制范围",
  drawing: "单击各角点,双击结束",
  clearArea: "清除范围",
  fit: "全图",
  swipe: "对比日期",
  opacity: "透明度",
  probability: "概率",
  proof: "证明",
  hideProof: "收起证明",
  formula: "公式",
  evidence: "证据",
  sources: "来源",
  nearMisses: "接近但不符合",
  choices: "您是指",
  understood: "理解为",
  before: "之前",
  after: "之后",
  export: "导出",
  noImagery: "该工作区没有影像,结果绘制在空白地图上。",
  theme: "主题",
  language: "English",
  met: "满足",
  failed: "不满足",
  loading: "正在载入工作区",
  failedLoad: "无法连接服务。它在运行吗?",
  you: "您",
  narrower: "只要500米以内的",
  largest: "只要最大的",
  why: "为什么它排第一?",
};

export type Language = "en" | "zh";

export function words(language: Language): Words {
  return language === "zh" ? CHINESE : ENGLISH;
}

const STAGES: Readonly<Record<string, readonly [string, string]>> = {
  understand: ["understood", "理解"],
  plan: ["planned", "规划"],
  coarse: ["searched", "粗查"],
  refine: ["refined", "细查"],
  propose: ["proposed", "候选"],
  prove: ["proved", "证明"],
  rank: ["ranked", "排序"],
  answer: ["written", "作答"],
};
const DETAILS: Readonly<Record<string, readonly [string, string]>> = {
  tiles: ["tiles", "瓦片"],
  cells: ["cells", "单元"],
  chips: ["chips", "影像块"],
  candidates: ["candidates", "候选"],
  proved: ["candidates", "候选"],
  regions: ["regions", "区域"],
};

/** "searched 64 tiles · 23 ms". */
export function stageWords(
  stage: string,
  detail: Readonly<Record<string, number>> | undefined,
  ms: number | undefined,
  language: Language,
): string {
  const index = language === "zh" ? 1 : 0;
  const name = STAGES[stage]?.[index] ?? stage;
  const counts = Object.entries(detail ?? {})
    .filter(([, value]) => value > 0)
    .map(([key, value]) => `${value.toLocaleString("en-US")} ${DETAILS[key]?.[index] ?? key}`);
  return [[name, ...counts].join(" "), ms === undefined ? null : `${Math.round(ms)} ms`].filter(Boolean).join(" · ");
}
