import type { ConceptId } from "../../knowledge/ontology/ids.ts";
import { describeQuery } from "../query/describe.ts";
import { nearestConcepts } from "../query/nearest-concepts.ts";
import type { Turn } from "../query/turn.ts";
import type { RetrievalContext } from "../retrieval/context.ts";
import type { Outcome } from "../retrieval/outcome.ts";
import type { Plan } from "../retrieval/plan.ts";
import { flagWords } from "./caption.ts";
import { CitedText } from "./cited-text.ts";
import type { Difference } from "./difference.ts";
import { conceptName } from "./names.ts";
import { regionSource } from "./region-source.ts";
import type { NearMiss, Region } from "./reply.ts";
import { type Language, list, percent, plain, say } from "./words.ts";
import { writeDifference } from "./write-difference.ts";

/** Regions that the text spells out; all of them are in the reply. */
const MOST_LISTED = 5;

/** What a search found, in words: how many, for which question, over which dates; then one line a region with its probability. */
export function writeRanked(
  regions: readonly Region[],
  plan: Plan,
  turn: Turn,
  difference: Difference | null,
): CitedText {
  const { language } = turn;
  const text = new CitedText();
  const question = describeQuery(plan.query, language);
  text.add(
    say(
      language,
      `Found ${regions.length} ${regions.length === 1 ? "region" : "regions"} for “${question}”`,
      `找到 ${regions.length} 个符合“${question}”的区域`,
    ),
  );
  text.add(datesWords(plan, language));
  text.add(say(language, ".", "。"));
  if (difference) text.add(differenceWords(difference, plan, turn));
  for (const region of regions.slice(0, MOST_LISTED)) {
    text.add(`\n${region.rank}. `);
    text.add(region.caption, regionSource(region));
    const caution = flagWords(region.flags, language);
    const note = caution ? say(language, `; ${caution}`, `;${caution}`) : "";
    text.add(
      say(
        language,
        ` (probability ${percent(region.probability)}${note})`,
        `(概率 ${percent(region.probability)}${note})`,
      ),
    );
  }
  const rest = regions.length - MOST_LISTED;
  if (rest > 0) text.add(say(language, `\n… and ${rest} more.`, `\n……另有 ${rest} 个。`));
  text.add(notUnderstood(turn));
  return text;
}

function differenceWords(difference: Difference, plan: Plan, turn: Turn): string {
  const words = writeDifference(difference, plan.query.target.concept, turn.action === "undo", turn.language);
  return say(turn.language, ` ${words}`, words);
}

function datesWords(plan: Plan, language: Language): string {
  const { before, after } = plan.dates;
  if (before && after) return say(language, `, comparing ${before} with ${after}`, `,对比 ${before} 与 ${after}`);
  return after ? say(language, `, as of ${after}`, `,截至 ${after}`) : "";
}

/** Why there is no result, in the three kinds of "no", and what would change it. */
export function writeOutcome(
  outcome: Outcome,
  plan: Plan | null,
  turn: Turn,
  nearMisses: readonly NearMiss[],
  context: RetrievalContext,
  difference: Difference | null = null,
): CitedText {
  const { language } = turn;
  const text = new CitedText();
  switch (outcome.kind) {
    case "not_covered":
      return text.add(notCovered(outcome, language, context)).add(notUnderstood(turn));
    case "cannot_decide":
      text.add(undecided(outcome.because, language));
      break;
    default: {
      const question = plan ? describeQuery(plan.query, language) : "";
      text.add(say(language, `Nothing matches “${question}”`, `没有符合“${question}”的区域`));
      if (plan) text.add(datesWords(plan, language));
      text.add(say(language, ".", "。"));
      if (outcome.kind === "no_match" && outcome.reason === "no_candidate" && plan) {
        const what = conceptName(plan.query.target.concept, language);
        text.add(say(language, ` The search area holds no ${what} at all.`, `搜索范围内没有任何${what}。`));
      }
    }
  }
  if (difference && plan) text.add(differenceWords(difference, plan, turn));
  const nearest = nearMisses[0];
  if (nearest) {
    text.add(say(language, " Closest: ", "最接近的:"));
    text.add(nearest.caption, {
      evidence: nearest.id,
      kind: "entity",
      title: nearest.caption,
      quote: nearest.failure.explanation,
      source: "",
    });
    text.add(say(language, ". ", "。"));
    text.add(plain(nearest.failure.explanation));
    if (nearest.failure.repair) text.add(` ${plain(nearest.failure.repair)}`);
  }
  return text.add(notUnderstood(turn));
}

