import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { paintWorld } from "../../src/demo/write-demo.ts";
import {
  abstentionFigures,
  brierScore,
  expectedCalibrationError,
  riskCoverage,
} from "../../src/evaluation/retrieval/calibration-metrics.ts";
import { conformalThreshold, learnIsotonic, learnLogistic } from "../../src/evaluation/retrieval/learn.ts";
import { judgeRegions } from "../../src/evaluation/retrieval/match.ts";
import { boundaryF1, outlineFigures, rankingFigures } from "../../src/evaluation/retrieval/metrics.ts";
import { type BenchmarkQuery, generateQueries, QUERY_TYPES } from "../../src/evaluation/retrieval/queries.ts";
import { readQueryLines } from "../../src/evaluation/retrieval/query-file.ts";
import { judge, PLAIN } from "../../src/evaluation/retrieval/spec.ts";
import { readTruth, type TruthWorld } from "../../src/evaluation/retrieval/truth.ts";
import { calibrated, FUSION, FUSION_FEATURES, FusionWeightsSchema, QUERY_KINDS } from "../../src/retrieval/fusion.ts";

const square = (x: number, y: number, side: number): GeoJSON.Polygon => ({
  type: "Polygon",
  coordinates: [
    [
      [x, y],
      [x + side, y],
      [x + side, y + side],
      [x, y + side],
      [x, y],
    ],
  ],
});
const shown = (x: number, y: number, side: number, probability = 0.9) => ({ outline: square(x, y, side), probability });

describe("regions held against right answers", () => {
  const answers = [square(0, 0, 100), square(1000, 0, 100)];

  it("are right once, then repeats; else wrong, or in doubt where it is too close to call", () => {
    const judged = judgeRegions(
      [shown(0, 0, 100), shown(10, 0, 100), shown(500, 500, 100), shown(2000, 0, 100), shown(1000, 0, 50)],
      answers,
      [square(2000, 0, 100)],
    );
    expect(judged.map(({ kind }) => kind)).toEqual(["right", "repeat", "wrong", "doubt", "right"]);
    // 90 × 100 of 110 × 100.
    expect(judged[1]?.fit?.iou).toBeCloseTo(90 / 110);
  });

  it("show nothing when they are far larger than what they cover", () => {
    const [tile, everything] = judgeRegions([shown(-50, -50, 256), shown(-500, -500, 2000)], answers, []);
    expect(tile?.kind).toBe("right");
    expect(everything?.kind).toBe("wrong");
  });
});

describe("figures of a ranking, by hand", () => {
  it("count gains, precisions and the first right one", () => {
    const answers = [square(0, 0, 100), square(1000, 0, 100), square(2000, 0, 100)];
    const judged = judgeRegions([shown(5000, 0, 100), shown(0, 0, 100), shown(1000, 0, 100)], answers, []);
    const figures = rankingFigures(judged, 3);
    expect(figures.recall).toEqual({ 1: 0, 5: 2 / 3, 10: 2 / 3 });
    expect(figures.reciprocalRank).toBe(1 / 2);
    expect(figures.averagePrecision).toBeCloseTo((1 / 2 + 2 / 3) / 3);
    const ideal = 1 + 1 / Math.log2(3) + 1 / 2;
    expect(figures.ndcg).toBeCloseTo((1 / Math.log2(3) + 1 / 2) / ideal);
  });

  it("leave out what is in doubt", () => {
    const judged = judgeRegions([shown(0, 0, 100), shown(1000, 0, 100)], [square(1000, 0, 100)], [square(0, 0, 100)]);
    expect(rankingFigures(judged, 1)).toMatchObject({ ndcg: 1, reciprocalRank: 1 });
  });
});

