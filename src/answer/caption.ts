import type { Proof } from "../logic/proof.ts";
import type { RetrievalContext } from "../retrieval/context.ts";
import type { Plan } from "../retrieval/plan.ts";
import { boxOf, type Outline } from "../retrieval/planar.ts";
import type { Candidate } from "../retrieval/values.ts";
import { collectFacts } from "./captions/collect-facts.ts";
import { createCaptionContext } from "./captions/context.ts";
import type { CaptionFacts, GroupFact } from "./captions/facts.ts";
import { chineseContents } from "./captions/write-chinese.ts";
import { englishContents } from "./captions/write-english.ts";
import { groundAreaM2 } from "./ground-area.ts";
import { attributeName, conceptName, entityLabel } from "./names.ts";
import { type ProofFact, proofFacts } from "./proof-facts.ts";
import { area, capitalised, type Language, list, metres, plain, say } from "./words.ts";

/** Measurements in one caption, nearest first. */
const MOST_DISTANCES = 3;

/**
 * One line on a region: what it is, its size, what it holds, when it stood, how far it is from what the query names. Distances come
 * from the proof, what it holds from the captioner's facts.
 */
export function captionOf(
  candidate: Candidate,
  proof: Proof,
  plan: Plan,
  language: Language,
  context: RetrievalContext,
): string {
  const facts = proofFacts(proof);
  const parts = [
    head(candidate, language, context),
    candidate.origin === "saliency" ? say(language, "seen in the imagery only", "仅凭影像判断") : null,
    contents(candidate, plan, language, context),
    lifeSpan(candidate, plan, language),
    ...facts
      .filter(({ measured }) => measured.name === "distance" && typeof measured.value === "number")
      .slice(0, MOST_DISTANCES)
      .map((fact) => distance(fact, plan, language, context)),
  ];
  return capitalised(parts.filter((part) => part !== null).join(say(language, ", ", ",")));
}

function head(candidate: Candidate, language: Language, context: RetrievalContext): string {
  const what = conceptName(candidate.concept, language);
  // A large roof is large already.
  const attributes = candidate.attributes
    .filter((attribute) => !(attribute === "large" && candidate.concept === "large_roof"))
    .slice(0, 2)
    .map((attribute) => attributeName(attribute, language));
  const described =
    language === "zh" ? [...attributes.map((word) => `${word}的`), what].join("") : [...attributes, what].join(" ");
  const named = candidate.name
    ? say(language, `${plain(candidate.name)} (${described})`, `${plain(candidate.name)}(${described})`)
    : described;
  const size = groundAreaM2(candidate, context);
  const isOne = candidate.origin === "entity" || candidate.origin === "likeness";
  const shown = isOne && size < 100 ? null : area(size, language);
  return shown === null ? named : say(language, `${named}, ${shown}`, `${named},${shown}`);
}

/** What stands in the region on the newest date that is asked about; for a single thing, only where it is an area that holds others. */
function contents(
  { geometry, origin, name, concept }: Candidate,
  plan: Plan,
  language: Language,
  context: RetrievalContext,
): string | null {
  if (geometry.type !== "Polygon" && geometry.type !== "MultiPolygon") return null;
  const isOne = origin === "entity" || origin === "likeness";
  const whole = factsOf(geometry, plan.dates.after, context);
  // A thing does not hold itself, seen once more by another source, nor the building that bears its name.
  const isItself = (part: GroupFact) =>
    part.count === 1 && (part.concept === concept || part.names.some(({ en }) => en === name));
  const groups = whole.groups.map((group) => ({ ...group, parts: group.parts.filter((part) => !isItself(part)) }));
  const facts = isOne ? { ...whole, groups } : whole;
  return language === "zh" ? chineseContents(facts, isOne) : englishContents(facts, isOne);
}

/** What was collected of an outline, by date: its caption is written again in every refinement. */
const collected = new WeakMap<GeoJSON.Geometry, Map<string | null, CaptionFacts>>();

function factsOf(geometry: Outline, date: string | null, { workspace, dates }: RetrievalContext): CaptionFacts {
  const byDate = collected.get(geometry) ?? new Map<string | null, CaptionFacts>();
  collected.set(geometry, byDate);
  const held = byDate.get(date);
  if (held) return held;
  const around = createCaptionContext({
    entities: workspace.entities.query({ box: boxOf(geometry) }),
    tiles: { tiles: () => [] },
    dates,
    landmarks: [],
    places: [],
    crs: workspace.crs,
  });
  const facts = collectFacts(geometry, date, around);
  byDate.set(date, facts);
  return facts;
}

function lifeSpan(candidate: Candidate, plan: Plan, language: Language): string | null {
  const { before } = plan.dates;
  if (candidate.firstSeen) {
    const since = say(language, `first seen ${candidate.firstSeen}`, `首次出现于 ${candidate.firstSeen}`);
    return before && before < candidate.firstSeen
      ? say(language, `${since} (not there on ${before})`, `${since}(${before} 尚无)`)
      : since;
  }
  if (candidate.lastSeen)
    return say(language, `last seen ${candidate.lastSeen}`, `最后一次出现于 ${candidate.lastSeen}`);
  const [first, last] = [candidate.areaHistory[0], candidate.areaHistory.at(-1)];
  if (plan.query.time && first && last && first.date !== last.date && first.areaM2 !== last.areaM2) {
    const from = area(first.areaM2, language);
    const to = area(last.areaM2, language);
    return say(
      language,
      `${from} on ${first.date}, ${to} on ${last.date}`,
      `${first.date} 为 ${from},${last.date} 为 ${to}`,
    );
  }
  return null;
}

function distance(fact: ProofFact, plan: Plan, language: Language, context: RetrievalContext): string | null {
  const to = anchorWords(fact, plan, language, context);
  const value = fact.measured.value as number;
  if (to === null) return null;
  if (value < 0.5) return say(language, `touching ${to}`, `紧邻${to}`);
  return say(language, `${metres(value, language)} from ${to}`, `距${to} ${metres(value, language)}`);
}

function anchorWords(fact: ProofFact, plan: Plan, language: Language, context: RetrievalContext): string | null {
  if (fact.constant) {
    const index = Number(fact.constant.replace("@geo", ""));
    const name = plan.query.geo[index]?.name;
    return name ? plain(name) : say(language, "the given area", "给定区域");
  }
  const entity = fact.anchor ? context.entity(fact.anchor) : null;
  return entity ? entityLabel(entity, language) : null;
}

/** Words for the flags of a region, for people. */
export function flagWords(flags: readonly string[], language: Language): string {
  const words: Readonly<Record<string, string>> = {
    map_only: say(language, "known from the map only", "仅见于地图"),
    single_date: say(language, "one imagery date only", "只有一个影像日期"),
    coarse_gsd: say(language, "few pixels at this resolution", "该分辨率下像素很少"),
    partly_covered: say(language, "partly outside the imagery", "部分超出影像范围"),
    cloud: say(language, "perhaps under cloud or snow", "可能被云或雪遮盖"),
    stale_layer: say(language, "the map is older than the imagery", "地图早于影像"),
    sources_disagree: say(language, "the map has it, the imagery does not show it", "地图有而影像未显示"),
  };
  return list(
    flags.flatMap((flag) => words[flag] ?? []),
    language,
  );
}
