import { explainProof } from "../../logic/explain.ts";
import { CitedText } from "../cited-text.ts";
import type { Region } from "../reply.ts";
import { percent, say } from "../words.ts";
import type { QuestionAnswer, QuestionInput } from "./question.ts";

/** "Why is this first?": the proof of a region in words, its probability, and how it stands against the next one. */
export function answerExplain(input: QuestionInput): QuestionAnswer {
  const { language } = input.record.turn;
  const region = input.regions[0] ?? input.record.previous?.regions[0];
  const text = new CitedText();
  if (!region) {
    text.add(say(language, "There is no result to explain yet.", "还没有可以解释的结果。"));
    return { outcome: "cannot_decide", text };
  }
  text.add(`#${region.rank}: `);
  text.add(region.caption, regionCitation(region)).add(say(language, ". ", "。"));
  text.add(explainProof(region.proof, language));
  text.add(
    say(language, ` Its probability is ${percent(region.probability)}`, `其概率为 ${percent(region.probability)}`),
  );
  const next = input.record.previous?.regions.find(({ rank }) => rank === region.rank + 1);
  text.add(
    next
      ? say(
          language,
          `, that of #${next.rank} is ${percent(next.probability)}.`,
          `,第 ${next.rank} 个为 ${percent(next.probability)}。`,
        )
      : say(language, ".", "。"),
  );
  return { outcome: "answer", text, regions: [region] };
}

export function regionCitation(region: Region) {
  return {
    evidence: region.id,
    kind: "region" as const,
    title: `#${region.rank}`,
    quote: region.caption,
    source: [...new Set(region.evidence.flatMap(({ source }) => source ?? []))].slice(0, 4).join(", "),
  };
}
