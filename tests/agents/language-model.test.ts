import { createServer, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { createLanguageModel, modelSettings } from "../../agents/language-model.ts";
import { EMPTY_DIALOGUE, type UnderstandContext } from "../../src/query/turn.ts";
import { understand } from "../../src/query/understand.ts";
import { understandWithModel } from "../../src/query/understand-with-model.ts";

const context: UnderstandContext = { gazetteer: { places: [] }, newestDate: "2025-06-02", dates: [] };
const MESSAGE = "gimme dem stone diggings wot lie hard by running water";
let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A service that speaks the OpenAI chat protocol and says what the test scripts. */
async function scripted(answer: (attempt: number) => { status?: number; content?: string; raw?: string }) {
  let attempts = 0;
  server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      attempts += 1;
      const { status = 200, content = "", raw } = answer(attempts);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(
        raw ??
          JSON.stringify({
            id: "1",
            object: "chat.completion",
            created: 1,
            model: "m",
            choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
          }),
      );
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return createLanguageModel({
    baseUrl: `http://127.0.0.1:${(server.address() as { port: number }).port}/v1`,
    model: "scripted",
  });
}
const query = {
  target: { concept: "quarry", attributes: [] },
  relations: [{ predicate: "near", negated: false, anchors: [{ concept: "river", attributes: [], relations: [] }] }],
  geo: [],
  time: null,
  exclude: [],
  spans: [],
};

describe("understanding with a language model", () => {
  it("takes a Query that fits the schema for what the grammar leaves over", async () => {
    const model = await scripted(() => ({ content: `\`\`\`json\n${JSON.stringify(query)}\n\`\`\`` }));
    expect(await understandWithModel(MESSAGE, EMPTY_DIALOGUE, context, model, "prompt")).toMatchObject({
      intent: "search",
      query: { target: { concept: "quarry" } },
    });
  });

  it.each([
    ["bad JSON", () => ({ content: "I think you want quarries!" })],
    [
      "an id that is none",
      () => ({ content: JSON.stringify({ ...query, target: { concept: "dragon_lair", attributes: [] } }) }),
    ],
    ["an answer cut short", () => ({ raw: '{"choices":[{"mess' })],
    ["429", () => ({ status: 429, raw: '{"error":{"message":"slow down"}}' })],
    ["500", () => ({ status: 500, raw: "{}" })],
  ])(
    "keeps the grammar's reading on %s",
    async (_, answer) => {
      const model = await scripted(answer);
      expect(await understandWithModel(MESSAGE, EMPTY_DIALOGUE, context, model, "prompt")).toEqual(
        understand(MESSAGE, EMPTY_DIALOGUE, context),
      );
    },
    30_000,
  );

  it("does not ask when the grammar is sure", async () => {
    let asked = false;
    const model = await scripted(() => {
      asked = true;
      return { content: "null" };
    });
    await understandWithModel("find quarries near rivers", EMPTY_DIALOGUE, context, model, "prompt");
    expect(asked).toBe(false);
  });

  it("is off without settings", () => {
    expect(modelSettings({})).toBeNull();
    expect(modelSettings({ TERRALOGUE_LLM_URL: "http://x/v1", TERRALOGUE_LLM_MODEL: "m" })).toEqual({
      baseUrl: "http://x/v1",
      model: "m",
    });
  });
});
