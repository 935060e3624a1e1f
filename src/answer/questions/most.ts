import { subsumedConcepts } from "../../../knowledge/ontology/hierarchy.ts";
import { isConceptId } from "../../../knowledge/ontology/ids.ts";
import type { FactProperty } from "../../knowledge/fact-properties.ts";
import { compareValues } from "../../knowledge/fact-value.ts";
import type { Degree } from "../../query/knowledge/degrees.ts";
import { boxOf, type Outline, outlinesMeet } from "../../retrieval/planar.ts";
import type { Landmark } from "../../store/ports.ts";
import { CitedText } from "../cited-text.ts";
import { type Recorded, recorded } from "../landmarks/choose.ts";
import { factSource, propertyName, recordSource } from "../landmarks/cite.ts";
import { factSentence } from "../landmarks/wording.ts";
import type { Region } from "../reply.ts";
import { area, type Language, list, say } from "../words.ts";
import { regionCitation } from "./explain.ts";
import { type JoinedLandmark, landmarksAt } from "./landmarks-at.ts";
import type { QuestionAnswer, QuestionInput } from "./question.ts";

const TIMES: ReadonlySet<string> = new Set(["opened", "completed", "built", "founded"]);

/**
 * "Which of these is oldest?", "which has the most passengers?": of the results, by what is measured of them (area, date of first
 * appearance) or recorded of their landmarks; how many that leaves out is said.
 */
export function answerMost(input: QuestionInput, degree: Degree): QuestionAnswer {
  const regions = input.record.previous?.regions ?? [];
  const { language } = input.record.turn;
  if (regions.length === 0) {
    const text = say(language, "There are no results to choose from yet.", "还没有可供比较的结果。");
    return { outcome: "cannot_decide", text: new CitedText().add(text) };
  }
  if (degree.properties[0] === "area") {
    const measured = regions.filter(({ areaM2 }) => areaM2 > 0);
    return measured.length > 0 ? byArea(measured, degree, language) : refuse(degree, language);
  }
  return (
    byRecord(input, regions, degree) ??
    (degree.properties.some((property) => TIMES.has(property)) ? byImagery(input, regions, degree) : null) ??
    refuse(degree, language)
  );
}

function byArea(regions: readonly Region[], { direction }: Degree, language: Language): QuestionAnswer {
  const sign = direction === "most" ? -1 : 1;
  const sorted = [...regions].sort((a, b) => sign * (a.areaM2 - b.areaM2) || a.rank - b.rank);
  const [first, second] = sorted as [Region, Region | undefined];
  const alike = sorted.filter((region) => area(region.areaM2, language) === area(first.areaM2, language));
  if (alike.length > 1) {
    const names = list(
      alike.map(({ rank }) => `#${rank}`),
      language,
    );
    const text = new CitedText().add(
      say(
        language,
        `${names} are the ${direction === "most" ? "largest" : "smallest"} of the ${regions.length} results alike: ${area(first.areaM2, language)}`,
        `${regions.length} 个结果中 ${names} 面积同为${direction === "most" ? "最大" : "最小"}:${area(first.areaM2, language)}`,
      ),
      regionCitation(first),
    );
    return { outcome: "answer", text: text.add(say(language, ".", "。")), regions: alike };
  }
  const text = new CitedText().add(
    say(
      language,
      `#${first.rank} is the ${direction === "most" ? "largest" : "smallest"} of the ${regions.length} results: ${area(first.areaM2, language)}`,
      `${regions.length} 个结果中 #${first.rank} 面积${direction === "most" ? "最大" : "最小"}:${area(first.areaM2, language)}`,
    ),
    regionCitation(first),
  );
  if (second)
    text.add(
      say(
        language,
        `, before #${second.rank} with ${area(second.areaM2, language)}`,
        `,其次是 #${second.rank},${area(second.areaM2, language)}`,
      ),
    );
  return { outcome: "answer", text: text.add(say(language, ".", "。")), regions: [first] };
}

