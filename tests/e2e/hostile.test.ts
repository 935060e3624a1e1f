import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium } from "./browser.ts";
import { ask, type DemoService, inPage, startDemo } from "./demo-service.ts";

const executable = findChromium();
const EVIL = '<img src=x onerror="document.title=1">';

describe.skipIf(executable === null)("hostile content", () => {
  let demo: DemoService;
  let page: Page;
  const faults: string[] = [];
  beforeAll(async () => {
    demo = await startDemo(executable as string);
    page = await demo.open();
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
  });
  afterAll(() => demo?.close());

  const expectText = async () => {
    expect(await page.locator('img[src="x"], .messages script, .messages svg[onload]').count()).toBe(0);
    expect(await page.locator('a[href^="javascript"]').count()).toBe(0);
    expect(await page.title()).toBe("Terralogue");
  };

  it("in a landmark's name, facts, passage and source is shown as the words that it is", async () => {
    const exchange = await ask(page, "who runs Evil Works?");
    expect(await exchange.textContent()).toContain("Evil");
    expect(await exchange.locator(".sources li").count()).toBeGreaterThan(0);
    // The map and the lists of names too.
    const entities = await ask(page, "find factories");
    await entities.locator(".spoken").waitFor();
    await expectText();
  });

  it("in a message is shown as it was written, and stays in its place", async () => {
    const mark = await ask(page, `${EVIL} <script>document.title=4</script> [x](javascript:alert(1))`);
    expect(await mark.locator(".mine p").textContent()).toContain(EVIL);
    const turned = await ask(page, "\u202Eright to left\u202C ابحث عن المصانع e\u0301\u0301\u0301\u0301 Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢");
    expect(await turned.locator(".mine p").getAttribute("dir")).toBe("auto");
    // What overrides direction in the message does not turn what stands around it.
    expect(
      await inPage(page, `getComputedStyle(document.querySelector(".exchange:last-of-type .reply")).direction`),
    ).toBe("ltr");
    await ask(page, "x".repeat(4000));
    expect(await inPage<number>(page, "document.documentElement.scrollWidth")).toBeLessThanOrEqual(1360);
    expect(
      await inPage<boolean>(
        page,
        `(() => { const log = document.querySelector(".messages"); return log.scrollWidth <= log.clientWidth; })()`,
      ),
    ).toBe(true);
    await expectText();
  });

  it("of ten megabytes is cut by the page and refused by the service, and the page lives on", async () => {
    await page.locator("#message").fill("y".repeat(5000));
    expect((await page.locator("#message").inputValue()).length).toBe(4000);
    // Ten megabytes, as a paste brings them and as a script sets them.
    const tenMegabytes = "z".repeat(10_485_760);
    await page.locator("#message").fill("");
    await page.locator("#message").focus();
    await page.keyboard.insertText(tenMegabytes);
    expect((await page.locator("#message").inputValue()).length).toBe(4000);
    await page.locator("#message").fill("");
    await inPage(
      page,
      `(() => {
        const field = document.querySelector("#message");
        Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, "z".repeat(10485760));
        field.dispatchEvent(new Event("input", { bubbles: true }));
      })()`,
    );
    await page.getByText("at most 4,000 characters").waitFor();
    expect((await page.locator("#message").inputValue()).length).toBe(4001);
    expect(await page.getByRole("button", { name: "Send" }).isDisabled()).toBe(true);
    await page.locator("#message").fill("");
    const status = await inPage<number>(
      page,
      `fetch("/api/chat", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ message: "x".repeat(10485760) }) }).then(({ status }) => status)`,
    );
    expect(status).toBe(413);
    await page.locator("body").press("n");
    await ask(page, "find logistics parks");
    await expectText();
    expect(faults.filter((fault) => !fault.includes("413"))).toEqual([]);
  });

  it("in captions and labels of results is shown as words, in the list, in the proof and on the map", async () => {
    await page.route("**/api/threads/evil", async (route) => {
      const stored = await (await page.request.get(`${demo.server.url}/api/threads`)).json();
      const real = await (await page.request.get(`${demo.server.url}/api/threads/${stored.threads[0].thread}`)).json();
      const turn = real.turns.find((entry: { reply: { regions: unknown[] } }) => entry.reply.regions.length > 0);
      for (const region of turn.reply.regions) {
        region.caption = EVIL;
        for (const entry of region.evidence) entry.label = EVIL;
      }
      turn.reply.text = `${EVIL} [click](javascript:alert(1))`;
      await route.fulfill({ json: { thread: "evil", feedback: [], turns: [turn] } });
    });
    await page.goto(`${demo.server.url}/?thread=evil`);
    await page.locator(".card-head").first().click();
    await page.locator(".proof-panel .evidence").waitFor();
    await page.locator(".marker").first().waitFor();
    await expectText();
    expect(await page.locator(".card-head").first().textContent()).toContain("onerror");
  });

  it("is held off by a policy without anything inline, which the page itself keeps", async () => {
    const response = await page.request.get(demo.server.url);
    const policy = response.headers()["content-security-policy"] ?? "";
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain("unsafe");
    expect(policy).toContain("object-src 'none'");
    // A script that got into the page all the same does not run, and neither does a style.
    await inPage(
      page,
      `(() => {
        const script = document.createElement("script");
        script.textContent = "document.title = 5";
        document.body.append(script);
        document.body.insertAdjacentHTML("beforeend", '<p onclick="document.title=6" id="evil">x</p>');
        document.querySelector("#evil").click();
      })()`,
    );
    expect(await page.title()).toBe("Terralogue");
    expect(faults.some((fault) => fault.includes("Content Security Policy"))).toBe(true);
  });
});
