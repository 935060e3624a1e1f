import type { Page } from "playwright-core";

/** Milliseconds that the page's main thread works: its own time, whatever else the machine does. */
export interface WorkWithResults {
  /** From the navigation until the list and the map show the results. */
  readonly shownMs: number;
  /** Choosing the next result by its key, with its proof. */
  readonly nextMs: number;
  /** A move of the pointer over the map. */
  readonly pointerMs: number;
  /** Sorting all results by area. */
  readonly sortMs: number;
}

/** Seconds that the page's main thread worked since it was loaded. */
export async function workMeter(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
  };
}

/** Opens a conversation of so many results: those of a stored turn, its first result again and again on a grid of a hundred columns. */
export async function openManyResults(page: Page, url: string, thread: string, count: number): Promise<void> {
  await page.route("**/api/threads/many", async (route) => {
    const stored = await (await page.request.get(`${url}/api/threads/${thread}`)).json();
    const [turn] = stored.turns;
    const [model] = turn.reply.regions;
    const [west, south, east, north] = model.bbox;
    const [width, height] = [(east - west) / 4, (north - south) / 4];
    turn.reply.thread = "many";
    turn.reply.regions = Array.from({ length: count }, (_, index) => {
      const x = west + (index % 100) * width * 1.5;
      const y = south + Math.floor(index / 100) * height * 1.5;
      const ring = [
        [x, y],
        [x + width, y],
        [x + width, y + height],
        [x, y + height],
        [x, y],
      ];
      return {
        ...model,
        id: `many.1.${index + 1}`,
        rank: index + 1,
        bbox: [x, y, x + width, y + height],
        geometry: { type: "Polygon", coordinates: [ring] },
        areaM2: 1000 + index,
        probability: 0.95 - (0.6 * index) / count,
        evidence: [],
        proof: { ...model.proof, tree: { ...model.proof.tree, children: [] } },
      };
    });
    await route.fulfill({ json: { thread: "many", feedback: [], turns: [turn] } });
  });
  await page.goto(`${url}/?thread=many`);
  await page.locator(".card").nth(9).waitFor();
  await page.locator(".marker").nth(99).waitFor();
  await page.locator("h1").click();
  await page.getByRole("button", { name: new RegExp(`^Show all \\(${count.toLocaleString("en-US")}\\)`) }).click();
  await page.locator(".virtual .card").nth(2).waitFor();
}

/** What the page's work comes to on a conversation of so many results (at least 100) that `openManyResults` opens. */
export async function workWithResults(
  page: Page,
  url: string,
  thread: string,
  count: number,
): Promise<WorkWithResults> {
  const work = await workMeter(page);
  await openManyResults(page, url, thread, count);
  const shown = await work();
  const cost = async (steps: number, step: (index: number) => Promise<unknown>) => {
    const before = await work();
    for (let index = 0; index < steps; index += 1) await step(index);
    return ((await work()) - before) / steps;
  };
  const next = await cost(10, () => page.keyboard.press("j"));
  await page.locator('.card[data-selected=true][aria-posinset="10"]').waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".proof-panel").waitFor({ state: "detached" });
  const box = await page.locator(".map").boundingBox();
  const pointer = await cost(40, (index) =>
    page.mouse.move((box?.x ?? 0) + 200 + index * 8, (box?.y ?? 0) + 300 + index * 4),
  );
  const sort = await cost(1, () => page.getByLabel("Sort").selectOption("area"));
  await page.locator(".virtual .card .rank", { hasText: new RegExp(`^${count}$`) }).waitFor();
  const rounded = (seconds: number) => Math.round(seconds * 10_000) / 10;
  return {
    shownMs: rounded(shown),
    nextMs: rounded(next),
    pointerMs: rounded(pointer),
    sortMs: rounded(sort),
  };
}
