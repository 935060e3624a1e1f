import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Reply } from "../../src/answer/reply.ts";
import { type Engine, openEngine } from "../../src/engine.ts";
import { ingest } from "../../src/ingest/ingest.ts";
import { createHashedTextEncoder } from "../../src/models/hashed-text-encoder.ts";
import { createStatisticsEncoder } from "../../src/models/statistics-encoder.ts";

const folder = mkdtempSync(join(tmpdir(), "terralogue-landmarks-"));
let engine: Engine;

const LANDMARKS = [
  {
    id: "north",
    name: "North Dam",
    aliases: ["The Wall", "北坝"],
    concept: "dam",
    country: "ES",
    lon: 2.3,
    lat: 41.6,
    facts: { opened: 1970, height_m: 111, length_m: 3830, operator: "River Authority" },
    text: "North Dam holds back Lake Arran. It opened in 1970 and is 111 m high and 3,830 m long. The River Authority operates it.",
  },
  {
    id: "south",
    name: "South Dam",
    aliases: ["南坝"],
    concept: "dam",
    country: "ES",
    lon: 2.4,
    lat: 41.6,
    facts: { completed: 1951, height_m: 84 },
    text: "South Dam is an older dam. It is 84 m high.",
  },
  {
    id: "twin-1",
    name: "Newton",
    aliases: [],
    concept: "city",
    country: "ES",
    lon: 2.31,
    lat: 41.61,
    facts: { population: 1200 },
  },
  {
    id: "twin-2",
    name: "Newton",
    aliases: [],
    concept: "city",
    country: "FR",
    lon: 3.9,
    lat: 44,
    facts: { population: 1300 },
  },
  {
    id: "span",
    name: "Ferry Bridge",
    aliases: ["渡口大桥"],
    concept: "bridge",
    country: "FR",
    lon: 3.9,
    lat: 44.01,
    facts: { architect: "Ana Ruiz", length_m: 500 },
  },
];

beforeAll(async () => {
  const file = join(folder, "landmarks.jsonl");
  writeFileSync(file, LANDMARKS.map((line) => `${JSON.stringify({ source: "test", ...line })}\n`).join(""));
  await ingest({
    workspace: join(folder, "w"),
    knowledge: [file],
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

describe("answers about landmarks", () => {
  it.each([
    ["When did North Dam open?", /1970/, "north"],
    ["北坝有多高?", /111 米/, "north"],
    ["who runs the wall and since when", /River Authority.*1970/s, "north"],
    ["Which is taller, the South Dam or the North Dam?", /North Dam has the greater height/, "north"],
    ["Is South Dam older than North Dam?", /^Yes/, "south"],
    ["What is the tallest dam in Spain?", /North Dam/, "north"],
    ["Which bridge did Ana Ruiz design?", /Ferry Bridge/, "span"],
    ["What lake does the North Dam hold back?", /Lake Arran/, "north"],
    ["Where is Ferry Bridge?", /France/, "span"],
    ["How far is North Dam from South Dam?", /8\.3 km/, "north"],
    ["Which landmarks are within 5 km of North Dam?", /Newton/, "twin-1"],
  ])("%s", async (message, text, source) => {
    const reply = await ask(message);
    expect(reply.outcome).toBe("answer");
    expect(reply.text).toMatch(text);
    expect(reply.citations.some(({ evidence }) => evidence.startsWith(`${source}#`))).toBe(true);
  });

  it("cites every claim by the place of its words in a passage", async () => {
    for (const message of [
      "When did North Dam open?",
      "Describe North Dam",
      "北坝由谁运营?",
      "What is the tallest dam in Spain?",
    ]) {
      const { citations, text } = await ask(message);
      expect(citations.length).toBeGreaterThan(0);
      for (const { evidence, quote, quoted, start, end } of citations) {
        const passage = engine.workspace.knowledge
          .passages(evidence.replace(/#\d+$/, ""))
          .find(({ id }) => id === evidence);
        expect(passage?.text.slice(quoted?.start, quoted?.end)).toBe(quote);
        expect(text.slice(start, end).length).toBe(end - start);
      }
    }
  });

  it("goes on with the landmark that was spoken of, also after a refusal", async () => {
    expect((await ask("How tall is North Dam?", "And how long is it?")).text).toContain("3,830 m");
    expect((await ask("How tall is North Dam?", "Who designed the Ferry Bridge?", "它有多长?")).text).toContain("500");
    expect((await ask("How tall is North Dam?", "Who owns South Dam?", "How high is it?")).text).toContain("84 m");
  });

  it.each([
    ["Who owns North Dam?", "not_covered", /records no owner/],
    ["How many seats does the Ferry Bridge have?", "not_covered", /records no/],
    ["When did the North Bridge open?", "not_covered", /no landmark called “North Bridge”/],
    ["When did the Nort Dam open?", "not_covered", /North Dam/],
    ["南桥有多长?", "not_covered", /没有名为/],
    ["What is the population of Newton?", "cannot_decide", /Newton \(city, France\); Newton \(city, Spain\)/],
    ["Which is longer, South Dam or Ferry Bridge?", "not_covered", /records no length/],
    ["What is the tallest dam in France?", "not_covered", /no dams? in France/],
  ])("%s is refused, with what is missing", async (message, outcome, text) => {
    const reply = await ask(message);
    expect(reply.outcome).toBe(outcome);
    expect(reply.text).toMatch(text);
  });
});
