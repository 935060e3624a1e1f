import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium } from "./browser.ts";
import { ask as askOn, type DemoService, inPage, startDemo } from "./demo-service.ts";

const executable = findChromium();
interface StoredReply {
  readonly regions: readonly { readonly bbox: readonly [number, number, number, number] }[];
}

const QUESTION = "find new logistics parks near highway exits";

describe.skipIf(executable === null)("an analyst's work on the page", () => {
  let demo: DemoService;
  let page: Page;
  beforeAll(async () => {
    demo = await startDemo(executable as string);
    page = await demo.open({ reducedMotion: "reduce", permissions: ["clipboard-read", "clipboard-write"] });
    page.setDefaultTimeout(30_000);
  });
  afterAll(() => demo?.close());

  const ask = (message: string) => askOn(page, message);
  const restart = async () => {
    await page.locator("h1").click();
    await page.keyboard.press("n");
    await page.locator(".example").first().waitFor();
  };
  const last = () => page.locator(".exchange").last();
  const settled = async (count: number) => {
    const exchange = page.locator(".exchange").nth(count);
    await exchange.and(page.locator("[data-state=done]")).waitFor();
    return exchange;
  };

  /** The stored reply of a turn of the thread that is shown. */
  const replyOf = async (turn: number): Promise<StoredReply> => {
    const thread = new URL(page.url()).searchParams.get("thread");
    const stored = await (await page.request.get(`${demo.server.url}/api/threads/${thread}`)).json();
    return stored.turns[turn - 1].reply;
  };

  it("shows the stages of a turn as they happen, with counts and times", async () => {
    const exchange = await ask(QUESTION);
    expect(await exchange.locator(".stage-line").textContent()).toMatch(/searched \d+ tiles? · proved \d+ candidates?/);
    await exchange.locator(".stages summary").click();
    const rows = await exchange.locator(".stages tr").allTextContents();
    expect(rows.length).toBeGreaterThanOrEqual(8);
    expect(rows.every((row) => /\d (ms|s)$/.test(row))).toBe(true);
  });

  it("does what one types into its palette", async () => {
    await page.locator("#message").focus();
    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Commands" });
    await palette.waitFor();
    await page.keyboard.type("dark");
    await expect.poll(() => palette.getByRole("option").count()).toBe(1);
    await page.keyboard.press("Enter");
    await palette.waitFor({ state: "detached" });
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("next res");
    await page.keyboard.press("Enter");
    await page.locator(".card[data-selected=true] .rank", { hasText: "1" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("copy a link");
    await page.keyboard.press("Enter");
    await page.getByText("The link is copied.").waitFor({ state: "attached" });
    const link = await inPage<string>(page, "navigator.clipboard.readText()");
    expect(link).toContain("thread=");
    expect(link).toContain("region=");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("zzzz");
    await palette.getByText("Nothing here is called that.").waitFor();
    await page.keyboard.press("Escape");
  });

  it("shows the plan with its hash, and gets the same by running it again", async () => {
    const proof = page.getByRole("complementary", { name: "Proof" });
    await proof.getByText("The plan as JSON").click();
    const plan = JSON.parse((await proof.locator(".plan-json").textContent()) ?? "") as {
      hash: string;
      formula: string;
    };
    expect(plan.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(plan.formula).toContain("logistics_park(x)");
    await proof.getByRole("button", { name: "Copy the plan" }).click();
    await proof.getByRole("button", { name: "Copied" }).waitFor();
    expect(JSON.parse(await inPage<string>(page, "navigator.clipboard.readText()"))).toEqual(plan);
    const count = await page.locator(".exchange").count();
    await proof.getByRole("button", { name: "Run it again" }).click();
    const again = await settled(count);
    expect(await again.locator(".replayed").textContent()).toBe("Replayed: the same plan gave the same results.");
  });

  it("tells what a refinement did to each result, and takes it back", async () => {
    await restart();
    const first = await ask(QUESTION);
    const before = await first.locator(".card").count();
    const narrowed = await ask("only those within 500 m");
    const kept = await narrowed.locator(".card").count();
    const difference = narrowed.locator(".difference");
    expect(await difference.locator("[data-share=remain]").textContent()).toBe(`${kept} kept`);
    expect(await difference.locator("[data-share=left]").textContent()).toBe(`${before - kept} gone`);
    expect(await difference.locator(".rank-link").count()).toBe(before - kept);
    expect(await difference.locator("li").first().textContent()).toContain("motorway exit within 500 m");
    await difference.locator(".rank-link").first().click();
    await first.locator(".card[data-selected=true]").waitFor();
    await page.keyboard.press("Escape");
    await narrowed.getByRole("button", { name: "Undo" }).click();
    const undone = await settled(2);
    expect(await undone.locator(".card").count()).toBe(before);
  });

  it("leaves out what one dismisses, pins, sorts, and asks for more of a kind", async () => {
    await restart();
    const all = await ask("find all logistics parks");
    const before = await all.locator(".card").count();
    await all.getByRole("button", { name: "Keep at the top: #3" }).click();
    expect(await all.locator(".card").first().locator(".rank").textContent()).toBe("3");
    await all.getByLabel("Sort").selectOption("area");
    const areas = (await all.locator(".card .facts").allTextContents())
      .slice(1)
      .map((facts) => Number.parseFloat(facts.match(/[\d.]+ ha/)?.[0] ?? ""));
    expect(areas).toEqual(areas.toSorted((a, b) => b - a));
    await all.getByLabel("Sort").selectOption("rank");
    const probable = async () =>
      (await all.locator(".card .probability").allTextContents()).map((one) => Number(one.match(/\d+/)?.[0]));
    const chances = await probable();
    const bounds = [50, 70, 90];
    for (const bound of bounds) {
      await all.getByLabel("At least").selectOption(String(bound / 100));
      expect(await probable()).toEqual(chances.filter((chance) => chance >= bound));
    }
    await all.getByLabel("At least").selectOption("0");
    await all.getByRole("button", { name: "Not this one: #2" }).click();
    const without = await settled(1);
    expect(await without.locator(".mine").textContent()).toContain("not #2");
    expect(await without.locator(".card").count()).toBe(before - 1);
    expect(await without.locator('.part[data-kind="exclude"]').count()).toBe(1);
    await without.getByRole("button", { name: "More like this: #1" }).click();
    const alike = await settled(2);
    expect(await alike.locator(".mine").textContent()).toContain("more like #1");
    await alike.getByRole("button", { name: /^Like this, but …: #1/ }).click();
    expect(await page.locator("#message").inputValue()).toBe("like #1 but ");
    await page.locator("#message").fill("");
  });

  it("answers with one of three kinds of no, and with what would change it", async () => {
    await restart();
    await ask(QUESTION);
    const none = await ask("only those within 100 m");
    const answer = none.locator(".abstention");
    await answer.getByText("Everything in the area was searched").waitFor();
    expect(await none.locator(".margin").first().textContent()).toMatch(/distance \d+\sm \(≤ 100\sm\) · off by \d+\sm/);
    await answer.getByRole("button", { name: "without “within 100 m of a motorway exit”" }).click();
    const wider = await settled(2);
    expect(await wider.getAttribute("data-outcome")).toBe("ranked");
    const why = await ask("why not the one at the port?");
    expect(await why.locator(".spoken").textContent()).toMatch(/fails/);
    const uncovered = await ask("find glaciers");
    await uncovered.getByRole("button", { name: "See what is loaded" }).click();
    await page.locator(".data-page").waitFor();
    await page.locator(".data-page .bar > button").click();
    await page.locator(".map[data-ready=true]").waitFor();
  });

  it("offers the search again where one has moved the map, and confines it to what is in sight", async () => {
    await restart();
    const all = await ask("find all logistics parks");
    const before = await all.locator(".card").count();
    expect(await page.getByRole("button", { name: "Search in this view" }).count()).toBe(0);
    await all.locator(".card-head").first().click();
    await page.locator(".proof-panel .tree").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.getByRole("button", { name: "Search in this view" }).click();
    const here = await settled(1);
    expect(await here.locator(".mine").textContent()).toContain("in this view");
    expect(await here.locator(".card").count()).toBeLessThan(before);
    expect(await page.getByRole("button", { name: "Search in this view" }).count()).toBe(0);
  });

  it("lets the corners of a drawn area be moved", async () => {
    await restart();
    await page.getByRole("button", { name: "Whole area", exact: true }).click();
    const box = (await page.locator(".map").boundingBox()) as { x: number; y: number; width: number; height: number };
    const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
    await page.waitForTimeout(500);
    await page.getByRole("button", { name: "Area", exact: true }).click();
    await page.getByRole("button", { name: "Polygon" }).click();
    await page.locator(".map[data-drawing=polygon]").waitFor();
    for (const corner of [at(0.3, 0.3), at(0.5, 0.3), at(0.5, 0.5), at(0.3, 0.5)]) {
      await page.mouse.move(...corner);
      await page.mouse.click(...corner);
    }
    await page.keyboard.press("Enter");
    await page.locator(".scope", { hasText: "only in the drawn area" }).waitFor();
    const drawn = async () => {
      const [request] = await Promise.all([
        page.waitForRequest((sent) => sent.url().endsWith("/api/chat") && sent.method() === "POST"),
        ask("find logistics parks"),
      ]);
      return (request.postDataJSON() as { area: GeoJSON.Polygon }).area.coordinates[0] as GeoJSON.Position[];
    };
    const before = await drawn();
    expect(before).toHaveLength(5);
    await page.getByRole("button", { name: "Whole area", exact: true }).click();
    await page.waitForTimeout(500);
    await page.getByRole("button", { name: "Area", exact: true }).click();
    await page.getByRole("button", { name: "Move its corners" }).click();
    await page.locator(".map[data-drawing=edit]").waitFor();
    await page.mouse.move(...at(0.5, 0.5));
    await page.mouse.down();
    await page.mouse.move(...at(0.55, 0.55));
    await page.mouse.move(...at(0.6, 0.6));
    await page.mouse.up();
    await page.getByRole("button", { name: "Done" }).click();
    const after = await drawn();
    expect(after).toHaveLength(5);
    expect(after).not.toEqual(before);
    await page.locator(".scope").click();
  });

  it("confines the search to an area from a file, and says what is wrong with one that holds none", async () => {
    await restart();
    const first = await ask("find all logistics parks");
    const before = await first.locator(".card").count();
    const { regions } = await replyOf(1);
    const [west, south, east, north] = regions[0]?.bbox ?? [0, 0, 0, 0];
    const ring = [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ];
    const upload = async (name: string, text: string) => {
      await page.getByRole("button", { name: "Area", exact: true }).click();
      await page.locator(".area-menu input[type=file]").setInputFiles({
        name,
        mimeType: "application/octet-stream",
        buffer: Buffer.from(text),
      });
    };
    await upload("note.geojson", JSON.stringify({ type: "Point", coordinates: [west, south] }));
    await page.getByText("The file holds no polygon.").waitFor();
    await page.keyboard.press("Escape");
    for (const [name, text] of [
      ["first.geojson", JSON.stringify({ type: "Polygon", coordinates: [ring] })],
      [
        "first.kml",
        `<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>${ring.map((at) => at.join(",")).join(" ")}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></kml>`,
      ],
    ] as const) {
      await upload(name, text);
      await page.locator(".scope", { hasText: "only in the drawn area" }).waitFor();
      const count = await page.locator(".exchange").count();
      const inside = await ask("find all logistics parks");
      expect(await inside.locator(".card").count()).toBeLessThan(before);
      const found = await replyOf(count + 1);
      expect(found.regions.map(({ bbox }) => bbox)).toContainEqual([west, south, east, north]);
      await page.locator(".scope").click();
      await page.locator(".scope").waitFor({ state: "detached" });
    }
  });

  it("shows on the map where the search looked, and lets the imagery fade", async () => {
    await restart();
    await ask("find logistics parks");
    const box = (await page.locator(".map").boundingBox()) as { x: number; y: number; width: number; height: number };
    // Where neither the menu nor the legend lies over the map.
    const clip = {
      x: box.x + box.width * 0.7,
      y: box.y + box.height * 0.2,
      width: box.width * 0.2,
      height: box.height * 0.5,
    };
    /** Once two in a row are the same: tiles have come, nothing fades any more. */
    const settledPicture = async () => {
      let last = "";
      for (let tries = 0; tries < 20; tries += 1) {
        await page.waitForTimeout(700);
        const now = (await page.screenshot({ clip })).toString("base64");
        if (now === last) return now;
        last = now;
      }
      throw new Error("The map does not come to rest.");
    };
    const plain = await settledPicture();
    const looked = page.waitForResponse((response) => /\/turns\/1\/saliency$/.test(response.url()));
    await page.getByRole("button", { name: "Layers", exact: true }).click();
    await page.getByLabel("Where the search looked").check();
    const squares = (await (await looked).json()) as GeoJSON.FeatureCollection;
    expect(squares.features.length).toBeGreaterThan(0);
    expect(await settledPicture()).not.toBe(plain);
    await page.getByLabel("Where the search looked").uncheck();
    expect(await settledPicture()).toBe(plain);
    await page.getByRole("slider").fill("0.2");
    await page.getByText("20 %", { exact: true }).waitFor();
    expect(await settledPicture()).not.toBe(plain);
    await page.getByRole("slider").fill("1");
    expect(await settledPicture()).toBe(plain);
    await page.keyboard.press("Escape");
  });

  it("says of a place that is asked for by its name why it is not among the results", async () => {
    await restart();
    await ask(QUESTION);
    const why = await ask("why not Saltby Logistics Park?");
    expect(await why.locator(".spoken").textContent()).toMatch(
      /Saltby Logistics Park.*it was there on the oldest date already/s,
    );
  });

  it("says in the proof what is known of a place, with its source", async () => {
    await restart();
    const ports = await ask("find ports");
    await ports.locator(".card-head").first().click();
    const known = page.getByRole("complementary", { name: "Proof" }).locator(".known");
    await known.first().waitFor();
    expect(await known.first().locator("blockquote").first().textContent()).toMatch(/Port of/);
    expect(await known.first().locator("figcaption").first().textContent()).toContain("Terralogue demo world");
    await page.keyboard.press("Escape");
  });

  it("holds a whole conversation in Chinese", async () => {
    await page.getByRole("button", { name: "中文" }).click();
    await restart();
    const found = await ask("查找高速出口附近新建的物流园");
    const count = await found.locator(".card").count();
    expect(count).toBeGreaterThan(1);
    expect(await found.getAttribute("lang")).toBe("zh");
    expect(await found.locator(".spoken").textContent()).toContain("物流园");
    const narrowed = await ask("只要500米以内的");
    expect(await narrowed.locator(".card").count()).toBeLessThan(count);
    expect(await narrowed.locator(".difference").textContent()).toContain("保留");
    const why = await ask("为什么#1符合?");
    expect(await why.locator(".spoken").textContent()).toContain("米");
    const known = await ask("谁运营集装箱码头?");
    expect(await known.locator(".sources li").count()).toBeGreaterThan(0);
    const none = await ask("查找冰川");
    expect(await none.getAttribute("data-outcome")).toBe("not_covered");
    expect(await last().locator(".outcome").textContent()).toBe("数据未覆盖");
  });
});
