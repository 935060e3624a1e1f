import type { Language } from "../words.ts";
import type { Job, JobStep, ModelInfo, SourceKind } from "./ingest-api.ts";
import type { Refusal } from "./source-drafts.ts";

const ENGLISH = {
  title: "Data",
  back: "Back to the map",
  add: "Add data",
  drop: "Drop files here, or",
  choose: "choose files",
  dropHint: "GeoTIFF or COG · GeoJSON, GeoPackage, zipped shapefile · detections · landmarks as JSON Lines or CSV",
  dropNow: "Drop to add",
  orPlace: "Or where it lies",
  place: "Path on the service's machine, or a web address",
  placePath: "/data/2024-05-12.tif or https://…/scene.tif",
  addPlace: "Add",
  upTo: "Files up to",
  off: "This service takes no data from the page, because others than its own machine can reach it. Set TERRALOGUE_INGEST where that is wanted, or use the ingest command.",
  uploadsOnly: "Files can be sent; paths and addresses on the service's machine cannot be given.",
  kind: "Kind of",
  date: "Date",
  year: "Year",
  dateOf: "Date of",
  undatedHint: "Without a date it is not compared with other dates.",
  needsYear: "Embeddings need the year they show.",
  remove: "Remove",
  start: "Add to the workspace",
  sending: "Sending",
  sendingStopped: "Sending was stopped; nothing of it was kept.",
  stop: "Stop",
  unreachable: "The service cannot be reached. Is it running?",
  busyNow: "An ingest is running; the next one can begin when it has ended.",
  now: "In hand",
  earlier: "Earlier",
  retry: "Try again",
  resume: "Go on",
  cancel: "Stop",
  forget: "Take off the list",
  lineLost: "The connection broke; taking it up again",
  stopHint: "What is done stays; “Go on” takes up from there. Until it is complete, answers rest on what was before.",
  notes: "Remarks",
  steps: "Steps",
  ready: "Ready to be asked about",
  addedEntities: "things from layers",
  addedLandmarks: "landmarks",
  megapixels: "megapixels read",
  overview: "In this workspace",
  notWhole:
    "An ingest was stopped before its end: what is here is not complete. Go on with it, or run the ingest command again.",
  nothingYet: "There is nothing here yet.",
  firstSteps: [
    "Add imagery: one GeoTIFF or several, with the dates on which they were taken.",
    "Add what is known of the place, where you have it: map layers, detections, landmarks.",
    "Go back to the map and ask.",
  ],
  coverage: "Coverage",
  coverageMap: "Where imagery lies",
  noImagery: "There is no imagery yet.",
  images: "Images",
  resolution: "Resolution",
  area: "Ground",
  undated: "undated",
  things: "Mapped and detected",
  noThings: "Nothing is mapped or detected yet.",
  knowledge: "Knowledge",
  landmarks: "landmarks",
  passages: "passages",
  models: "Models",
  version: "version",
  vectors: "vectors",
  notInUse: "no longer in use",
  licence: "licence",
  sources: "Sources",
  storage: "On disk",
  crs: "Working CRS",
  fingerprint: "Content hash",
  all: "Show all",
  fewer: "Fewer",
  loading: "Loading",
  again: "Try again",
};
type Words = typeof ENGLISH;

const CHINESE: Words = {
  title: "数据",
  back: "返回地图",
  add: "添加数据",
  drop: "将文件拖到这里,或",
  choose: "选择文件",
  dropHint: "GeoTIFF 或 COG · GeoJSON、GeoPackage、压缩的 Shapefile · 检测结果 · JSON Lines 或 CSV 地标",
  dropNow: "松开即可添加",
  orPlace: "或填写所在位置",
  place: "服务所在机器上的路径,或网址",
  placePath: "/data/2024-05-12.tif 或 https://…/scene.tif",
  addPlace: "添加",
  upTo: "单个文件不超过",
  off: "其他机器也能访问此服务,因此不从页面接收数据。如有需要,请设置 TERRALOGUE_INGEST,或使用 ingest 命令。",
  uploadsOnly: "可以上传文件;不能填写服务所在机器上的路径或网址。",
  kind: "类型:",
  date: "日期",
  year: "年份",
  dateOf: "日期:",
  undatedHint: "没有日期的影像不参与日期比较。",
  needsYear: "嵌入数据需要注明年份。",
  remove: "移除",
  start: "加入工作区",
  sending: "正在上传",
  sendingStopped: "已停止上传,未保留任何内容。",
  stop: "停止",
  unreachable: "无法连接服务。它在运行吗?",
  busyNow: "正在导入;结束后才能开始下一次。",
  now: "进行中",
  earlier: "以前的导入",
  retry: "重试",
  resume: "继续",
  cancel: "停止",
  forget: "从列表中移除",
  lineLost: "连接中断,正在恢复",
  stopHint: "已完成的部分会保留,“继续”将从中断处接着做。完成之前,回答仍依据原来的数据。",
  notes: "说明",
  steps: "步骤",
  ready: "可以提问了",
  addedEntities: "个来自图层的对象",
  addedLandmarks: "个地标",
  megapixels: "百万像素已读取",
  overview: "工作区内容",
  notWhole: "有一次导入没有完成,当前内容不完整。请继续该导入,或重新运行 ingest 命令。",
  nothingYet: "这里还没有任何数据。",
  firstSteps: [
    "添加影像:一个或多个 GeoTIFF,并注明拍摄日期。",
    "如有资料,再添加该地的地图图层、检测结果或地标知识。",
    "返回地图,开始提问。",
  ],
  coverage: "覆盖范围",
  coverageMap: "影像所在位置",
  noImagery: "还没有影像。",
  images: "影像",
  resolution: "分辨率",
  area: "面积",
  undated: "无日期",
  things: "地图与检测到的对象",
  noThings: "还没有任何对象。",
  knowledge: "知识",
  landmarks: "个地标",
  passages: "段文字",
  models: "模型",
  version: "版本",
  vectors: "个向量",
  notInUse: "已不使用",
  licence: "许可证",
  sources: "来源",
  storage: "占用磁盘",
  crs: "工作坐标系",
  fingerprint: "内容哈希",
  all: "显示全部",
  fewer: "收起",
  loading: "正在加载",
  again: "重试",
};

