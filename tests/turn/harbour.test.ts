import * as turf from "@turf/turf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Reply } from "../../src/answer/reply.ts";
import { type Engine, openEngine } from "../../src/engine.ts";
import { type DemoWorkspace, demoWorkspace, type TruthFeature } from "../fixtures/demo.ts";

let demo: DemoWorkspace;
let engine: Engine;
const ask = (message: string, thread = "t") => engine.agent.run({ message, thread });
const of = (concept: string) => demo.truth.filter(({ properties }) => properties.concept === concept);

/** Metres between outlines, over their vertices and edges, in the plane of the place. */
function gap(a: GeoJSON.Geometry, b: GeoJSON.Geometry): number {
  const points = turf.coordAll(
    a.type === "Polygon" ? (turf.polygonToLine(a as GeoJSON.Polygon) as GeoJSON.Feature) : turf.feature(a),
  );
  return Math.min(
    ...turf
      .coordAll(turf.feature(b))
      .map((p) =>
        a.type === "Polygon"
          ? Math.max(0, turf.pointToPolygonDistance(p, a, { units: "meters" }))
          : Math.min(...points.map((q) => turf.distance(p, q, { units: "meters" }))),
      ),
  );
}
const near = (park: TruthFeature, concept: string, metres: number) =>
  of(concept).some(({ geometry }) => gap(park.geometry, geometry) <= metres);
const overlaps = (region: Reply["regions"][number], park: TruthFeature) => {
  const shared = turf.intersect(
    turf.featureCollection([
      turf.feature(region.geometry as GeoJSON.Polygon),
      turf.feature(park.geometry as GeoJSON.Polygon),
    ]),
  );
  return (
    shared !== null &&
    turf.area(shared) > 0.4 * Math.min(turf.area(region.geometry as GeoJSON.Polygon), turf.area(park.geometry))
  );
};
/** Each region is one of the expected places and each expected place is found. */
const expectPlaces = (reply: Reply, expected: readonly TruthFeature[]) => {
  for (const region of reply.regions)
    expect(
      expected.some((park) => overlaps(region, park)),
      region.caption,
    ).toBe(true);
  for (const park of expected)
    expect(
      reply.regions.some((region) => overlaps(region, park)),
      park.properties.name ?? park.properties.id,
    ).toBe(true);
};

beforeAll(async () => {
  demo = await demoWorkspace();
  engine = await openEngine(demo.workspace);
});
afterAll(() => {
  engine?.close();
  demo?.remove();
});

