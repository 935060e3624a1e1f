import { expect, it } from "vitest";
import { flagWords } from "../../src/answer/caption.ts";
import type { RetrievalContext } from "../../src/retrieval/context.ts";
import { flagsOf } from "../../src/retrieval/flags.ts";
import type { Plan } from "../../src/retrieval/plan.ts";
import { boxPolygon } from "../../src/retrieval/planar.ts";
import type { Candidate } from "../../src/retrieval/values.ts";
import type { Entity } from "../../src/store/entity.ts";

const DATES = ["2021-05-01", "2024-05-01"];

interface Scene {
  readonly entity?: Partial<Entity>;
  readonly dates?: readonly string[];
  readonly gsd?: number;
  readonly coverage?: number;
  readonly statistics?: Readonly<Record<string, number>>;
  readonly time?: "new" | null;
}

/** Flags of a building of 30 m that a map holds, in a scene that is otherwise clear. */
function flags({ entity, dates = DATES, gsd = 1, coverage = 1, statistics = {}, time = null }: Scene) {
  const thing = { id: "house", source: "layer:map", tags: {}, firstSeen: null, lastSeen: null, ...entity };
  const context = {
    dates,
    entity: () => thing,
    workspace: {
      images: [{}],
      reader: { gsd: () => gsd },
      tiles: { tiles: () => [{ scale: 256, coverage, statistics }] },
    },
  } as unknown as RetrievalContext;
  const plan = {
    query: { time: time === null ? null : { kind: time } },
    dates: { before: time === null ? null : (dates[0] ?? null), after: dates.at(-1) ?? null },
  } as unknown as Plan;
  const candidate = {
    geometry: boxPolygon([0, 0, 30, 30]),
    entityIds: ["house"],
    source: thing.source,
    saliency: 0,
  } as unknown as Candidate;
  return flagsOf(candidate, plan, context);
}

const SEEN = { source: "segmenter:any@1" };

it("has nothing to say of a thing that clear imagery shows", () => {
  expect(flags({ entity: SEEN })).toEqual([]);
});

it("says what the map alone knows, and when that map is older than the imagery", () => {
  expect(flags({})).toEqual(["map_only"]);
  expect(flags({ entity: { tags: { check_date: "2020-01-01" } } })).toEqual(["map_only", "stale_layer"]);
  expect(flags({ entity: { tags: { check_date: "2024-06-01" } } })).toEqual(["map_only"]);
  expect(flags({ entity: { tags: { "coloured:by": "imagery" } } })).toEqual([]);
});

it("calls a map stale that still holds what the imagery shows to be gone", () => {
  expect(flags({ entity: { lastSeen: "2021-05-01", tags: { "dated:by": "imagery" } } })).toEqual(["stale_layer"]);
});

it("says that sources disagree where the imagery shows natural ground in place of a mapped thing", () => {
  expect(flags({ entity: { tags: { "imagery:shows": "natural" } } })).toContain("sources_disagree");
});

it("says that a change was asked of one date, that pixels are few, and that imagery is missing", () => {
  expect(flags({ entity: SEEN, dates: ["2024-05-01"], time: "new" })).toEqual(["single_date"]);
  expect(flags({ entity: SEEN, gsd: 10 })).toEqual(["coarse_gsd"]);
  expect(flags({ entity: SEEN, coverage: 0.5 })).toEqual(["partly_covered"]);
});

it("takes smooth, bright and colourless tiles for cloud, and bright sand not", () => {
  const cloud = { smooth_bright_share_8: 0.9, brightness_p50: 0.93, saturation_mean: 0.03 };
  expect(flags({ entity: SEEN, statistics: cloud })).toEqual(["cloud"]);
  expect(flags({ entity: SEEN, statistics: { ...cloud, brightness_p50: 0.75, saturation_mean: 0.2 } })).toEqual([]);
});

it("has words for every flag in both languages", () => {
  for (const flag of [
    "map_only",
    "stale_layer",
    "sources_disagree",
    "single_date",
    "coarse_gsd",
    "partly_covered",
    "cloud",
  ])
    for (const language of ["en", "zh"] as const) expect(flagWords([flag], language)).not.toBe("");
});
