import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import { boxOf, type Outline, outlinesMeet } from "../../retrieval/planar.ts";
import { CitedText } from "../cited-text.ts";
import { recordSource, sentenceSource, sentencesOf } from "../landmarks/cite.ts";
import { nameIn } from "../landmarks/wording.ts";
import { conceptName } from "../names.ts";
import { area, list, plain, say } from "../words.ts";
import { regionCitation } from "./explain.ts";
import { answerFromKnowledge } from "./knowledge.ts";
import { landmarksAt } from "./landmarks-at.ts";
import type { QuestionAnswer, QuestionInput } from "./question.ts";

/** "What is this?", "what changed here?": what a region is, what stands in it, what changed, and the landmarks at it. */
export function answerDescribe(input: QuestionInput): QuestionAnswer {
  const { record, context } = input;
  const { language, question } = record.turn;
  const region = input.regions[0];
  if (!region) return answerFromKnowledge(input);
  const text = new CitedText();
  text
    .add(`#${region.rank}: `)
    .add(region.caption, regionCitation(region))
    .add(say(language, ".", "。"));
  const outline = context.workspace.crs.geometryFromWgs84(region.geometry) as Outline;
  const inside = context.workspace.entities
    .query({ box: boxOf(outline) })
    .filter((entity) => outlinesMeet(entity.geometry, outline));
  const counts = new Map<ConceptId, number>();
  for (const { concept } of inside) counts.set(concept, (counts.get(concept) ?? 0) + 1);
  const held = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([concept, count]) => `${count} ${conceptName(concept, language, count === 1 ? "one" : "many")}`);
  if (held.length > 0)
    text.add(
      say(language, ` In it: ${list(held.slice(0, 6), language)}.`, `其中有:${list(held.slice(0, 6), language)}。`),
    );
  const appeared = inside.filter(({ firstSeen }) => firstSeen !== null);
  const vanished = inside.filter(({ lastSeen }) => lastSeen !== null);
  if (question?.topic === "change" || appeared.length + vanished.length > 0) {
    const dates = list([...context.dates], language);
    text.add(
      context.dates.length < 2
        ? say(
            language,
            " What changed cannot be told: that takes imagery of two dates.",
            "无法判断变化:需要两个日期的影像。",
          )
        : appeared.length + vanished.length === 0
          ? say(
              language,
              ` Nothing in it is known to have changed (imagery of ${dates}).`,
              `其中没有已知的变化(影像日期:${dates})。`,
            )
          : say(
              language,
              ` ${appeared.length} of these appeared and ${vanished.length} disappeared (imagery of ${dates}).`,
              `其中 ${appeared.length} 个为新出现,${vanished.length} 个已消失(影像日期:${dates})。`,
            ),
    );
  }
  for (const { landmark, by } of landmarksAt(region, context).slice(0, 2)) {
    const { knowledge } = context.workspace;
    if (by.kind === "picture") {
      const name = nameIn(landmark, language);
      const alike = by.similarity.toFixed(2);
      text.add(
        say(
          language,
          ` It looks like the picture of ${name} (similarity ${alike}), whose position is not recorded`,
          `影像与${name}的图片相似(相似度 ${alike}),其位置没有记录`,
        ),
        recordSource(landmark, knowledge),
      );
      text.add(say(language, ".", "。"));
    }
    const [first, second] = sentencesOf(knowledge.passages(landmark.id));
    if (!first) text.add(" ").add(nameIn(landmark, language), recordSource(landmark, knowledge));
    for (const sentence of [first, second])
      if (sentence) text.add(" ").add(plain(sentence.text), sentenceSource(sentence, landmark));
  }
  if (question?.topic === "area")
    text.add(
      region.areaM2 > 0
        ? say(language, ` It covers ${area(region.areaM2, language)}.`, `面积为 ${area(region.areaM2, language)}。`)
        : say(language, " Its area is not known.", "面积未知。"),
    );
  return { outcome: "answer", text, regions: [region] };
}
