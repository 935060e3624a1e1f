import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Reply } from "../../src/answer/reply.ts";
import { verifyText } from "../../src/answer/verify/verify-text.ts";
import { type Engine, openEngine } from "../../src/engine.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import { createHashedTextEncoder } from "../../src/models/hashed-text-encoder.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-of-these-"));
let engine: Engine;

/** A square of `side` metres, about, with its lower left corner `east` and `north` metres from 2.3° E, 41.6° N. */
function square(east: number, north: number, side: number) {
  const at = (x: number, y: number) => [2.3 + x / 83_250, 41.6 + y / 111_050];
  const [x, y] = [east + side, north + side];
  return {
    type: "Polygon",
    coordinates: [[at(east, north), at(x, north), at(x, y), at(east, y), at(east, north)]],
  };
}
const stadium = (id: string, name: string, geometry: unknown) => ({
  type: "Feature",
  id,
  properties: { leisure: "stadium", name },
  geometry,
});

beforeAll(async () => {
  const layers = join(folder, "layers.geojson");
  const features = [
    stadium("way/1", "East Arena", square(0, 0, 200)),
    stadium("way/2", "West Arena", square(2000, 0, 150)),
    stadium("way/3", "Nameless Field", square(4000, 0, 100)),
  ];
  writeFileSync(layers, JSON.stringify({ type: "FeatureCollection", features }));
  const landmarks = [
    {
      id: "east",
      name: "East Arena",
      concept: "stadium",
      lon: 2.3012,
      lat: 41.6009,
      facts: { opened: 1970, seats: 9000 },
    },
    // No position within 250 m of it: it is joined by the name that the thing on the map bears.
    {
      id: "west",
      name: "West Arena",
      concept: "stadium",
      lon: 2.36,
      lat: 41.6009,
      facts: { opened: 1951, seats: 42_000 },
    },
    {
      id: "dam-1",
      name: "Upper Dam",
      aliases: ["上坝"],
      concept: "dam",
      country: "ES",
      lon: 2,
      lat: 42,
      facts: { opened: 1960, height_m: 100 },
    },
    {
      id: "dam-2",
      name: "Lower Dam",
      aliases: ["下坝"],
      concept: "dam",
      country: "ES",
      lon: 2,
      lat: 42.1,
      facts: { completed: 1931, height_m: 60 },
    },
    {
      id: "dam-3",
      name: "Third Dam",
      aliases: ["三号坝"],
      concept: "dam",
      country: "ES",
      lon: 2,
      lat: 42.2,
      facts: { operator: "River Board" },
    },
  ];
  const knowledge = join(folder, "landmarks.jsonl");
  writeFileSync(knowledge, landmarks.map((line) => `${JSON.stringify({ source: "test", ...line })}\n`).join(""));
  await ingest({
    workspace: join(folder, "w"),
    vectors: [layers],
    knowledge: [knowledge],
    encoder: createStatisticsEncoder(),
    textEncoder: createHashedTextEncoder(),
  });
  engine = await openEngine(join(folder, "w"));
}, 120_000);
afterAll(() => {
  engine?.close();
  rmSync(folder, { recursive: true, force: true });
});

let threads = 0;
async function ask(...messages: readonly string[]): Promise<Reply> {
  threads += 1;
  let reply: Reply | null = null;
  for (const message of messages) reply = await engine.agent.run({ thread: `t${threads}`, message });
  return reply as Reply;
}

describe("of the results of a search", () => {
  it.each([
    ["Which of these is oldest?", /West Arena opened in 1951 \[1\]; East Arena opened in 1970.*other 1 result/s],
    ["which one is the newest?", /East Arena opened in 1970/],
    ["其中哪个最早?", /West Arena于1951年开通启用/],
    ["which of them has the most seats?", /West Arena has 42,000 seats/],
    ["哪个座位最多?", /42,000/],
    ["Which of these is the largest?", /#\d is the largest of the 3 results: 4\.\d+ ha/],
    ["这些里面哪个最小?", /面积最小/],
  ])("%s", async (message, text) => {
    const reply = await ask("find stadiums", message);
    expect(reply).toMatchObject({ intent: "compare", outcome: "answer" });
    expect(reply.text).toMatch(text);
    expect(reply.citations.length).toBeGreaterThan(0);
  });
  it("what is recorded of none of them is said to be so", async () => {
    const reply = await ask("find stadiums", "which of these carries the most passengers?");
    expect(reply.outcome).toBe("not_covered");
    expect(reply.text).toMatch(/No throughput is recorded/);
  });
  it("is asked again: these are still the results", async () => {
    const reply = await ask("find stadiums", "which of these is oldest?", "and which of them is the smallest?");
    expect(reply.text).toMatch(/smallest of the 3 results/);
  });
  it("every sentence is backed by the evidence of its turn", async () => {
    for (const message of ["which of these is oldest?", "which of these is the largest?"]) {
      threads += 1;
      await engine.agent.run({ thread: `t${threads}`, message: "find stadiums" });
      let faults: unknown[] = ["no evidence was given"];
      const reply = await engine.agent.run(
        { thread: `t${threads}`, message },
        {
          onEvidence: (evidence) => {
            faults = [];
            held = evidence;
          },
        },
      );
      for (const piece of verifyText(reply.text, held as never, reply.citations)) faults.push(...piece.faults);
      expect(faults).toEqual([]);
    }
  });
});
let held: unknown;

describe("of landmarks just named", () => {
  it.each([
    [["list the dams in Spain", "which of these is oldest?"], /Lower Dam.*1931.*oldest/s],
    [["list the dams in Spain", "which of them is the tallest?"], /Upper Dam.*100 m/s],
    [["列出西班牙的水坝", "其中哪个最早?"], /下坝.*1931/s],
    [["Compare Upper Dam and Lower Dam", "which is older?"], /Lower Dam.*1931/s],
    [["list the dams in Spain", "which of these is oldest?", "and the newest?"], /Upper Dam.*1960/s],
    [["list the dams in Spain", "which of these is oldest?", "how tall is it?"], /60 m/],
  ])("%j", async (messages, text) => {
    const reply = await ask(...messages);
    expect(reply.outcome).toBe("answer");
    expect(reply.text).toMatch(text);
  });
  it("tells the earliest of three that are named at once", async () => {
    expect((await ask("Which is older, Upper Dam, Lower Dam or East Arena?")).text).toMatch(
      /Lower Dam has the earliest completion date \[1\]\. /,
    );
  });
});

describe("a question after an answer", () => {
  it("about another kind of thing is not answered of what was spoken of", async () => {
    const reply = await ask("Who operates Third Dam?", "and who runs the airport?");
    expect(reply.outcome).not.toBe("answer");
    expect(reply.text).not.toContain("River Board");
  });
  it("points at a result that is not there, and is told so", async () => {
    expect((await ask("find stadiums", "what is #9?")).text).toBe("There is no #9: the last result has 3 regions.");
  });
});