describe("figures of an outline, by hand", () => {
  it("measure centre, area and boundary", () => {
    const [a, b] = [square(0, 0, 100), square(3, 4, 100)];
    const figures = outlineFigures(a, b, 0.5);
    expect(figures.centreDistanceM).toBeCloseTo(5);
    expect(figures.areaError).toBeCloseTo(0);
    expect(figures.boundaryF1).toBeCloseTo(1, 1);
    expect(boundaryF1(a, square(500, 0, 100), 5)).toBe(0);
    expect(outlineFigures(square(0, 0, 200), a, 0.25).areaError).toBeCloseTo(3);
  });
});

describe("probabilities against what came true, by hand", () => {
  const forecasts = [
    { probability: 0.9, isRight: true },
    { probability: 0.9, isRight: false },
    { probability: 0.2, isRight: false },
    { probability: 0.2, isRight: false },
  ];

  it("ECE weighs the gap of each bin, Brier squares it", () => {
    // (0.9, right half the time): |0.5 − 0.9| · 2/4; (0.2, never right): |0 − 0.2| · 2/4.
    expect(expectedCalibrationError(forecasts)).toBeCloseTo(0.2 + 0.1);
    expect(brierScore(forecasts)).toBeCloseTo((0.01 + 0.81 + 0.04 + 0.04) / 4);
    expect(expectedCalibrationError([])).toBe(0);
  });

  it("risk is that of the most probable share", () => {
    expect(riskCoverage(forecasts, [0.25, 0.5, 1])).toEqual([
      { coverage: 0.25, risk: 0 },
      { coverage: 0.5, risk: 0.5 },
      { coverage: 1, risk: 0.75 },
    ]);
  });

  it("false discoveries are meant over queries, abstentions counted by whether there was an answer", () => {
    expect(
      abstentionFigures([
        { hasAnswer: true, right: 3, wrong: 1 },
        { hasAnswer: true, right: 0, wrong: 0 },
        { hasAnswer: false, right: 0, wrong: 2 },
        { hasAnswer: false, right: 0, wrong: 0 },
      ]),
    ).toEqual({
      falseDiscoveryRate: (1 / 4 + 0 + 1 + 0) / 4,
      falseShareOfShown: 3 / 6,
      abstentionPrecision: 1 / 2,
      abstentionRecall: 1 / 2,
      answered: 1 / 2,
    });
  });
});

describe("what is learned", () => {
  it("a logistic gives the log-odds of what it saw", () => {
    const of = (x: number, right: number, wrong: number) => [
      ...Array.from({ length: right }, () => ({ features: { x }, isRight: true })),
      ...Array.from({ length: wrong }, () => ({ features: { x }, isRight: false })),
    ];
    const { bias, weights } = learnLogistic([...of(0, 20, 80), ...of(1, 80, 20)], ["x"]);
    expect(bias).toBeCloseTo(Math.log(20 / 80), 1);
    expect((weights.x as number) + bias).toBeCloseTo(Math.log(80 / 20), 1);
    expect(learnLogistic([...of(0, 80, 20), ...of(1, 20, 80)], ["x"], new Set(["x"])).weights.x).toBe(0);
  });

  it("isotonic points never fall", () => {
    const noisy = Array.from({ length: 200 }, (_, i) => ({ raw: i / 200, isRight: (i * 7919) % 200 < i }));
    const points = learnIsotonic(noisy);
    expect(points.length).toBeGreaterThan(2);
    for (const [i, [x, y]] of points.slice(1).entries()) {
      expect(x).toBeGreaterThanOrEqual((points[i] as [number, number])[0]);
      expect(y).toBeGreaterThanOrEqual((points[i] as [number, number])[1]);
    }
  });

  it("the threshold is the least that keeps the corrected share of wrong ones within α", () => {
    // 99 queries: one wrong region at 0.4 in thirty of them, a right one at 0.8 in all.
    const queries = Array.from({ length: 99 }, (_, i) => [
      { probability: 0.8, isRight: true },
      ...(i < 30 ? [{ probability: 0.4, isRight: false }] : []),
    ]);
    // At 0.4: 30 · ½ / 99 = 0.152, (99/100) · 0.152 + 1/100 = 0.16.
    expect(conformalThreshold(queries, 0.1)).toBe(0.8);
    expect(conformalThreshold(queries, 0.2)).toBe(0);
    // Too few queries can bound nothing.
    expect(conformalThreshold(queries.slice(0, 5), 0.1)).toBeGreaterThan(1);
  });

  it("ships in a file of its schema, with every feature and every kind of query", () => {
    expect(FusionWeightsSchema.parse(FUSION)).toEqual(FUSION);
    expect(Object.keys(FUSION.rank.weights).sort()).toEqual([...FUSION_FEATURES].sort());
    for (const kind of QUERY_KINDS) expect(calibrated(1, kind)).toBeGreaterThanOrEqual(calibrated(0, kind));
  });
});

