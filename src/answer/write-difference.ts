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
  const { of, remain, added } = difference;
  const head = say(
    language,
    `${isUndo ? "Back to the query before: " : ""}${remain} of the ${of} earlier ${of === 1 ? "result" : "results"} ${remain === 1 ? "remains" : "remain"}`,
    `${isUndo ? "已回到上一步的查询:" : ""}之前的 ${of} 个结果中保留了 ${remain} 个`,
  );
  const parts = difference.left.map((left) => leftWords(left, target, language));
  if (added > 0)
    parts.push(
      say(language, `${added} ${added === 1 ? "was" : "were"} not among them`, `另有 ${added} 个不在之前的结果中`),
    );
  return `${[head, ...parts].join(say(language, "; ", ";"))}${say(language, ".", "。")}`;
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
  const words = formula ? formulaWords(formula, "en") : "a condition";
  return `“${words}” does not hold${range(left, "en")}`;
}

function failChinese(left: Left): string {
  const formula = leftFormula(left);
  const anchor = formula && farAnchor(formula);
  if (anchor && left.measured === "distance" && left.threshold !== undefined)
    return `距最近的${conceptName(anchor, "zh")}超过 ${metres(left.threshold, "zh")}${range(left, "zh")}`;
  const words = formula ? formulaWords(formula, "zh") : "某一条件";
  return `不满足“${words}”${range(left, "zh")}`;
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