interface Row extends Recorded {
  readonly region: Region;
  readonly landmark: Landmark;
}

/** By the facts of the landmarks at the results; null where none has one. */
function byRecord(input: QuestionInput, regions: readonly Region[], degree: Degree): QuestionAnswer | null {
  const { language } = input.record.turn;
  const { knowledge } = input.context.workspace;
  const groups: readonly (readonly FactProperty[])[] = degree.properties.some((property) => TIMES.has(property))
    ? [degree.properties]
    : degree.properties.map((property) => [property]);
  // A park beside an estate tells nothing of the estate.
  const landmarks = ownLandmarks(
    regions.map((region) => landmarksAt(region, input.context).filter((one) => isOfKind(one, input))),
  );
  const tables = groups.map((properties) =>
    regions.flatMap((region, i): Row[] => {
      const found = (landmarks[i] ?? []).flatMap((landmark) => {
        const own = recorded(landmark, properties);
        return own && own.value.kind !== "text" ? [{ ...own, region, landmark }] : [];
      });
      return found.slice(0, 1);
    }),
  );
  const rows = tables.reduce((most, one) => (one.length > most.length ? one : most), []);
  const [sample] = rows;
  if (!sample) return null;
  const sign = degree.direction === "most" ? -1 : 1;
  const sorted = rows
    .filter(({ value }) => compareValues(value, sample.value) !== null)
    .sort((a, b) => sign * (compareValues(a.value, b.value) as number) || a.region.rank - b.region.rank);
  const first = sorted[0] as Row;
  const isTime = TIMES.has(first.property);
  const word = propertyName(first.property, language);
  const most = degree.direction === "most";
  const text = new CitedText();
  text.add(
    sorted.length === 1
      ? say(
          language,
          `Only #${first.region.rank} stands at a landmark whose ${isTime ? "date" : word} is recorded: `,
          `只有 #${first.region.rank} 处的地标有相关记录:`,
        )
      : say(
          language,
          `Of the ${sorted.length} results at landmarks whose ${isTime ? "date" : word} is recorded, #${first.region.rank} is ${isTime ? (most ? "newest" : "oldest") : `${most ? "first" : "last"} by ${word}`}: `,
          `在 ${sorted.length} 个有地标记录的结果中,#${first.region.rank} ${isTime ? (most ? "最新" : "最早") : `${word}${most ? "最大" : "最小"}`}:`,
        ),
  );
  for (const [i, { landmark, property, fact, value }] of sorted.slice(0, 3).entries())
    text
      .add(i === 0 ? "" : say(language, "; ", ";"))
      .add(
        factSentence(landmark, property, fact, value, language),
        factSource(landmark, fact, property, knowledge) ?? recordSource(landmark, knowledge),
      );
  text.add(say(language, ".", "。"));
  const left = regions.length - sorted.length;
  if (left > 0)
    text.add(
      say(
        language,
        ` Of the other ${left} ${left === 1 ? "result" : "results"} nothing of that is recorded.`,
        `其余 ${left} 个结果没有相关记录。`,
      ),
    );
  return {
    outcome: sorted.length === 1 ? "cannot_decide" : "answer",
    text,
    regions: sorted.map(({ region }) => region),
  };
}

/** Whether a landmark is of the kind that was searched for, or bears the name of what was found. */
function isOfKind({ landmark, by }: JoinedLandmark, { record }: QuestionInput): boolean {
  const target = record.previous?.understood.query?.target.concept;
  const { concept } = landmark;
  if (by.kind !== "position" || target === undefined || concept === null || !isConceptId(concept)) return true;
  return concept === target || subsumedConcepts(target).includes(concept) || subsumedConcepts(concept).includes(target);
}