describe("questions made from the truth of a world", () => {
  const folder = mkdtempSync(join(tmpdir(), "terralogue-queries-"));
  let world: TruthWorld;
  let queries: readonly BenchmarkQuery[];

  beforeAll(async () => {
    await paintWorld({ out: join(folder, "world"), seed: 11, landform: "harbour", size: 1500 });
    world = readTruth(join(folder, "world"));
    queries = generateQueries(world, { object: 6, relation: 6, hard_negative: 4, change: 4, geo: 4, none: 4 });
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("are of every type in both languages, the same every time", () => {
    for (const type of QUERY_TYPES)
      for (const language of ["en", "zh"])
        expect(queries.some((query) => query.type === type && query.language === language)).toBe(true);
    const again = generateQueries(world, { object: 6, relation: 6, hard_negative: 4, change: 4, geo: 4, none: 4 });
    expect(again.map(({ text }) => text)).toEqual(queries.map(({ text }) => text));
  });

  it("have answers but for those of type none", () => {
    for (const { type, answers } of queries) expect(answers.length > 0).toBe(type !== "none");
  });

  it("have hard negatives with at least three things of the kind that are no answer", () => {
    for (const { spec } of queries.filter(({ type }) => type === "hard_negative"))
      expect(judge(spec, world).filter(({ verdict }) => verdict === "no").length).toBeGreaterThanOrEqual(3);
  });

  it("leave distances in doubt that are too close to call", () => {
    const roads = judge({ ...PLAIN, target: "road" }, world);
    expect(roads.length).toBeGreaterThan(0);
    const spec = { ...PLAIN, target: "building" as const };
    for (const metres of [50, 100, 200]) {
      const near = judge(
        { ...spec, relations: [{ kind: "near", anchor: "road", distanceM: metres, count: 1 }] },
        world,
      );
      const far = judge({ ...spec, relations: [{ kind: "far", anchor: "road", distanceM: metres, count: 1 }] }, world);
      for (const [i, { verdict }] of near.entries())
        if (verdict !== "doubt" && far[i]?.verdict !== "doubt")
          expect(verdict === "yes").toBe(far[i]?.verdict === "no");
    }
  });
});

describe("a file of questions", () => {
  const folder = mkdtempSync(join(tmpdir(), "terralogue-lines-"));
  const write = (text: string) => {
    const file = join(folder, "queries.jsonl");
    writeFileSync(file, text);
    return file;
  };
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is read line by line, with ten regions where it does not say", () => {
    const file = write(
      '{"text":"tanks","answers":[]}\n\n{"text":"港口","answers":[{"type":"Point","coordinates":[1,2]}],"k":3}\n',
    );
    expect(readQueryLines(file).map(({ text, k, answers }) => [text, k, answers.length])).toEqual([
      ["tanks", 10, 0],
      ["港口", 3, 1],
    ]);
  });

  it("says which line is not right", () => {
    expect(() => readQueryLines(write('{"text":"tanks","answers":[]}\n{"text":"x"}\n'))).toThrow(/line 2: answers/);
    expect(() => readQueryLines(write("tanks\n"))).toThrow(/line 1, is not JSON/);
    expect(() => readQueryLines(write("\n"))).toThrow(/holds no question/);
  });
});
