import { Random } from "../../demo/random.ts";
import type { AreaGeometry, Bbox } from "../../query/schema.ts";
import type { Outline } from "../../retrieval/planar.ts";
import { type Language, phrase } from "./phrases.ts";
import { judge, type Spec } from "./spec.ts";
import { SPECS } from "./specs.ts";
import type { TruthWorld } from "./truth.ts";

export const QUERY_TYPES = ["object", "relation", "hard_negative", "change", "geo", "none"] as const;
export type QueryType = (typeof QUERY_TYPES)[number];

/** Queries of each type over all worlds of a landform. */
export const PER_LANDFORM: Readonly<Record<QueryType, number>> = {
  object: 50,
  relation: 50,
  hard_negative: 30,
  change: 30,
  geo: 30,
  none: 30,
};

/** Queries of each type of one of several worlds of a landform, a share of them for a quick look. */
export function countsFor(worlds: number, share: number): Readonly<Record<QueryType, number>> {
  return Object.fromEntries(
    QUERY_TYPES.map((type) => [type, Math.ceil((PER_LANDFORM[type] * share) / worlds)]),
  ) as Record<QueryType, number>;
}

/** No queries of other types than these. Those of a type are the same whichever others are asked. */
export function onlyTypes(
  counts: Readonly<Record<QueryType, number>>,
  types: readonly QueryType[],
): Readonly<Record<QueryType, number>> {
  return Object.fromEntries(QUERY_TYPES.map((type) => [type, types.includes(type) ? counts[type] : 0])) as Record<
    QueryType,
    number
  >;
}

/** A question with its right answers, of one world. Outlines in working-CRS metres. */
export interface BenchmarkQuery {
  readonly id: string;
  readonly type: QueryType;
  readonly language: Language;
  readonly text: string;
  readonly spec: Spec;
  /** Empty: abstaining is right. */
  readonly answers: readonly Outline[];
  /** Too close to call: neither right nor wrong. */
  readonly doubtful: readonly Outline[];
  readonly viewport: Bbox | null;
  readonly area: AreaGeometry | null;
}

/**
 * Questions about a demo world, each type so many, half in English and half in Chinese. A question that can be asked is asked of the truth alone: what the workspace holds
 * plays no part. The same seed and number give the same questions; where a world has fewer different ones, they come again in other words.
 */
export function generateQueries(
  world: TruthWorld,
  count: Readonly<Record<QueryType, number>>,
): readonly BenchmarkQuery[] {
  const { seed, landform } = world.description;
  const base = new Random(seed).fork(`queries-${landform}`);
  return QUERY_TYPES.flatMap((type) => {
    const random = base.fork(type);
    const specs = random.shuffled(SPECS[type](world, random.fork("specs")));
    if (specs.length === 0) return [];
    return Array.from({ length: count[type] }, (_, i): BenchmarkQuery => {
      const spec = specs[Math.floor(i / 2) % specs.length] as Spec;
      const language = i % 2 === 0 ? "en" : "zh";
      const { place } = spec;
      const judged = judge(spec, world);
      const outlines = (verdict: "yes" | "doubt") =>
        judged.filter((one) => one.verdict === verdict).map(({ thing }) => thing.outline);
      return {
        id: `${landform}-${seed}-${type}-${i + 1}`,
        type,
        language,
        text: phrase(spec, language, world.dates, random.fork(`words-${i}`)),
        spec,
        answers: outlines("yes"),
        doubtful: outlines("doubt"),
        viewport: place?.kind === "view" ? place.bbox : null,
        area: place?.kind === "drawn" ? place.area : null,
      };
    });
  });
}
