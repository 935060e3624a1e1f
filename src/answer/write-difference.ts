import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import { formulaWords } from "../logic/explain.ts";
import type { Formula } from "../logic/formula.ts";
import type { Difference, Left } from "./difference.ts";
import { conceptName } from "./names.ts";
import { leftFormula } from "./turn-difference.ts";
import { area, type Language, metres, say } from "./words.ts";

/** "4 of the 9 earlier results remain; 5 left because they are over 500 m from a motorway exit (612 m to 940 m)." */
export function writeDifference(
  difference: Difference,
  target: ConceptId,
  isUndo: boolean,
  language: Language,
): string {
  const { added } = difference;
  const back = isUndo ? say(language, "Back to the query before: ", "已回到上一步的查询:") : "";
  const head = `${back}${remainWords(difference, isUndo, language)}`;
  const parts = difference.left.map((left) => leftWords(left, target, language));
  if (added > 0)
    parts.push(
      say(language, `${added} ${added === 1 ? "was" : "were"} not among them`, `另有 ${added} 个不在之前的结果中`),
    );
  return `${[head, ...parts].join(say(language, "; ", ";"))}${say(language, ".", "。")}`;
}

function remainWords({ of, remain }: Difference, isUndo: boolean, language: Language): string {
  const results = of === 1 ? "result" : "results";
  const start = (word: string) => (isUndo ? word.charAt(0).toLowerCase() + word.slice(1) : word);
  if (remain === of)
    return say(
      language,
      of === 1 ? start("The earlier result remains") : start(`All ${of} earlier results remain`),
      of === 1 ? "之前的结果仍保留" : `之前的 ${of} 个结果全部保留`,
    );
  if (remain === 0)
    return say(
      language,
      of === 1 ? start("The earlier result does not remain") : start(`None of the ${of} earlier results remains`),
      of === 1 ? "之前的结果没有保留" : `之前的 ${of} 个结果都没有保留`,
    );
  return say(
    language,
    `${remain} of the ${of} earlier ${results} ${remain === 1 ? "remains" : "remain"}`,
    `之前的 ${of} 个结果中保留了 ${remain} 个`,
  );
}

function leftWords(left: Left, target: ConceptId, language: Language): string {
  const { count } = left;
  const they = count === 1 ? "it" : "they";
  const are = count === 1 ? "it is" : "they are";
  const english = (because: string) => `${count} left because ${because}`;
  const chinese = (because: string) => `${count} 个因${because}而去掉`;
  switch (left.reason) {
    case "excluded":
      return say(language, english(`you excluded ${count === 1 ? "it" : "them"}`), chinese("您已将其排除"));
    case "outside":
      return say(
        language,
        english(`${they} ${count === 1 ? "lies" : "lie"} outside the search area`),
        chinese("在搜索范围之外"),
      );
    case "limit":
      return say(language, english("only so many are asked for"), chinese("只要求这么多结果"));
    case "kind":
      return say(
        language,
        english(`${are} no ${conceptName(target, "en", count === 1 ? "one" : "many")}`),
        chinese(`不是${conceptName(target, "zh")}`),
      );
    case "weak":
      return say(language, english(`the evidence for ${count === 1 ? "it" : "them"} is too weak`), chinese("证据太弱"));
    case "fails":
      return say(language, english(failEnglish(left, are)), chinese(failChinese(left)));
  }
}

function failEnglish(left: Left, are: string): string {
  const formula = leftFormula(left);
  const anchor = formula && farAnchor(formula);
  if (anchor && left.measured === "distance" && left.threshold !== undefined)
    return `${are} over ${metres(left.threshold, "en")} from the nearest ${conceptName(anchor, "en")}${range(left, "en")}`;
  if (formula?.kind === "time") return `${timeEnglish(formula, are)}${since(formula, "en")}`;
  if (formula?.kind === "area")
    return `${are} ${formula.op.startsWith(">") ? "under" : "over"} ${area(formula.value, "en")}${range(left, "en")}`;
  const words = formula ? formulaWords(formula, "en") : "a condition";
  return `“${words}” does not hold${range(left, "en")}`;
}

function failChinese(left: Left): string {
  const formula = leftFormula(left);
  const anchor = formula && farAnchor(formula);
  if (anchor && left.measured === "distance" && left.threshold !== undefined)
    return `距最近的${conceptName(anchor, "zh")}超过 ${metres(left.threshold, "zh")}${range(left, "zh")}`;
  if (formula?.kind === "time") return `${NOT_CHINESE[formula.change]}${since(formula, "zh")}`;
  if (formula?.kind === "area")
    return `面积${formula.op.startsWith(">") ? "不到" : "超过"} ${area(formula.value, "zh")}${range(left, "zh")}`;
  const words = formula ? formulaWords(formula, "zh") : "某一条件";
  return `不满足“${words}”${range(left, "zh")}`;
}

type Time = Extract<Formula, { kind: "time" }>;

function timeEnglish({ change }: Time, are: string): string {
  const have = are === "it is" ? "it has" : "they have";
  const words: Readonly<Record<Time["change"], string>> = {
    new: `${are} not new`,
    gone: `${are} not gone`,
    grown: `${have} not grown`,
    shrunk: `${have} not shrunk`,
    changed: `${have} not changed`,
    as_of: `${are} not there`,
  };
  return words[change];
}

const NOT_CHINESE: Readonly<Record<Time["change"], string>> = {
  new: "并非新出现",
  gone: "并未消失",
  grown: "没有扩大",
  shrunk: "没有缩小",
  changed: "没有变化",
  as_of: "当时不存在",
};

/** " between 2021-05-18 and 2023-08-25". */
function since({ from, to }: Time, language: Language): string {
  if (from && to) return say(language, ` between ${from} and ${to}`, `(${from} 至 ${to})`);
  if (from) return say(language, ` since ${from}`, `(自 ${from})`);
  return to ? say(language, ` until ${to}`, `(至 ${to})`) : "";
}

/** " (612 m to 940 m)": what was measured, least and most. */
function range({ measured, unit, nearest, farthest }: Left, language: Language): string {
  if (nearest === undefined || farthest === undefined || unit === "px") return "";
  const print = (value: number) =>
    measured === "distance"
      ? metres(value, language)
      : measured === "area"
        ? area(value, language)
        : say(language, `${value}`, `${value} 个`);
  const [low, high] = [print(nearest), print(farthest)];
  const words = low === high ? low : say(language, `${low} to ${high}`, `${low}至 ${high}`);
  return say(language, ` (${words})`, `(${words})`);
}

/** The kind of thing that "there is one within d" asks for, null for any other part. */
function farAnchor(formula: Formula): ConceptId | null {
  if (formula.kind !== "exists") return null;
  const parts = formula.body.kind === "and" ? formula.body.parts : [formula.body];
  const isBounded = parts.some(
    (part) => part.kind === "spatial" && ["near", "along", "adjacent"].includes(part.predicate),
  );
  const concept = parts.find((part) => part.kind === "concept" && part.term === formula.variable);
  const isPlain = parts.every(({ kind }) => kind === "spatial" || kind === "concept");
  return isBounded && isPlain && concept?.kind === "concept" ? concept.concept : null;
}
