import { loadavg } from "node:os";
import { openEngine } from "../engine.ts";
import { readOptions, wholeNumber } from "./arguments.ts";
import type { Measurement } from "./benchmark.ts";
import { denseCost } from "./retrieval/embedding-baselines.ts";
import { everything } from "./retrieval/methods.ts";
import { prepareWorld, worldsFolder } from "./retrieval/worlds.ts";

/** Sides in metres: 1, 4, 16 and 64 km². */
const SIDES = [1000, 2000, 4000, 8000];
/** One seed at every size: a larger world is another one, of the same kind. */
const WORLD = { landform: "harbour", seed: 7 } as const;

const QUESTIONS: readonly string[] = [
  "logistics parks near highway exits",
  "residential areas within 300 m of a factory",
  "storage tanks",
  "factories",
  "churches",
  "warehouses more than 1 km from a highway exit",
  "forests",
  "solar farms",
  "ships within 500 m of a pier",
  "体育场",
];

interface Cost {
  readonly areaKm2: number;
  readonly pixels: number;
  readonly chips: number;
  readonly processorMs: number;
  readonly densePixels: number;
}

/** What a question costs by the area that it searches, beside looking at all of it at full resolution. */
export const areaBench: Measurement = {
  name: "area",
  summary: "cost of a question on 1, 4, 16 and 64 km²: [--largest METRES] [--worlds-folder DIR]",
  run: async (args) => {
    const values = readOptions(args, { largest: { type: "string" }, "worlds-folder": { type: "string" } });
    const largest = wholeNumber(values.largest, "largest") ?? Number.POSITIVE_INFINITY;
    const costs: Cost[] = [];
    for (const size of SIDES.filter((side) => side <= largest)) {
      const { workspace } = await prepareWorld({ ...WORLD, size }, worldsFolder(values["worlds-folder"]));
      costs.push(await costOf(workspace, size));
    }
    const load = loadavg()[0] ?? 0;
    return {
      benchmark: "area",
      machine: { loadAverage: Math.round(load * 100) / 100, node: process.version },
      questions: QUESTIONS.length,
      costs,
      // 1 is in proportion to the area, 0 is independent of it.
      exponents: {
        pixels: exponent(costs, ({ pixels }) => pixels),
        chips: exponent(costs, ({ chips }) => chips),
        processorMs: exponent(costs, ({ processorMs }) => processorMs),
        densePixels: exponent(costs, ({ densePixels }) => densePixels),
      },
    };
  },
};

/** Means over the questions; every chip counts, whether an earlier question encoded it or not. */
async function costOf(workspace: string, size: number): Promise<Cost> {
  const engine = await openEngine(workspace);
  try {
    const method = everything(engine.stages);
    const ask = (text: string) => method.find({ text, viewport: null, area: null });
    // What is built once for an open workspace is built before.
    await ask("beaches");
    let [pixels, chips, processorMs] = [0, 0, 0];
    for (const text of QUESTIONS) {
      const before = process.cpuUsage();
      const found = await ask(text);
      const { user, system } = process.cpuUsage(before);
      pixels += found.pixelsSeen;
      chips += found.chipsSeen;
      processorMs += (user + system) / 1000;
    }
    return {
      areaKm2: (size / 1000) ** 2,
      pixels: Math.round(pixels / QUESTIONS.length),
      chips: Math.round(chips / QUESTIONS.length),
      processorMs: Math.round(processorMs / QUESTIONS.length),
      densePixels: denseCost(engine.context).pixels,
    };
  } finally {
    engine.close();
  }
}

/** Slope of the least-squares line through the logarithms of area and cost. */
function exponent(costs: readonly Cost[], of: (cost: Cost) => number): number | null {
  const points = costs
    .filter((cost) => of(cost) > 0)
    .map((cost) => [Math.log(cost.areaKm2), Math.log(of(cost))] as const);
  if (points.length < 2) return null;
  const mean = (k: 0 | 1) => points.reduce((sum, point) => sum + point[k], 0) / points.length;
  const [mx, my] = [mean(0), mean(1)];
  const over = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  const under = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  return Math.round((over / under) * 100) / 100;
}
