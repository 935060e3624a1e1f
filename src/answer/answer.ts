import type { Query } from "../query/schema.ts";
import type { RetrievalContext } from "../retrieval/context.ts";
import type { PlanOutcome, TurnRecord } from "../turn/stages.ts";
import { CitedText } from "./cited-text.ts";
import type { Difference } from "./difference.ts";
import { exampleQuestions } from "./examples.ts";
import { answerLandmarkQuestion, focusOf } from "./landmarks/answer.ts";
import { neutral } from "./neutral.ts";
import { answerCompare } from "./questions/compare.ts";
import { answerCount } from "./questions/count.ts";
import { answerDescribe } from "./questions/describe.ts";
import { answerDistance } from "./questions/distance.ts";
import { answerExplain } from "./questions/explain.ts";
import { answerFromKnowledge } from "./questions/knowledge.ts";
import { answerMost } from "./questions/most.ts";
import { answerProbability } from "./questions/probability-meaning.ts";
import type { QuestionAnswer, QuestionInput } from "./questions/question.ts";
import { answerWhyNot } from "./questions/why-not.ts";
import { toNearMiss, toRegion } from "./region.ts";
import type { Region, Reply } from "./reply.ts";
import { turnDifference } from "./turn-difference.ts";
import { say } from "./words.ts";
import { notUnderstood, writeOutcome, writeRanked } from "./write-search.ts";

/**
 * Writes the reply of a turn: for a search from its ranking, for a question from the regions in focus, the reasoner and
 * the knowledge store. Every number in the text comes from a proof, an entity or a typed fact.
 *
 * @param planQuery plans a query as a search turn would, for questions that look at the standing query again
 */
export function answer(record: TurnRecord, context: RetrievalContext, planQuery: (query: Query) => PlanOutcome): Reply {
  const written: SearchAnswer = record.plan
    ? answerSearch(record, record.plan, context)
    : answerQuestion(record, context, planQuery);
  const plan = record.plan?.kind === "planned" ? record.plan.plan : null;
  return neutral({
    thread: record.thread,
    turn: record.turnNumber,
    intent: record.turn.intent,
    language: record.turn.language,
    outcome: written.outcome,
    text: written.text.text,
    understood: record.turn,
    plan,
    regions: [...(written.regions ?? [])],
    citations: [...written.text.citations],
    nearMisses: [...(written.nearMisses ?? [])],
    choices: record.turn.alternatives,
    ...(written.difference && { difference: written.difference }),
    timings: { ...record.timings },
    work: {
      tilesScored: record.tiles.length,
      chipsEncoded: record.saliency?.chipsEncoded ?? 0,
      pixelsRead: record.saliency?.pixelsRead ?? 0,
      predicatesEvaluated: record.predicatesEvaluated,
    },
  });
}

type SearchAnswer = QuestionAnswer & { readonly difference?: Difference };

function answerSearch(record: TurnRecord, planOutcome: PlanOutcome, context: RetrievalContext): SearchAnswer {
  const { turn, ranking } = record;
  if (planOutcome.kind === "refused") {
    const { outcome } = planOutcome;
    return { outcome: outcome.kind, text: writeOutcome(outcome, null, turn, [], context) };
  }
  const { plan } = planOutcome;
  const nearMisses = (ranking?.nearMisses ?? []).flatMap(
    (miss) => toNearMiss(miss, plan, turn.language, context) ?? [],
  );
  const differenceTo = (regions: readonly Region[]) =>
    turn.intent === "refine" && record.previous && record.previous.regions.length > 0
      ? turnDifference(record.previous.regions, regions, plan, context)
      : null;
  if (ranking?.outcome.kind !== "ranked") {
    const outcome = ranking?.outcome ?? ({ kind: "cannot_decide", because: "" } as const);
    const difference = differenceTo([]);
    const text = writeOutcome(outcome, plan, turn, nearMisses, context, difference);
    return { outcome: outcome.kind, text, nearMisses, ...(difference && { difference }) };
  }
  const regions = ranking.ranked.map((entry, index) =>
    toRegion(entry, { thread: record.thread, turn: record.turnNumber, rank: index + 1 }, plan, turn.language, context),
  );
  const difference = differenceTo(regions);
  const text = writeRanked(regions, plan, turn, difference);
  return { outcome: "ranked", text, regions, nearMisses, ...(difference && { difference }) };
}

