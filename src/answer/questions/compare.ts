import { CitedText } from "../cited-text.ts";
import { proofFacts } from "../proof-facts.ts";
import type { Region } from "../reply.ts";
import { area, type Language, list, metres, percent, say } from "../words.ts";
import { regionCitation } from "./explain.ts";
import type { QuestionAnswer, QuestionInput } from "./question.ts";

/** "Compare #1 and #3": caption, size, probability and measured distance side by side, then which one leads in each. */
export function answerCompare(input: QuestionInput): QuestionAnswer {
  const { record } = input;
  const { language } = record.turn;
  const named = input.regions.length >= 2 ? input.regions : (record.previous?.regions ?? []).slice(0, 2);
  const text = new CitedText();
  if (named.length < 2) {
    text.add(
      say(
        language,
        "A comparison needs two results; name them, for example “compare #1 and #2”.",
        "比较需要两个结果,例如“比较 #1 和 #2”。",
      ),
    );
    return { outcome: "cannot_decide", text };
  }
  for (const region of named) {
    text.add(text.text === "" ? `#${region.rank}: ` : `\n#${region.rank}: `);
    text.add(region.caption, regionCitation(region));
    text.add(say(language, ` (probability ${percent(region.probability)})`, `(概率 ${percent(region.probability)})`));
  }
  const words = [
    lead(
      named,
      ({ areaM2 }) => (areaM2 > 0 ? areaM2 : null),
      "highest",
      say(language, "the larger one", "面积较大"),
      (value) => area(value, language),
      language,
    ),
    lead(
      named,
      nearestDistance,
      "lowest",
      say(language, "the nearer one", "距离较近"),
      (value) => metres(value, language),
      language,
    ),
    lead(
      named,
      ({ probability }) => probability,
      "highest",
      say(language, "the likelier one", "概率较高"),
      percent,
      language,
    ),
  ].filter((part) => part !== null);
  if (words.length > 0)
    text
      .add("\n")
      .add(words.join(say(language, "; ", ";")))
      .add(say(language, ".", "。"));
  return { outcome: "answer", text, regions: named };
}

function nearestDistance(region: Region): number | null {
  const values = proofFacts(region.proof).flatMap(({ measured }) =>
    measured.name === "distance" && typeof measured.value === "number" ? measured.value : [],
  );
  return values.length > 0 ? Math.min(...values) : null;
}

/** "#2 is the larger one (6.1 ha against 3.0 ha)", or null when the values are missing or equal. */
function lead(
  regions: readonly Region[],
  value: (region: Region) => number | null,
  which: "highest" | "lowest",
  words: string,
  format: (value: number) => string,
  language: Language,
): string | null {
  const known = regions.flatMap((region) => {
    const found = value(region);
    return found === null ? [] : [{ region, found }];
  });
  if (known.length < regions.length) return null;
  const sorted = [...known].sort((a, b) => (which === "highest" ? b.found - a.found : a.found - b.found));
  const [first, ...others] = sorted;
  if (!first || others.every(({ found }) => format(found) === format(first.found))) return null;
  const rest = list(
    others.map(({ found }) => format(found)),
    language,
  );
  return say(
    language,
    `#${first.region.rank} is ${words} (${format(first.found)} against ${rest})`,
    `#${first.region.rank} ${words}(${format(first.found)} 对 ${rest})`,
  );
}
