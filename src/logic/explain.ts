import {
  attributeName,
  conceptName,
  type LengthUnit,
  lengthWords,
  predicateWords,
} from "../../knowledge/ontology/names.ts";
import type { Formula } from "./formula.ts";
import type { Failure, Measurement, Proof, ProofNode } from "./proof.ts";
import { parseFormula } from "./text.ts";

type Language = "en" | "zh";

const say = (language: Language, english: string, chinese: string) => (language === "zh" ? chinese : english);

/** The words of a proof, from the proof alone: each part of the query with what was measured, and for a failure its repair. */
export function explainProof(proof: Proof, language: Language): string {
  const unit = unitOf(proof.tree);
  const parts = proof.tree.kind === "and" ? proof.tree.children : [proof.tree];
  const failing = proof.failure?.formula;
  const met = parts
    .filter(({ formula, truth }) => formula !== failing && truth >= 0.3)
    .map((node) => partWords(node, language, unit));
  const sentences: string[] = [];
  if (met.length > 0) {
    sentences.push(say(language, `It holds that ${met.join("; ")}.`, `满足:${met.join(";")}。`));
  }
  if (proof.failure) {
    const { explanation, repair } = explainFailure(parseFormula(proof.failure.formula), proof.failure, language);
    sentences.push(explanation, ...(repair ? [repair] : []));
  }
  return sentences.join(say(language, " ", ""));
}

/** Pixels where anything was measured in pixels. */
function unitOf(node: ProofNode): LengthUnit {
  return node.measured?.unit === "px" || node.children.some((child) => unitOf(child) === "px") ? "px" : "m";
}

function partWords(node: ProofNode, language: Language, unit: LengthUnit): string {
  const words = formulaWords(parseFormula(node.formula), language, unit);
  const measured = measuredIn(node);
  if (!measured) return words;
  return `${words}${say(language, ` (${measurementWords(measured, language)})`, `(${measurementWords(measured, language)})`)}`;
}

/** The measurement that decides a part: its own, else the first one below it that a threshold bounds. */
function measuredIn(node: ProofNode): Measurement | null {
  if (node.measured && node.measured.name !== "confidence") return node.measured;
  if (node.kind === "not" || node.kind === "concept") return null;
  for (const child of node.children) {
    const found = measuredIn(child);
    if (found) return found;
  }
  return null;
}

function measurementWords({ name, value, unit }: Measurement, language: Language): string {
  const number = typeof value === "number" ? numberWords(value, unit, language) : dateWords(value, language);
  const names: Readonly<Record<Measurement["name"], string>> = {
    distance: say(language, `measured ${number}`, `实测 ${number}`),
    area: say(language, `measured ${number}`, `实测 ${number}`),
    count: say(language, `counted ${number}`, `实有 ${number} 个`),
    bearing: say(language, `${number} off that direction`, `偏离该方向 ${number}`),
    overlap: say(language, `${number} of it`, `比例 ${number}`),
    enclosure: say(language, `${number} of its surroundings`, `周边比例 ${number}`),
    date: say(language, number, number),
    confidence: say(language, `confidence ${number}`, `置信度 ${number}`),
    change: say(language, `area change ${number}`, `面积变化 ${number}`),
  };
  return names[name];
}

function dateWords(value: string, language: Language): string {
  if (language === "en") return /^\d{4}/.test(value) ? `first seen ${value}` : value;
  const words: Readonly<Record<string, string>> = {
    "before the record": "在已有记录之前就存在",
    "still there": "仍然存在",
    "not measured": "未测得",
    unknown: "未知",
  };
  return words[value] ?? value;
}

function numberWords(value: number, unit: Measurement["unit"], language: Language): string {
  switch (unit) {
    case "m":
      return `${round(value)} ${say(language, "m", "米")}`;
    case "px":
      return `${round(value)} ${say(language, "px", "像素")}`;
    case "m2":
      return `${Math.round(value).toLocaleString("en-US")} ${say(language, "m²", "平方米")}`;
    case "degrees":
      return `${Math.round(value)}°`;
    case "ratio":
      return `${Math.round(value * 100)} %`;
    default:
      return String(value);
  }
}

function round(value: number): string {
  return (value < 10 ? Math.round(value * 10) / 10 : Math.round(value)).toLocaleString("en-US");
}

/** Why a part fails and what would admit the candidate, in words. */
export function explainFailure(
  part: Formula,
  failure: Omit<Failure, "explanation" | "repair">,
  language: Language,
): { explanation: string; repair?: string } {
  const unit = failure.measured?.unit === "px" ? "px" : "m";
  const words = formulaWords(part, language, unit);
  const head = say(language, `What fails is “${words}”`, `不满足的是“${words}”`);
  const { measured, margin } = failure;
  const explanation = `${head}${measured ? detail(part, measured, margin, language) : ""}${say(language, ".", "。")}`;
  const repair = repairWords(failure, language);
  return repair ? { explanation, repair } : { explanation };
}

