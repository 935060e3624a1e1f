import { subsumedConcepts } from "../../../knowledge/ontology/hierarchy.ts";
import { distanceM } from "../../logic/distance.ts";
import { explainProof } from "../../logic/explain.ts";
import { widenPlan } from "../../retrieval/make-plan.ts";
import { areaM2, overlapOfSmaller } from "../../retrieval/planar.ts";
import { findPlaces } from "../../retrieval/resolve-geo.ts";
import { searchEntities } from "../../retrieval/search-again.ts";
import type { ProvedCandidate } from "../../retrieval/values.ts";
import { captionOf } from "../caption.ts";
import { CitedText } from "../cited-text.ts";
import { conceptName, entityLabel } from "../names.ts";
import { toNearMiss } from "../region.ts";
import { metres, plain, say } from "../words.ts";
import type { QuestionAnswer, QuestionInput } from "./question.ts";

/** A candidate within this distance of the place asked about is "the one at" it, in metres. */
const AT_M = 1000;
/** Right object at least with this confidence, to be "the one" that was meant. */
const MEANT_FROM = 0.2;

interface Subject {
  readonly label: string;
  readonly geometries: readonly GeoJSON.Geometry[];
}

/**
 * "Why not the one at the port?": finds the thing of the standing query's concept that is nearest to the place asked
 * about, proves the standing query for it, and says which part fails, by how much, and what change would admit it.
 */
export function answerWhyNot(input: QuestionInput): QuestionAnswer {
  const { record, context } = input;
  const { language } = record.turn;
  const text = new CitedText();
  const query = record.turn.query ?? record.dialogue.query;
  if (!query) {
    text.add(
      say(
        language,
        "There is no search yet to ask about. Search first, then ask why something is not in the result.",
        "还没有可供追问的搜索。请先搜索,再问某处为何不在结果中。",
      ),
    );
    return { outcome: "cannot_decide", text };
  }
  const planned = input.plan(query);
  if (planned.kind === "refused") {
    text.add(
      say(
        language,
        "The search itself could not be run, so nothing was ruled out.",
        "该搜索本身无法执行,因此没有排除任何区域。",
      ),
    );
    return { outcome: "cannot_decide", text };
  }
  const subject = subjectOf(input);
  if (!subject) {
    const words = record.turn.question?.subject ?? "";
    text.add(
      say(
        language,
        `I cannot tell which place “${plain(words)}” is. Name a place, a kind of thing (“the one at the port”) or a result number.`,
        `无法确定“${plain(words)}”指哪里。请给出地名、对象类型(如“港口那个”)或结果编号。`,
      ),
    );
    return { outcome: "cannot_decide", text };
  }
  const plan = planned.plan;
  const { proved, ranking } = searchEntities(widenPlan(plan, context), context);
  const concept = conceptName(plan.query.target.concept, language);
  const candidates = proved
    .filter(({ candidate }) => candidate.confidence >= MEANT_FROM)
    .map((entry) => ({
      entry,
      gap: Math.min(...subject.geometries.map((geometry) => distanceM(entry.candidate.geometry, geometry))),
    }))
    .filter(({ gap }) => Number.isFinite(gap))
    .sort(
      (a, b) =>
        Number(a.gap > AT_M) - Number(b.gap > AT_M) ||
        Number(isShown(a.entry, record.previous, context)) - Number(isShown(b.entry, record.previous, context)) ||
        a.gap - b.gap ||
        areaM2(b.entry.candidate.geometry) - areaM2(a.entry.candidate.geometry),
    );
  const [nearest] = candidates;
  if (!nearest) {
    text.add(say(language, `There is no ${concept} in this workspace at all.`, `该工作区中完全没有${concept}。`));
    return { outcome: "no_match", text };
  }
  const { entry, gap } = nearest;
  const caption = captionOf(entry.candidate, entry.proof, plan, language, context);
  const source = {
    evidence: entry.candidate.id,
    kind: "entity" as const,
    title: caption,
    quote: caption,
    source: entry.candidate.source,
  };
  if (gap > AT_M) {
    text.add(
      say(
        language,
        `There is no ${concept} at ${subject.label}; the nearest is ${metres(gap, language)} away: `,
        `${subject.label}处没有${concept};最近的一个在 ${metres(gap, language)} 之外:`,
      ),
    );
  } else {
    text.add(
      say(
        language,
        `The ${concept} ${gap < 1 ? "at" : `${metres(gap, language)} from`} ${subject.label}: `,
        `${subject.label}${gap < 1 ? "处" : `附近(${metres(gap, language)})`}的${concept}:`,
      ),
    );
  }
  text.add(caption, source).add(say(language, ". ", "。"));
  const shownAt = shownRank(entry, record.previous, context);
  if (shownAt !== null) {
    text.add(say(language, `It is in the result, as #${shownAt}.`, `它就在结果中,是第 ${shownAt} 个。`));
    return { outcome: "answer", text };
  }
  if (entry.proof.failure) {
    text.add(explainProof(entry.proof, language));
  } else if (ranking.ranked.some(({ candidate }) => candidate.id === entry.candidate.id)) {
    text.add(
      say(
        language,
        "It meets the query, but lies outside the area that was searched.",
        "它符合查询条件,但位于搜索范围之外。",
      ),
    );
  } else {
    text.add(
      say(
        language,
        `It meets the query only with truth ${entry.proof.truth.toFixed(2)}, too little to be shown.`,
        `它符合查询条件的真值仅为 ${entry.proof.truth.toFixed(2)},不足以显示。`,
      ),
    );
  }
  const miss = toNearMiss(entry, plan, language, context);
  return { outcome: "answer", text, nearMisses: miss ? [miss] : [] };
}