function notCovered(
  outcome: Extract<Outcome, { kind: "not_covered" }>,
  language: Language,
  context: RetrievalContext,
): string {
  const { detail } = outcome;
  switch (outcome.missing) {
    case "concept": {
      const what = conceptName(detail as ConceptId, language, "many");
      const held = context.workspace.entities
        .counts()
        .slice(0, 6)
        .map(({ concept }) => conceptName(concept as ConceptId, language, "many"));
      return say(
        language,
        `I cannot look for ${what} here: neither the layers and detections of this workspace nor its image encoder know any.${held.length > 0 ? ` The workspace holds ${list(held, language)}.` : ""} Adding a layer or detections with ${what} would make the question answerable.`,
        `这里无法查找${what}:该工作区的图层、检测结果和影像编码器都不包含它。${held.length > 0 ? `现有内容:${list(held, language)}。` : ""}加入含有${what}的图层或检测结果后即可回答。`,
      );
    }
    case "place": {
      const [name = "", nearest = ""] = detail.split(":");
      const hint = nearest.split("|").filter(Boolean).map(plain);
      return (
        say(language, `I know no place called “${plain(name)}” here.`, `这里没有名为“${plain(name)}”的地点。`) +
        (hint.length > 0
          ? say(language, ` Did you mean ${list(hint, language)}?`, `您是指${list(hint, language)}吗?`)
          : "")
      );
    }
    case "date": {
      const [asked = "", dates = ""] = detail.split(":");
      const held = dates.split("|").filter(Boolean);
      const range = asked.replace(/^\//, "").replace(/\/$/, "");
      return held.length > 0
        ? say(
            language,
            `The imagery cannot show that${range ? ` for ${range}` : ""}: its dates are ${list(held, language)}.`,
            `影像无法回答${range ? ` ${range} 的` : ""}这一问题:现有日期为 ${list(held, language)}。`,
          )
        : say(
            language,
            "That needs imagery of two dates, or entities with dates; this workspace has neither.",
            "这需要两个日期的影像或带日期的对象,该工作区两者都没有。",
          );
    }
    case "imagery":
      return say(
        language,
        `Nothing of this workspace lies in ${plain(detail)}.`,
        `该工作区的数据不覆盖${plain(detail)}。`,
      );
    default:
      return say(language, `This workspace has no layer for ${plain(detail)}.`, `该工作区没有${plain(detail)}图层。`);
  }
}

function undecided(because: string, language: Language): string {
  const which = /^which_place:([^:]*):(.*)$/su.exec(because);
  if (which) {
    const [, name, choices] = which as unknown as [string, string, string];
    const labels = choices.split("|").map(plain).join("; ");
    return say(
      language,
      `I cannot decide which “${plain(name)}” is meant: ${labels}. Draw an area or move the map to the one you mean.`,
      `无法判定“${plain(name)}”指哪一个:${labels}。请绘制范围或将地图移到所指的地点。`,
    );
  }
  switch (because) {
    case "weak_evidence":
      return say(
        language,
        "I cannot decide: there are candidates, but the evidence for the best of them is too weak to show it as a result.",
        "无法判定:有候选区域,但其中最好的证据也太弱,不足以作为结果。",
      );
    case "budget":
      return say(
        language,
        "I cannot decide: the pixel budget ended before the most promising places were looked at. A smaller search area would help.",
        "无法判定:像素预算在查看最有希望的地点之前已用完。缩小搜索范围会有帮助。",
      );
    case "imagery_only":
      return say(
        language,
        "I cannot decide: no layer or detection of this workspace knows any, and the imagery's statistics show none clearly. Adding a layer or detections would settle it.",
        "无法判定:该工作区没有相应的图层或检测结果,影像统计特征也没有清楚地显示。加入图层或检测结果后即可确定。",
      );
    case "no_view":
      return say(
        language,
        "The question names a view or a drawn area, but none came with it. Draw an area or switch on “search in this view”, or name a place.",
        "问题提到了当前视图或绘制的范围,但没有收到。请绘制范围、打开“在当前视图中搜索”,或给出地名。",
      );
    default:
      return say(language, "I did not find in this message what to look for.", "没有在这句话中找到要查找的对象。");
  }
}

/** Says which words were left out, so that nothing is dropped in silence. */
export function notUnderstood(turn: Turn): string {
  const words = turn.unparsed.map(({ text }) => `“${plain(text)}”`);
  if (words.length === 0) return "";
  const nearest = new Set(
    turn.unparsed.flatMap(({ text, slot }) => (slot === "unparsed" ? nearestConcepts(text, 2) : [])),
  );
  const names = [...nearest].map((concept) => conceptName(concept, turn.language, "many"));
  return (
    say(
      turn.language,
      `\nNot understood, and so not used: ${list(words, "en")}.`,
      `\n未能理解、因此未使用:${list(words, "zh")}。`,
    ) +
    (names.length > 0 ? say(turn.language, ` Did you mean ${list(names, "en")}?`, `您是指${list(names, "zh")}吗?`) : "")
  );
}