/** Of two results beside one landmark, it is that of the one that bears its name, else of the nearer one. */
function ownLandmarks(joined: readonly (readonly JoinedLandmark[])[]): readonly (readonly Landmark[])[] {
  const far = ({ by }: JoinedLandmark) => (by.kind === "name" ? -1 : by.kind === "position" ? by.distanceM : 0);
  const nearest = new Map<string, number>();
  for (const one of joined.flat())
    nearest.set(one.landmark.id, Math.min(nearest.get(one.landmark.id) ?? Number.POSITIVE_INFINITY, far(one)));
  const taken = new Set<string>();
  return joined.map((ofRegion) =>
    ofRegion.flatMap((one) => {
      const { id } = one.landmark;
      if (taken.has(id) || far(one) > (nearest.get(id) as number)) return [];
      taken.add(id);
      return one.landmark;
    }),
  );
}

/** By the imagery in which the things of the results first appear. Null with imagery of fewer than two dates. */
function byImagery(input: QuestionInput, regions: readonly Region[], degree: Degree): QuestionAnswer | null {
  const { language } = input.record.turn;
  const { dates } = input.context;
  const [oldest] = dates;
  if (!oldest || dates.length < 2) return null;
  const rows = regions.map((region) => ({ region, seen: firstSeen(region, input) ?? oldest }));
  const wanted = rows
    .map(({ seen }) => seen)
    .sort()
    .at(degree.direction === "most" ? -1 : 0) as string;
  const found = rows.filter(({ seen }) => seen === wanted).map(({ region }) => region);
  const names = list(
    found.map(({ rank }) => `#${rank}`),
    language,
  );
  const text = new CitedText();
  const isUnknown = wanted === oldest && found.length > 1;
  text.add(
    wanted === oldest
      ? say(
          language,
          `${names} ${found.length === 1 ? "stands" : "stand"} already in the oldest imagery (${oldest})`,
          `${names} 在最早的影像(${oldest})中已经存在`,
        )
      : say(
          language,
          `${names} ${found.length === 1 ? "is" : "are"} ${degree.direction === "most" ? "newest" : "oldest"}: first seen in imagery of ${wanted}`,
          `${names} ${degree.direction === "most" ? "最新" : "最早"}:首次出现在 ${wanted} 的影像中`,
        ),
    regionCitation(found[0] as Region),
  );
  text.add(say(language, ".", "。"));
  if (isUnknown)
    text.add(
      say(
        language,
        " Which of them is older cannot be told from it, and no date is recorded at them.",
        "由此无法判断其中哪个更早,也没有记录其年代。",
      ),
    );
  else if (wanted === oldest && found.length < regions.length)
    text.add(say(language, " The others came later.", "其余的出现较晚。"));
  return { outcome: isUnknown ? "cannot_decide" : "answer", text, regions: found };
}

/** Date on which the first of the region's own things appears; null for one that is as old as the record. */
function firstSeen(region: Region, { record, context }: QuestionInput): string | null {
  const target = record.previous?.understood.query?.target.concept;
  const outline = context.workspace.crs.geometryFromWgs84(region.geometry) as Outline;
  const concepts = target ? [target, ...subsumedConcepts(target), ...context.partsOf(target)] : undefined;
  const dates = context.workspace.entities
    .query({ box: boxOf(outline), ...(concepts && { concepts }) })
    .filter((entity) => outlinesMeet(entity.geometry, outline))
    .map((entity) => entity.firstSeen);
  return dates.length === 0 || dates.includes(null) ? null : ((dates as string[]).sort()[0] ?? null);
}

function refuse({ properties }: Degree, language: Language): QuestionAnswer {
  const word = propertyName(properties[0] as FactProperty, language);
  return {
    outcome: "not_covered",
    text: new CitedText().add(
      say(
        language,
        `No ${word} is recorded of the results or of landmarks at them, so none can be said to be first by it.`,
        `没有记录这些结果或其所在地标的${word},无法比较。`,
      ),
    ),
  };
}