/** The place asked about: a result, places by name, else the mapped things of the noun. */
function subjectOf(input: QuestionInput): Subject | null {
  const { record, context } = input;
  const { crs, entities } = context.workspace;
  const { language, question } = record.turn;
  const [region] = input.regions;
  if (region) return { label: `#${region.rank}`, geometries: [crs.geometryFromWgs84(region.geometry)] };
  const named = [
    ...(question?.places ?? []).flatMap((id) => context.gazetteer.places.find((place) => place.id === id) ?? []),
    ...(question?.subject ? findPlaces(context.gazetteer, question.subject) : []),
  ];
  const concepts = question?.noun ? [question.noun] : [];
  const [place] = named;
  if (place && concepts.length === 0) {
    return { label: plain(place.names[0] ?? place.id), geometries: [crs.geometryFromWgs84(place.geometry)] };
  }
  for (const noun of concepts) {
    const found = entities.query({ concepts: [noun.concept, ...subsumedConcepts(noun.concept)] });
    const things = found.length > 0 ? found : [];
    const first = things[0];
    if (first) {
      const label =
        things.length === 1
          ? entityLabel(first, language)
          : say(language, `the ${conceptName(noun.concept, language)}`, conceptName(noun.concept, language));
      return { label, geometries: things.map(({ geometry }) => geometry) };
    }
    const landmarks = context.gazetteer.places.filter(({ concept }) => concept === noun.concept);
    if (landmarks[0]) {
      return {
        label: plain(landmarks[0].names[0] ?? ""),
        geometries: landmarks.map(({ geometry }) => crs.geometryFromWgs84(geometry)),
      };
    }
  }
  return place
    ? { label: plain(place.names[0] ?? place.id), geometries: [crs.geometryFromWgs84(place.geometry)] }
    : null;
}

function isShown(
  entry: ProvedCandidate,
  previous: QuestionInput["record"]["previous"],
  context: QuestionInput["context"],
): boolean {
  return shownRank(entry, previous, context) !== null;
}

function shownRank(
  { candidate }: ProvedCandidate,
  previous: QuestionInput["record"]["previous"],
  context: QuestionInput["context"],
): number | null {
  const same = previous?.regions.find(
    (region) => overlapOfSmaller(context.workspace.crs.geometryFromWgs84(region.geometry), candidate.geometry) >= 0.5,
  );
  return same?.rank ?? null;
}
