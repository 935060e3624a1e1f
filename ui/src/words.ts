export type Language = "en" | "zh";

/** The words of the interface. */
const ENGLISH = {
  tagline: "Ask the imagery",
  chat: "Conversation",
  map: "Map",
  placeholder: "Ask about this imagery, in English or Chinese",
  composerHelp: "Enter sends, Shift+Enter starts a new line",
  send: "Send",
  stop: "Stop",
  newThread: "New conversation",
  newThreadShort: "New",
  welcome: "What would you like to find?",
  welcomeMore:
    "Ask for places by what they are, what they stand near and how they changed; then narrow the result, or ask why.",
  tryThese: "Try one of these",
  working: "Working",
  stopped: "Stopped. Nothing of this turn was kept.",
  unreachable: "The service cannot be reached. Is it running?",
  retry: "Try again",
  restoring: "Fetching the conversation",
  loadingMap: "Loading the map",
  you: "You",
  assistant: "Terralogue",
  switchLanguage: "中文",
  themeAuto: "Theme: as the system",
  themeLight: "Theme: light",
  themeDark: "Theme: dark",
  // map
  dates: "Date of the imagery",
  undated: "undated",
  opacity: "Imagery opacity",
  compare: "Compare",
  compareSlider: "Divider between the two dates",
  fitAll: "Whole area",
  fitResults: "Results",
  area: "Area",
  drawRectangle: "Rectangle",
  drawPolygon: "Polygon",
  useView: "This view",
  clearArea: "Clear area",
  rectangleHint: "Drag a rectangle on the map. Esc leaves.",
  polygonHint: "Click the corners; double-click, Enter or the first corner closes. Esc leaves.",
  inView: "Search only in this view",
  scopeView: "only in the view",
  scopeArea: "only in the drawn area",
  layer: "Show",
  noLayer: "no layer",
  noImagery: "This workspace holds no imagery; results are drawn on a plain map.",
  legendProbability: "Probability",
  legendWitness: "Evidence",
  legendNearMiss: "Near miss",
  legendLayer: "Layer",
  noWebgl: "The map cannot be drawn: this browser offers no WebGL. Results stay usable as a list.",
  north: "North is up",
  // results
  results: "Results",
  probability: "Probability",
  probabilityMeaning: "Estimated chance that this place is what you asked for",
  parts: "Score",
  caution: "Caution",
  showProof: "Why it matches",
  hideProof: "Close the proof",
  selectHint: "Show on the map with its proof",
  nearMisses: "Close, but not matching",
  nearMissesOf: "nearly match",
  admits: "Ask with",
  within: "within",
  choices: "Which did you mean?",
  refine: "Refine",
  largest: "only the largest",
  whyFirst: "why is this first?",
  onlyWithin: "only within",
  sources: "Sources",
  download: "Download",
  // proof
  proof: "Proof",
  question: "Question",
  inLogic: "In logic",
  conditions: "Conditions",
  evidence: "Evidence",
  evidenceHint: "Point at a row to see it on the map",
  imagery: "Imagery",
  plan: "Plan",
  copyPlan: "Copy the plan",
  copied: "Copied",
  met: "met",
  partly: "partly met",
  notMet: "not met",
  madeOf: "what it is made of",
  threshold: "threshold",
  cancel: "Cancel",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  layers: "Layers",
  entities: "Mapped and detected",
  partlyShown: "More than fits: zoom in to see all.",
  hideAll: "Hide all",
  uploadArea: "GeoJSON or KML file …",
  areaTooLarge: "The file is larger than 8 MB; simplify it.",
  areaNotReadable: "The file is not GeoJSON or KML in longitude and latitude.",
  areaNoPolygon: "The file holds no polygon.",
  legend: "Legend",
  pin: "Keep at the top",
  dismiss: "Not this one",
  similar: "Like this, but …",
  sortBy: "Sort",
  byRank: "rank",
  byArea: "area",
  byProbability: "probability",
  atLeast: "At least",
  any: "any",
  all: "All",
  fewer: "Fewer",
  asWords: "words",
  asLogic: "logic",
  budget: "Budget",
  tiles: "tiles",
  resultsAtMost: "results at most",
  export: "Export",
};
type Words = typeof ENGLISH;