function detail(part: Formula, measured: Measurement, margin: number | undefined, language: Language): string {
  const number = typeof measured.value === "number" ? numberWords(measured.value, measured.unit, language) : "";
  const miss = margin !== undefined && margin > 0 ? numberWords(margin, measured.unit, language) : null;
  switch (measured.name) {
    case "distance": {
      if (part.kind === "not") return say(language, `: there is one ${number} away`, `:在 ${number} 处就有一个`);
      const over = miss ? say(language, `, ${miss} too far`, `,超出 ${miss}`) : "";
      return say(language, `: the nearest is ${number} away${over}`, `:最近的在 ${number} 之外${over}`);
    }
    case "count":
      return measured.value === 0
        ? say(language, ": there is none", ":一个也没有")
        : say(language, `: there ${measured.value === 1 ? "is" : "are"} ${number}`, `:只有 ${number} 个`);
    case "area":
      return say(language, `: it measures ${number}`, `:实测 ${number}`);
    case "date":
      return say(
        language,
        `: it was there ${dateText(String(measured.value), "en")}`,
        `:${dateText(String(measured.value), "zh")}`,
      );
    case "confidence":
      return say(language, `: the evidence for it is only ${number}`, `:证据仅 ${number}`);
    case "change":
      return typeof measured.value === "number"
        ? say(language, `: its area changed by ${number}`, `:面积变化为 ${number}`)
        : say(language, ": its growth was not measured", ":其面积变化没有测量");
    default:
      return say(language, `: measured ${number}`, `:实测 ${number}`);
  }
}

function dateText(value: string, language: Language): string {
  if (/^\d{4}/.test(value)) return say(language, `from ${value} on`, `${value} 起就存在`);
  return value === "before the record"
    ? say(language, "on the oldest date already", "在最早的日期就已存在")
    : say(language, value, dateWords(value, "zh"));
}

function repairWords(
  { change, measured }: Omit<Failure, "explanation" | "repair">,
  language: Language,
): string | undefined {
  if (!change?.admits) return undefined;
  const old = typeof measured?.threshold === "number" ? measured.threshold : null;
  switch (change.kind) {
    case "distance": {
      const value = numberWords(change.value ?? 0, measured?.unit ?? "m", language);
      const instead =
        old === null
          ? ""
          : say(
              language,
              ` instead of ${numberWords(old, measured?.unit ?? "m", language)}`,
              `(而非 ${numberWords(old, measured?.unit ?? "m", language)})`,
            );
      return say(
        language,
        `A distance of ${value}${instead} would admit it.`,
        `若距离改为 ${value}${instead},它就符合。`,
      );
    }
    case "count":
      return say(language, `Asking for ${change.value} would admit it.`, `若改为 ${change.value} 个,它就符合。`);
    case "area": {
      const value = numberWords(change.value ?? 0, measured?.unit ?? "m2", language);
      return say(language, `A threshold of ${value} would admit it.`, `若面积门槛改为 ${value},它就符合。`);
    }
    case "drop":
      return say(language, "Without this condition it would be admitted.", "去掉这一条件,它就符合。");
  }
}

/** A formula in words. The free variable x is "it". */
export function formulaWords(formula: Formula, language: Language, unit: LengthUnit = "m"): string {
  switch (formula.kind) {
    case "true":
      return say(language, "anything", "任意");
    case "false":
      return say(language, "nothing", "无");
    case "concept":
      return say(
        language,
        `${subject(formula.term, language)} is ${withArticle(conceptName(formula.concept, "en"))}`,
        `${subject(formula.term, language)}是${conceptName(formula.concept, "zh")}`,
      );
    case "attribute":
      return say(
        language,
        `${subject(formula.term, language)} is ${attributeName(formula.attribute, "en")}`,
        `${subject(formula.term, language)}是${attributeName(formula.attribute, "zh")}的`,
      );
    case "area":
      return say(
        language,
        `area ${formula.op} ${numberWords(formula.value, unit === "m" ? "m2" : "px", "en")}`,
        `面积 ${formula.op} ${numberWords(formula.value, unit === "m" ? "m2" : "px", "zh")}`,
      );
    case "time":
      return timeWords(formula, language);
    case "spatial":
      return predicateWords(
        formula.predicate,
        language,
        formula.terms[1]?.startsWith("@") ? say(language, "the given place", "给定地点") : say(language, "it", "它"),
        formula.distanceM,
        unit,
      );
    case "equal":
      return say(language, `${formula.left} is ${formula.right}`, `${formula.left} 就是 ${formula.right}`);
    case "not":
      return say(
        language,
        `no ${withoutArticle(formulaWords(formula.body, "en", unit))}`,
        `没有${formulaWords(formula.body, "zh", unit)}`,
      );
    case "and":
      return formula.parts.map((part) => formulaWords(part, language, unit)).join(say(language, " and ", "且"));
    case "or":
      return formula.parts.map((part) => formulaWords(part, language, unit)).join(say(language, " or ", "或"));
    case "implies":
      return say(
        language,
        `if ${formulaWords(formula.left, language, unit)} then ${formulaWords(formula.right, language, unit)}`,
        `若${formulaWords(formula.left, language, unit)}则${formulaWords(formula.right, language, unit)}`,
      );
    case "exists":
      return boundWords(formula.variable, formula.body, null, language, unit);
    case "forall":
      return say(
        language,
        `for everything, ${formulaWords(formula.body, language, unit)}`,
        `对所有对象,${formulaWords(formula.body, language, unit)}`,
      );
    case "count": {
      const op = {
        ">=": say(language, "at least", "至少"),
        "<=": say(language, "at most", "至多"),
        "=": say(language, "exactly", "恰好"),
      }[formula.op];
      return boundWords(formula.variable, formula.body, `${op} ${formula.n}`, language, unit);
    }
  }
}

