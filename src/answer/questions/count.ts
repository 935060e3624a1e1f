import { subsumedConcepts } from "../../../knowledge/ontology/hierarchy.ts";
import { describeQuery } from "../../query/describe.ts";
import { boxOf, type Outline, outlinesMeet } from "../../retrieval/planar.ts";
import { searchEntities } from "../../retrieval/search-again.ts";
import { CitedText } from "../cited-text.ts";
import { conceptName } from "../names.ts";
import { area, say } from "../words.ts";
import { regionCitation } from "./explain.ts";
import type { QuestionAnswer, QuestionInput } from "./question.ts";

/** "How many tanks are in it?", "how many are there?", "total area of the results": counted over entities or results, never guessed. */
export function answerCount(input: QuestionInput): QuestionAnswer {
  const { record, context } = input;
  const { language, question } = record.turn;
  const text = new CitedText();
  const noun = question?.noun;
  const [region] = input.regions;
  if (noun && region) {
    const outline = context.workspace.crs.geometryFromWgs84(region.geometry) as Outline;
    const found = context.workspace.entities
      .query({ box: boxOf(outline), concepts: [noun.concept, ...subsumedConcepts(noun.concept)] })
      .filter((entity) => outlinesMeet(entity.geometry, outline));
    const what = conceptName(noun.concept, language, found.length === 1 ? "one" : "many");
    text.add(
      say(language, `#${region.rank} holds ${found.length} ${what}`, `#${region.rank} 中有 ${found.length} 个${what}`),
      regionCitation(region),
    );
    text.add(
      say(
        language,
        ", counting what the layers, detections and segmentation of this workspace know.",
        ",按该工作区的图层、检测与分割结果统计。",
      ),
    );
    return { outcome: "answer", text, regions: [region] };
  }
  if (record.turn.query && (noun || !record.previous?.regions.length)) {
    const planned = input.plan({ ...record.turn.query, limit: 10_000 });
    if (planned.kind === "planned") {
      const { ranking } = searchEntities(planned.plan, context);
      const count = ranking.ranked.length;
      const words = describeQuery(record.turn.query, language);
      text.add(
        say(
          language,
          `${count} ${count === 1 ? "place matches" : "places match"} “${words}”.`,
          `有 ${count} 处符合“${words}”。`,
        ),
      );
      return { outcome: "answer", text };
    }
    const what = conceptName(record.turn.query.target.concept, language, "many");
    text.add(
      say(
        language,
        `I cannot count ${what} here: nothing in this workspace knows them.`,
        `这里无法统计${what}:该工作区没有相关数据。`,
      ),
    );
    return { outcome: "not_covered", text };
  }
  if (!record.previous) {
    const nothing = say(
      language,
      "There is no result to count yet; search first, or name what is to be counted.",
      "还没有可以统计的结果;请先搜索,或说明要统计什么。",
    );
    return { outcome: "cannot_decide", text: text.add(nothing) };
  }
  const { regions } = record.previous;
  const total = regions.reduce((sum, { areaM2 }) => sum + areaM2, 0);
  text.add(
    say(
      language,
      `The last result has ${regions.length} ${regions.length === 1 ? "region" : "regions"}, ${total > 0 ? `${area(total, language)} together` : "and their area is not known"}.`,
      `上一次结果有 ${regions.length} 个区域,${total > 0 ? `总面积 ${area(total, language)}` : "总面积未知"}。`,
    ),
  );
  return { outcome: "answer", text, regions };
}