describe("a conversation on the harbour demo", () => {
  it("finds the new logistics parks near exits, for the right reasons", async () => {
    const reply = await ask("find new logistics parks near highway exits");
    const [, after] = demo.world.images.map(({ date }) => date);
    expectPlaces(
      reply,
      of("logistics_park").filter((park) => park.properties.firstSeen !== null && near(park, "highway_exit", 1000)),
    );
    expect(reply.regions.length).toBeGreaterThan(2);
    for (const { proof, evidence } of reply.regions) {
      expect(proof.truth).toBeGreaterThan(0.3);
      const witnesses = evidence.filter(({ kind }) => kind === "entity");
      expect(witnesses.some(({ concept }) => concept === "highway_exit")).toBe(true);
      expect(JSON.stringify(proof.tree)).toContain(after);
    }
  });

  it("prints only distances that the proof measured", async () => {
    const reply = await ask("find new logistics parks near highway exits", "numbers");
    for (const region of reply.regions) {
      const measured = [...JSON.stringify(region.proof).matchAll(/"name":"distance","value":([\d.]+)/g)].map(
        ([, value]) => Math.round(Number(value)),
      );
      for (const [, printed] of region.caption.matchAll(/([\d,]+) m from/g))
        expect(measured).toContain(Number(printed?.replaceAll(",", "")));
    }
  });

  it("narrows to those within 500 m", async () => {
    const reply = await ask("only those within 500 m");
    const parks = of("logistics_park").filter((park) => park.properties.firstSeen !== null);
    expectPlaces(
      reply,
      parks.filter((park) => near(park, "highway_exit", 500)),
    );
    expect(reply.regions.length).toBeLessThan(parks.filter((park) => near(park, "highway_exit", 1000)).length);
    expect(reply.text).toMatch(/of the \d earlier results remains?/);
  });

  it("says why the one at the port is not among them", async () => {
    const reply = await ask("why not the one at the port?");
    expect(reply).toMatchObject({ intent: "why_not", outcome: "answer" });
    expect(reply.text).toContain("What fails is “it is new");
    expect(reply.text).toContain("on the oldest date already");
    expect(reply.nearMisses[0]?.failure.formula).toContain("new(x");
  });

  it("answers who runs the container terminal, with a citation that holds", async () => {
    const reply = await ask("who runs the container terminal?");
    const terminal = engine.workspace.knowledge.landmarks().find(({ concept }) => concept === "container_yard");
    const operator = terminal?.facts.find(({ key }) => key === "operator")?.value as string;
    expect(reply.text).toContain(operator);
    const [citation] = reply.citations;
    expect(citation).toMatchObject({ kind: "passage", marker: 1 });
    expect(reply.text.slice(citation?.start, citation?.end)).toContain(operator);
    expect(
      engine.workspace.knowledge
        .passages(terminal?.id as string)
        .some(({ id, text }) => id === citation?.evidence && text.includes(citation?.quote as string)),
    ).toBe(true);
    expect((await ask("谁运营集装箱码头?")).text).toContain(operator);
  });

  it("abstains on glaciers", async () => {
    expect(await ask("find glaciers")).toMatchObject({ outcome: "not_covered", regions: [], nearMisses: [] });
  });

  it("shows what stands now, unless the question is about what is gone", async () => {
    const gone = of("logistics_park").filter(({ properties }) => properties.lastSeen !== null);
    expect(gone.length).toBeGreaterThan(0);
    const now = await ask("logistics parks", "now");
    expect(now.regions.length).toBeGreaterThan(0);
    for (const region of now.regions) expect(gone.some((park) => overlaps(region, park))).toBe(false);
    expectPlaces(await ask("logistics parks that are gone", "gone"), gone);
  });

  it("asks the same in Chinese", async () => {
    const [english, chinese] = [
      await ask("find new logistics parks near highway exits", "en"),
      await ask("查找高速出口附近新建的物流园", "zh"),
    ];
    expect(chinese.regions.map(({ geometry }) => geometry)).toEqual(english.regions.map(({ geometry }) => geometry));
    expect(chinese.text).toMatch(/找到 \d 个/);
    expect(chinese.plan?.hash).toBe(english.plan?.hash);
  });

  it("keeps to a box, and to a drawn area", async () => {
    const [first] = (await ask("find logistics parks", "box")).regions;
    const inside = await engine.agent.run({
      message: "find logistics parks",
      thread: "box2",
      viewport: first?.bbox as [number, number, number, number],
    });
    expect(inside.regions.map(({ geometry }) => geometry)).toEqual([first?.geometry]);
  });

  it("explains, counts, compares, describes and measures from the result", async () => {
    await ask("find logistics parks", "questions");
    expect((await ask("why is this first?", "questions")).text).toContain("It holds that it is a logistics park");
    expect((await ask("compare #1 and #2", "questions")).text).toMatch(/#1:.*\n#2:/);
    expect((await ask("how far is #2 from the nearest railway?", "questions")).text).toMatch(
      /#2 is [\d,.]+ m from the nearest railway/,
    );
    expect((await ask("how many large roofs are in #1?", "questions")).text).toMatch(/#1 holds \d+ large roofs?/);
    expect((await ask("what is #1?", "questions")).text).toContain("In it:");
  });

  it("excludes a result, goes back, and keeps its thread over a restart", async () => {
    const before = await ask("find logistics parks", "restart");
    const without = await ask("exclude #1", "restart");
    expect(
      without.regions.some(({ geometry }) => JSON.stringify(geometry) === JSON.stringify(before.regions[0]?.geometry)),
    ).toBe(false);
    engine.close();
    engine = await openEngine(demo.workspace);
    const back = await ask("undo", "restart");
    expect(back.turn).toBe(3);
    expect(back.regions.map(({ geometry }) => geometry)).toEqual(before.regions.map(({ geometry }) => geometry));
  });

  it("makes the same plan and result again from the same workspace", async () => {
    const [a, b] = [await ask("the largest solar farms", "r1"), await ask("the largest solar farms", "r2")];
    expect(a.plan).toEqual(b.plan);
    expect(a.regions.map(({ id: _, ...rest }) => rest)).toEqual(b.regions.map(({ id: _, ...rest }) => rest));
  });

  it("refuses what is no question", async () => {
    await expect(engine.agent.run({ message: "   " })).rejects.toThrow(/message is empty/);
    await expect(engine.agent.run({ message: "x".repeat(5000) })).rejects.toThrow(/at most 4000/);
    await expect(engine.agent.run({ message: "x", thread: "../../etc" })).rejects.toThrow(/malformed/);
  });
});
