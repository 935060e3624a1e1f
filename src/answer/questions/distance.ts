import { distanceM } from "../../logic/distance.ts";
import { nearestOf } from "../../retrieval/nearest.ts";
import { CitedText } from "../cited-text.ts";
import { conceptName, entityLabel } from "../names.ts";
import { entityAsEvidence } from "../region.ts";
import { metres, plain, say } from "../words.ts";
import { regionCitation } from "./explain.ts";
import type { QuestionAnswer, QuestionInput } from "./question.ts";

/** "How far is #2 from the nearest airport?", "… from Port Ellery?": outline to outline, in metres. */
export function answerDistance(input: QuestionInput): QuestionAnswer | null {
  const { record, context } = input;
  const { language, question } = record.turn;
  const { crs } = context.workspace;
  const [from, to] = input.regions;
  if (!from) return null;
  const geometry = crs.geometryFromWgs84(from.geometry);
  const text = new CitedText();
  if (to) {
    const gap = distanceM(geometry, crs.geometryFromWgs84(to.geometry));
    text.add(
      say(
        language,
        `#${from.rank} is ${metres(gap, language)} from #${to.rank}`,
        `#${from.rank} 距 #${to.rank} ${metres(gap, language)}`,
      ),
      regionCitation(from),
    );
    return { outcome: "answer", text: text.add(say(language, ".", "。")), regions: [from, to] };
  }
  const place = (question?.places ?? []).flatMap(
    (id) => context.gazetteer.places.find((entry) => entry.id === id) ?? [],
  )[0];
  if (place && !question?.noun) {
    const gap = distanceM(geometry, crs.geometryFromWgs84(place.geometry));
    const name = plain(place.names[0] ?? place.id);
    text.add(
      say(
        language,
        `#${from.rank} is ${metres(gap, language)} from ${name}`,
        `#${from.rank} 距${name} ${metres(gap, language)}`,
      ),
      regionCitation(from),
    );
    return { outcome: "answer", text: text.add(say(language, ".", "。")), regions: [from] };
  }
  const noun = question?.noun;
  if (!noun) return null;
  const nearest = nearestOf(geometry, noun.concept, context);
  if (!nearest) {
    const what = conceptName(noun.concept, language);
    text.add(
      say(
        language,
        `This workspace knows no ${what}, so the distance to one cannot be measured.`,
        `该工作区没有${what},无法测量距离。`,
      ),
    );
    return { outcome: "not_covered", text };
  }
  const evidence = entityAsEvidence(nearest.entity, language, context);
  const name = entityLabel(nearest.entity, language);
  text.add(
    say(
      language,
      `#${from.rank} is ${metres(nearest.distanceM, language)} from the nearest ${conceptName(noun.concept, language)}`,
      `#${from.rank} 距最近的${conceptName(noun.concept, language)} ${metres(nearest.distanceM, language)}`,
    ),
    {
      evidence: evidence.id,
      kind: "entity",
      title: name,
      quote: name,
      source: evidence.source ?? "",
    },
  );
  return { outcome: "answer", text: text.add(say(language, `: ${name}.`, `:${name}。`)), regions: [from] };
}
