import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, openEngine } from "../../src/engine.ts";
import { createApp } from "../../src/server/create-app.ts";
import { createMetrics } from "../../src/server/metrics.ts";
import { type DemoWorkspace, demoWorkspace } from "../fixtures/demo.ts";

let demo: DemoWorkspace;
let engine: Engine;
let client: OpenAI;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  demo = await demoWorkspace();
  engine = await openEngine(demo.workspace);
  app = createApp({ engine, metrics: createMetrics(), pageDirectory: null, log: () => {} });
  client = new OpenAI({
    baseURL: "http://localhost/v1",
    apiKey: "none",
    maxRetries: 0,
    fetch: async (url, init) => app.request(String(url), init as RequestInit),
  });
}, 180_000);

afterAll(() => {
  engine.close();
  demo.remove();
});

const FIRST = "find new logistics parks near highway exits";

/** The attachment that OpenAI's types do not know. */
interface Attachment {
  readonly thread: string;
  readonly turn: number;
  readonly outcome: string;
  readonly regions: GeoJSON.FeatureCollection;
}

async function ask(...messages: OpenAI.ChatCompletionMessageParam[]) {
  const { choices } = await client.chat.completions.create({ model: "terralogue", messages });
  const message = choices[0]?.message as OpenAI.ChatCompletionMessage & { terralogue: Attachment };
  return { content: message.content ?? "", ...message.terralogue };
}

describe("chat programs that speak OpenAI's protocol", () => {
  it("find the one model", async () => {
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(["terralogue"]);
  });

  it("get regions as markdown with links and as GeoJSON", async () => {
    const answer = await ask({ role: "system", content: "Answer as a pirate." }, { role: "user", content: FIRST });
    expect(answer.outcome).toBe("ranked");
    expect(answer.regions.features.length).toBeGreaterThan(0);
    expect(answer.regions.features[0]).toMatchObject({ type: "Feature", properties: { rank: 1 } });
    expect(answer.content).toMatch(
      /1\. \[Logistics park[^\]]*\]\(http:\/\/localhost\/\?thread=chat-[\w-]+&region=[^)]+\) \(\d+ %\)/,
    );
  });

  it("go on with a conversation that they send whole, in the thread that answered it", async () => {
    const first = await ask({ role: "user", content: FIRST });
    const said = { role: "assistant", content: first.content } as const;
    const second = await ask({ role: "user", content: FIRST }, said, { role: "user", content: "only within 500 m" });
    expect(second).toMatchObject({ thread: first.thread, turn: 2 });
    expect(second.regions.features.length).toBeLessThan(first.regions.features.length);
    // The same history once more is another branch: it is asked again in a thread of its own.
    const again = await ask({ role: "user", content: FIRST }, said, { role: "user", content: "only within 500 m" });
    expect(again.thread).not.toBe(first.thread);
    expect(again.regions.features.length).toBe(second.regions.features.length);
  });

  it("may read it word by word", async () => {
    const stream = await client.chat.completions.create({
      model: "terralogue",
      messages: [{ role: "user", content: [{ type: "text", text: "查找高速出口附近的物流园" }] }],
      stream: true,
    });
    let content = "";
    let reason: string | null = null;
    let attachment: Attachment | undefined;
    for await (const { choices } of stream) {
      const delta = choices[0]?.delta as { content?: string; terralogue?: Attachment };
      content += delta.content ?? "";
      attachment ??= delta.terralogue;
      reason ??= choices[0]?.finish_reason ?? null;
    }
    expect(content).toContain("物流园");
    const whole = await ask({ role: "user", content: "查找高速出口附近的物流园" });
    const withoutThread = (text: string) => text.replace(/chat-[\w-]+/g, "thread");
    expect(withoutThread(content)).toBe(withoutThread(whole.content));
    expect(attachment?.regions.features.length).toBeGreaterThan(0);
    expect(reason).toBe("stop");
  });

  it("are told in their own terms what is wrong", async () => {
    await expect(
      client.chat.completions.create({ model: "x", messages: [{ role: "assistant", content: "Hello" }] }),
    ).rejects.toThrow(/400 The last message is not the user's/);
    await expect(
      client.chat.completions.create({
        model: "x",
        messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "http://localhost/a.png" } }] }],
      }),
    ).rejects.toThrow(/only text is read/);
    const { status, headers } = await app.request("/v1/chat/completions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ messages: [{ role: "user", content: " " }] }),
    });
    expect([status, headers.get("content-type")]).toEqual([400, "application/problem+json"]);
  });
});
