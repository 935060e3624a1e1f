import { createServer, type Server, type ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { createLanguageModel } from "../../../agents/language-model.ts";
import { loadPrompt } from "../../../prompts/load-prompt.ts";
import { captionWithModel } from "../../../src/answer/captions/caption-with-model.ts";
import { faultOf } from "../../../src/answer/captions/check-caption.ts";
import { collectFacts } from "../../../src/answer/captions/collect-facts.ts";
import { groundsOf } from "../../../src/answer/captions/grounds.ts";
import { writeCaption } from "../../../src/answer/captions/write-caption.ts";
import { CaptionSchema } from "../../../src/store/caption.ts";
import { BOX, DEPOT, scene } from "./scenes.ts";

const facts = collectFacts([...BOX], null, scene(DEPOT));
const rules = { en: writeCaption(facts, "en"), zh: writeCaption(facts, "zh") };
const system = loadPrompt("caption").text;
const ROOFS = ["roof1", "roof2"];
let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

interface Answer {
  readonly content?: string;
  readonly act?: (response: ServerResponse) => void;
}
type Content =
  | string
  | readonly { readonly type: string; readonly text?: string; readonly image_url?: { url: string } }[];

/** A service that speaks the OpenAI chat protocol and says what the test scripts; it keeps what it was asked. */
async function scripted(answer: (attempt: number) => Answer) {
  const asked: { messages: { role: string; content: Content }[] }[] = [];
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      asked.push(JSON.parse(body));
      const { content = "", act } = answer(asked.length);
      if (act) {
        act(response);
        return;
      }
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
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
  const model = createLanguageModel({
    baseUrl: `http://127.0.0.1:${(server.address() as { port: number }).port}/v1`,
    model: "scripted",
  });
  return { asked, model };
}

const clause = (text: string, ...evidence: string[]) => ({ text, evidence });
const GOOD = {
  line: {
    clauses: [clause("Five large white roofs around a truck yard", ...ROOFS, "yard"), clause("amid farmland", "farm")],
  },
  objects: {
    clauses: [
      clause("Farmland takes 58 % of it.", "farm"),
      clause("The five white roofs are of 3,600 m² each.", "roof1"),
    ],
  },
  layout: {
    clauses: [clause("Harlowe is a town 2.0 km to the west.", "town"), clause("The motorway is in the east.", "m9")],
  },
};
const says = (caption: unknown): Answer => ({ content: JSON.stringify(caption) });

describe("a good answer", () => {
  it("is taken level by level, its texts being its clauses joined", async () => {
    const { model, asked } = await scripted(() => says(GOOD));
    const { caption, byModel, dropped } = await captionWithModel(facts, "en", model, { system });
    expect(dropped).toEqual([]);
    expect(byModel).toEqual(["line", "objects", "layout"]);
    expect(CaptionSchema.parse(caption).line.text).toBe("Five large white roofs around a truck yard amid farmland");
    expect(caption.layout.text).toBe("Harlowe is a town 2.0 km to the west. The motorway is in the east.");
    expect(JSON.stringify(asked[0]?.messages)).toContain("five large white roofs");
  });

  it("may rest on a picture, which goes with the words", async () => {
    const { model, asked } = await scripted(() => says(GOOD));
    const image = "data:image/png;base64,iVBORw0KGgo=";
    await captionWithModel(facts, "en", model, { system, image });
    const content = asked[0]?.messages.at(-1)?.content as Exclude<Content, string>;
    expect(content.map(({ type }) => type)).toEqual(["text", "image_url"]);
    expect(content[1]?.image_url?.url).toBe(image);
  });
});

describe("a lying answer", () => {
  it.each([
    ["a count", "Six large white roofs around a truck yard", "number"],
    ["a distance", "a truck yard 1.3 km from the Harlow motorway exit", "number"],
    ["a kind", "Five white roofs beside an airport", "concept"],
    ["a narrower kind", "Five white warehouses around a truck yard", "concept"],
    ["a colour", "Five large red roofs around a truck yard", "colour"],
    ["a name", "Five large white roofs at Rotterdam", "name"],
    ["a direction", "Five large white roofs in the north-east", "direction"],
    ["a date", "Five large white roofs since 2019-01-01", "date"],
  ])("about %s is not believed", async (_, text, fault) => {
    const evidence = text.includes("exit") ? ["yard", "exit"] : ROOFS;
    const { model } = await scripted(() => says({ ...GOOD, line: { clauses: [clause(text, ...evidence)] } }));
    const { caption, dropped, byModel } = await captionWithModel(facts, "en", model, { system });
    expect(dropped).toEqual([{ level: "line", text, fault }]);
    expect(caption.line).toEqual(rules.en.line);
    expect(byModel).toEqual(["objects", "layout"]);
  });

  it("with ids that are none loses those clauses alone", async () => {
    const objects = { clauses: [...GOOD.objects.clauses, clause("There are ships.", "ship-1")] };
    const { model } = await scripted(() => says({ ...GOOD, objects }));
    const { caption, dropped } = await captionWithModel(facts, "en", model, { system });
    expect(dropped).toMatchObject([{ level: "objects", fault: "evidence" }]);
    expect(caption.objects.text).toBe("Farmland takes 58 % of it. The five white roofs are of 3,600 m² each.");
  });

  it("that swaps the counts of two kinds is found out", () => {
    const grounds = groundsOf(facts);
    const swapped = clause("One roof and five truck yards", "roof1", "yard");
    expect(faultOf(swapped, grounds, "en")).toBe("count");
  });

  it("that lost most of a level leaves the rules' own", async () => {
    const layout = {
      clauses: [
        clause("Nine ships lie about.", "m9"),
        clause("A dam is near.", "m9"),
        clause("The motorway is in the east.", "m9"),
      ],
    };
    const { model } = await scripted(() => says({ ...GOOD, layout }));
    const { caption } = await captionWithModel(facts, "en", model, { system });
    expect(caption.layout).toEqual(rules.en.layout);
  });

  it.each([
    ["五个白色大屋顶围绕卡车停车场", null],
    ["六个白色大屋顶围绕卡车停车场", "number"],
    ["五个红色大屋顶", "colour"],
    ["五个白色大屋顶位于东北部", "direction"],
    ["五座机场", "concept"],
    ["五个白色大屋顶紧邻幸福镇", "concept"],
  ])("is found out in Chinese too: %s", (text, fault) => {
    expect(faultOf(clause(text, ...ROOFS), groundsOf(facts), "zh")).toBe(fault);
  });
});

describe("a service that fails", () => {
  it("with prose is asked once more, then the rules write", async () => {
    const { model, asked } = await scripted(() => ({ content: "What a lovely depot!" }));
    expect((await captionWithModel(facts, "zh", model, { system })).caption).toEqual(rules.zh);
    expect(asked).toHaveLength(2);
  });

  it("with prose first and JSON then is heard", async () => {
    const { model } = await scripted((attempt) => (attempt === 1 ? { content: "Sure." } : says(GOOD)));
    expect((await captionWithModel(facts, "en", model, { system })).byModel).toContain("line");
  });

  it.each<[string, Answer]>([
    ["never answering", { act: () => undefined }],
    [
      "cutting its answer",
      {
        act: (response) => {
          response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
          response.write('{"id":"1","choices":[{"index":0,"mess');
          setTimeout(() => response.destroy(), 20);
        },
      },
    ],
  ])(
    "by %s leaves the rules' caption within its time",
    async (_, answer) => {
      const { model } = await scripted(() => answer);
      const started = Date.now();
      const { caption, byModel } = await captionWithModel(facts, "en", model, { system, timeoutMs: 2500 });
      expect(caption).toEqual(rules.en);
      expect(byModel).toEqual([]);
      expect(Date.now() - started).toBeLessThan(10_000);
    },
    30_000,
  );
});