/** "a highway exit within 500 m", "at least 3 storage tanks within 200 m". */
function boundWords(
  variable: string,
  body: Formula,
  amount: string | null,
  language: Language,
  unit: LengthUnit,
): string {
  const conjuncts = body.kind === "and" ? body.parts : [body];
  const concept = conjuncts.find((part) => part.kind === "concept" && part.term === variable);
  const name =
    concept?.kind === "concept"
      ? conceptName(concept.concept, language, amount && language === "en" ? "many" : "one")
      : say(language, "thing", "对象");
  const attributes = conjuncts.flatMap((part) =>
    part.kind === "attribute" && part.term === variable ? attributeName(part.attribute, language) : [],
  );
  const isOther = conjuncts.some((part) => part.kind === "not" && part.body.kind === "equal");
  const links = conjuncts.flatMap((part) => {
    if (part.kind === "spatial") return linkWords(part, variable, language, unit);
    if (part.kind === "concept" || part.kind === "attribute" || part.kind === "equal") return [];
    if (part.kind === "not" && part.body.kind === "equal") return [];
    return say(language, `with ${formulaWords(part, language, unit)}`, `且其${formulaWords(part, language, unit)}`);
  });
  if (language === "zh")
    return `${amount ? `${amount} 个` : ""}${[...links.filter((link) => !link.startsWith("且其")), ...attributes, ""].join("的")}${isOther ? "其他" : ""}${name}${links.filter((link) => link.startsWith("且其")).join("")}`;
  const noun = [...(isOther ? ["other"] : []), ...attributes, name].join(" ");
  return [amount ? `${amount} ${noun}` : withArticle(noun), ...links].join(" ");
}

/** How the quantified thing stands to the other: the predicate is read from the other's side when the variable is second. */
function linkWords(
  part: Extract<Formula, { kind: "spatial" }>,
  variable: string,
  language: Language,
  unit: LengthUnit,
): string {
  const distance = part.distanceM === undefined ? null : lengthWords(part.distanceM, unit, language);
  const first = part.terms[0] === variable;
  switch (part.predicate) {
    case "near":
      return say(language, `within ${distance ?? "reach"}`, `${distance ?? ""}以内`);
    case "far_from":
      return say(language, `more than ${distance ?? "some way"} away`, `${distance ?? ""}以外`);
    case "along":
      return say(
        language,
        `alongside${distance ? ` (within ${distance})` : ""}`,
        `沿线${distance ? `(${distance}以内)` : ""}`,
      );
    case "adjacent":
      return say(
        language,
        `right beside${distance ? ` (within ${distance})` : ""}`,
        `紧邻${distance ? `(${distance}以内)` : ""}`,
      );
    case "inside":
      return first ? say(language, "inside it", "在其内部") : say(language, "around it (it lies inside)", "包含它");
    case "contains":
      return first ? say(language, "containing it", "包含它") : say(language, "inside it", "在其内部");
    case "surrounded_by":
      return say(language, "surrounding it", "环绕它");
    default:
      return predicateWords(part.predicate, language, say(language, first ? "it" : "that", "它"), part.distanceM, unit);
  }
}

function timeWords(formula: Extract<Formula, { kind: "time" }>, language: Language): string {
  const range =
    formula.from && formula.to
      ? say(language, ` between ${formula.from} and ${formula.to}`, `(${formula.from} 至 ${formula.to})`)
      : formula.from
        ? say(language, ` since ${formula.from}`, `(自 ${formula.from})`)
        : formula.to
          ? say(language, ` until ${formula.to}`, `(至 ${formula.to})`)
          : "";
  const words: Readonly<Record<typeof formula.change, string>> = {
    new: say(language, "it is new", "新出现"),
    gone: say(language, "it is gone", "已消失"),
    grown: say(language, "it has grown", "已扩大"),
    shrunk: say(language, "it has shrunk", "已缩小"),
    changed: say(language, "it has changed", "有变化"),
    as_of: say(language, "it stood", "存在"),
  };
  return `${words[formula.change]}${range}`;
}

function subject(term: string, language: Language): string {
  return term === "x" ? say(language, "it", "它") : term.startsWith("@") ? say(language, "the place", "该地点") : term;
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;
}

function withoutArticle(words: string): string {
  return words.replace(/^(an?|the) /, "");
}