export function ingestWords(language: Language): Words {
  return language === "zh" ? CHINESE : ENGLISH;
}

const KINDS: Readonly<Record<SourceKind, readonly [string, string]>> = {
  image: ["Imagery", "影像"],
  vectors: ["Map layer", "地图图层"],
  detections: ["Detections", "检测结果"],
  embeddings: ["Embeddings", "嵌入数据"],
  knowledge: ["Knowledge", "知识"],
};

const at = (language: Language) => (language === "zh" ? 1 : 0);

export const kindWords = (kind: SourceKind, language: Language): string => KINDS[kind][at(language)];
export const SOURCE_KINDS = Object.keys(KINDS) as SourceKind[];

const STEPS: Readonly<Record<JobStep["kind"], readonly [string, string]>> = {
  check: ["Checking the sources", "检查来源"],
  layer: ["Reading", "读取"],
  knowledge: ["Reading", "读取"],
  passages: ["Describing the passages", "为知识段落编码"],
  tiles: ["Indexing the imagery", "为影像建立索引"],
  embeddings: ["Reading the embeddings", "读取嵌入数据"],
  derive: ["Finding and dating things", "识别对象并判断年代"],
  captions: ["Captioning", "撰写描述"],
  open: ["Taking up the new content", "启用新内容"],
};

export function stepWords({ kind, file }: Pick<JobStep, "kind" | "file">, language: Language): string {
  const words = STEPS[kind][at(language)];
  return file === null ? words : `${words} ${file}`;
}

const STATES: Readonly<Record<Job["state"], readonly [string, string]>> = {
  running: ["Running", "正在导入"],
  done: ["Done", "已完成"],
  failed: ["Failed", "失败"],
  cancelled: ["Stopped", "已停止"],
  interrupted: ["Interrupted: the service stopped", "已中断:服务曾停止"],
};

export const stateWords = (state: Job["state"], language: Language): string => STATES[state][at(language)];

/** Which attempt it is, from the second on. */
export function attemptWords(attempt: number, language: Language): string {
  return language === "zh" ? `第 ${attempt} 次` : `attempt ${attempt}`;
}

const ROLES: Readonly<Record<ModelInfo["role"], readonly [string, string]>> = {
  encoder: ["Encoder", "编码器"],
  segmenter: ["Segmenter", "分割器"],
  embeddings: ["Embeddings", "嵌入数据"],
};

export const roleWords = (role: ModelInfo["role"], language: Language): string => ROLES[role][at(language)];

const REFUSALS: Readonly<Record<Refusal | "too_large", readonly [string, string]>> = {
  part_of_shapefile: [
    "is one part of a shapefile: zip it together with its .shp, .dbf, .shx and .prj, and drop the .zip.",
    "是 Shapefile 的一部分:请与 .shp、.dbf、.shx、.prj 一起压缩,再拖入 .zip。",
  ],
  unknown_ending: [
    "is of no kind that is read; convert it to GeoTIFF, GeoJSON, GeoPackage or JSON Lines.",
    "不是可读取的类型;请转换为 GeoTIFF、GeoJSON、GeoPackage 或 JSON Lines。",
  ],
  too_large: [
    "is larger than this service takes; give its path on the service's machine instead.",
    "超过此服务允许的大小;请改填它在服务所在机器上的路径。",
  ],
};

export function refusalWords(name: string, why: Refusal | "too_large", language: Language): string {
  return language === "zh" ? `${name}${REFUSALS[why][1]}` : `${name} ${REFUSALS[why][0]}`;
}
