import { FUSION, kindOf, shownFrom } from "../../retrieval/fusion.ts";
import { CitedText } from "../cited-text.ts";
import type { Region } from "../reply.ts";
import { percent, say } from "../words.ts";
import { regionCitation } from "./explain.ts";
import type { QuestionAnswer, QuestionInput } from "./question.ts";

/**
 * "What does 0.8 mean?": how a probability was calibrated, from which one on results are shown, what bound that keeps and on what assumption. The one asked about is
 * that of the message, else that of the result it points at, else that of the first result.
 */
export function answerProbability(input: QuestionInput): QuestionAnswer {
  const { record } = input;
  const { language } = record.turn;
  const region = input.regions[0] ?? record.previous?.regions[0];
  const probability = statedIn(record.request.message) ?? region?.probability;
  const text = new CitedText();
  if (region && probability === region.probability)
    text
      .add(`#${region.rank}: `)
      .add(region.caption, regionCitation(region))
      .add(say(language, ". ", "。"));
  text.add(meaning(probability, input));
  return { outcome: "answer", text, ...(region && { regions: [region] satisfies readonly Region[] }) };
}

function meaning(probability: number | undefined, { record }: QuestionInput): string {
  const { language, query } = record.turn;
  const kind = query ? kindOf(query) : null;
  const { alpha, queries } = FUSION.abstention;
  const asked = kind ? queries[kind] : Object.values(queries).reduce((sum, one) => sum + one, 0);
  const share = probability === undefined ? null : percent(probability);
  const bound = percent(alpha);
  const from = kind ? percent(shownFrom(kind)) : null;
  return say(
    language,
    [
      share
        ? `A probability of ${share} means that of results with such a score about ${share} were what was asked for`
        : "A probability is the share of results with such a score that were what was asked for",
      `, counted over ${asked} test questions${kind ? " of this kind" : ""} about painted worlds.`,
      from
        ? ` Results are shown from ${from} on, so that on average at most ${bound} of what is shown is wrong.`
        : ` Less probable results are held back, so that on average at most ${bound} of what is shown is wrong.`,
      " Both hold if this imagery and these questions are like the worlds they were calibrated on; for other imagery they are no promise.",
    ].join(""),
    [
      share
        ? `概率 ${share} 表示:得分相近的结果中约有 ${share} 确实符合问题`
        : "概率是得分相近的结果中确实符合问题的比例",
      `,由 ${asked} 个${kind ? "同类" : ""}测试问题在绘制的世界上统计得出。`,
      from
        ? `概率从 ${from} 起才显示,这样平均而言所显示的结果中至多 ${bound} 是错的。`
        : `概率更低的结果不显示,这样平均而言所显示的结果中至多 ${bound} 是错的。`,
      "前提是本影像和这些问题与校准所用的世界相似;对其他影像不作保证。",
    ].join(""),
  );
}

/** "0.8", "80 %", "80 percent"; undefined where the message states none. */
function statedIn(message: string): number | undefined {
  const share = /(\d{1,3}(?:\.\d+)?)\s*(?:%|%|percent|per cent)|百分之\s*(\d{1,3})/iu.exec(message);
  const value = share
    ? Number(share[1] ?? share[2]) / 100
    : Number(/(?<![\d.])0?\.\d+/u.exec(message)?.[0] ?? Number.NaN);
  return value >= 0 && value <= 1 ? value : undefined;
}