function answerQuestion(
  record: TurnRecord,
  context: RetrievalContext,
  planQuery: (query: Query) => PlanOutcome,
): QuestionAnswer {
  const input: QuestionInput = { record, context, regions: regionsInFocus(record), plan: planQuery };
  const { turn } = record;
  if (turn.question?.knowledge && context.gazetteer.landmarks)
    return answerLandmarkQuestion(
      record.request.message,
      turn.question.knowledge,
      turn.language,
      context,
      focusOf(record, context),
      input.regions[0] ?? null,
    );
  const missing = turn.references.find(
    ({ text, rank, region }) => rank !== undefined && region === undefined && /\d|第/.test(text),
  );
  if (missing?.rank !== undefined && turn.intent !== "why_not") return noSuchResult(record, missing.rank);
  switch (turn.intent) {
    case "explain":
      return turn.question?.topic === "probability" ? answerProbability(input) : answerExplain(input);
    case "why_not":
      return answerWhyNot(input);
    case "compare":
      return turn.question?.degree ? answerMost(input, turn.question.degree) : answerCompare(input);
    case "count":
      return answerCount(input);
    case "describe":
      return answerDescribe(input);
    case "ask":
      return (turn.question?.topic === "distance" ? answerDistance(input) : null) ?? answerFromKnowledge(input);
    case "help":
      return { outcome: "answer", text: help(record, context) };
    case "out_of_scope":
      return { outcome: "not_covered", text: outOfScope(record, context) };
    default:
      return {
        outcome: "cannot_decide",
        text: writeOutcome({ kind: "cannot_decide", because: "" }, null, turn, [], context),
      };
  }
}

function noSuchResult({ previous, turn: { language } }: TurnRecord, rank: number): QuestionAnswer {
  const count = previous?.regions.length ?? 0;
  const text = say(
    language,
    `There is no #${rank}: ${count === 0 ? "nothing was found yet" : `the last result has ${count} ${count === 1 ? "region" : "regions"}`}.`,
    `没有 #${rank}:${count === 0 ? "还没有结果" : `上一次结果有 ${count} 个区域`}。`,
  );
  return { outcome: "cannot_decide", text: new CitedText().add(text) };
}

/** Regions that the message points at, found again in the last reply that had any. */
function regionsInFocus(record: TurnRecord): readonly Region[] {
  const known = record.previous?.regions ?? [];
  return record.turn.references.flatMap(
    ({ region, rank }) => known.find((entry) => (region ? entry.id === region : entry.rank === rank)) ?? [],
  );
}

function help(record: TurnRecord, context: RetrievalContext): CitedText {
  const { language } = record.turn;
  const examples = exampleQuestions(context, language).map((question) => `“${question}”`);
  return new CitedText().add(
    say(
      language,
      `Ask for things and places in this imagery, by kind, size, time and relation; then refine (“only within 500 m”), ask about a result (“why is this first?”, “why not the one at the port?”) or about a landmark. For example: ${examples.join("; ")}.`,
      `可以按类型、大小、时间和空间关系查找影像中的对象和地点;随后可缩小范围(“只要 500 米以内的”)、追问结果(“为什么它排第一?”“港口那个为什么不在?”)或询问地标。例如:${examples.join(";")}。`,
    ),
  );
}

function outOfScope(record: TurnRecord, context: RetrievalContext): CitedText {
  const { language } = record.turn;
  const [example] = exampleQuestions(context, language);
  const hint = example ? say(language, ` Try “${example}”.`, `可以试试“${example}”。`) : "";
  return new CitedText()
    .add(
      say(
        language,
        `That is not a question about this imagery or its places, so I leave it.${hint}`,
        `这不是关于该影像或其中地点的问题,因此不作回答。${hint}`,
      ),
    )
    .add(notUnderstood(record.turn));
}