const CHINESE: Words = {
  tagline: "向影像提问",
  chat: "对话",
  map: "地图",
  placeholder: "用中文或英文询问这幅影像",
  composerHelp: "回车发送,Shift+回车换行",
  send: "发送",
  stop: "停止",
  newThread: "新对话",
  newThreadShort: "新对话",
  welcome: "您想找什么?",
  welcomeMore: "可以按类型、周边关系和变化来查找,再缩小范围,或者追问原因。",
  tryThese: "可以试试",
  working: "处理中",
  stopped: "已停止,本轮未保存任何内容。",
  unreachable: "无法连接服务。它在运行吗?",
  retry: "重试",
  restoring: "正在读取对话",
  loadingMap: "正在载入地图",
  you: "您",
  assistant: "Terralogue",
  switchLanguage: "English",
  themeAuto: "主题:跟随系统",
  themeLight: "主题:浅色",
  themeDark: "主题:深色",
  dates: "影像日期",
  undated: "无日期",
  opacity: "影像不透明度",
  compare: "对比",
  compareSlider: "两个日期之间的分隔线",
  fitAll: "全图",
  fitResults: "结果",
  area: "范围",
  drawRectangle: "矩形",
  drawPolygon: "多边形",
  useView: "当前视图",
  clearArea: "清除范围",
  rectangleHint: "在地图上拖出一个矩形,Esc 退出。",
  polygonHint: "逐个单击角点;双击、回车或单击起点闭合,Esc 退出。",
  inView: "仅在当前视图中搜索",
  scopeView: "仅在视图内",
  scopeArea: "仅在绘制范围内",
  layer: "显示",
  noLayer: "无图层",
  noImagery: "该工作区没有影像,结果绘制在空白地图上。",
  legendProbability: "概率",
  legendWitness: "证据",
  legendNearMiss: "接近的结果",
  legendLayer: "图层",
  noWebgl: "无法绘制地图:此浏览器不支持 WebGL。结果仍可在列表中查看。",
  north: "上方为北",
  results: "结果",
  probability: "概率",
  probabilityMeaning: "该地点符合您要求的估计概率",
  parts: "得分",
  caution: "注意",
  showProof: "为何符合",
  hideProof: "收起证明",
  selectHint: "在地图上显示并查看证明",
  nearMisses: "接近但不符合",
  nearMissesOf: "个接近的结果",
  admits: "改问",
  within: "以内",
  choices: "您指的是哪一个?",
  refine: "进一步",
  largest: "只要最大的",
  whyFirst: "为什么它排第一?",
  onlyWithin: "只要",
  sources: "来源",
  download: "下载",
  proof: "证明",
  question: "问题",
  inLogic: "逻辑式",
  conditions: "条件",
  evidence: "证据",
  evidenceHint: "指向某一行可在地图上查看",
  imagery: "影像",
  plan: "计划",
  copyPlan: "复制计划",
  copied: "已复制",
  met: "满足",
  partly: "部分满足",
  notMet: "不满足",
  madeOf: "由什么构成",
  threshold: "阈值",
  cancel: "取消",
  zoomIn: "放大",
  zoomOut: "缩小",
  layers: "图层",
  entities: "已测绘与检测到的对象",
  partlyShown: "数量过多,放大后可见全部。",
  hideAll: "全部隐藏",
  uploadArea: "GeoJSON 或 KML 文件…",
  areaTooLarge: "文件超过 8 MB,请简化。",
  areaNotReadable: "该文件不是以经纬度表示的 GeoJSON 或 KML。",
  areaNoPolygon: "文件中没有多边形。",
  legend: "图例",
  pin: "置顶",
  dismiss: "排除此项",
  similar: "类似此处,但……",
  sortBy: "排序",
  byRank: "名次",
  byArea: "面积",
  byProbability: "概率",
  atLeast: "至少",
  any: "不限",
  all: "全部",
  fewer: "收起",
  asWords: "文字",
  asLogic: "逻辑",
  budget: "预算",
  tiles: "个瓦片",
  resultsAtMost: "个结果以内",
  export: "导出",
};

export function words(language: Language): Words {
  return language === "zh" ? CHINESE : ENGLISH;
}

/** "only within 500 m", "只要500米以内的": a refinement that the service understands. */
export function narrowWords(metres: number, language: Language): string {
  return language === "zh" ? `只要${metres}米以内的` : `only within ${metres} m`;
}

/** "within 1411 m", "1411米以内": the widening that would let a near miss in. */
export function widenWords(metres: number, language: Language): string {
  return language === "zh" ? `${metres}米以内` : `within ${metres} m`;
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
  cloud: ["cloud in the imagery", "影像有云"],
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
