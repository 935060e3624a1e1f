import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { modelsBench } from "../../src/evaluation/bench-models.ts";
import { TINY_MODELS } from "../fixtures/models.ts";

afterEach(() => vi.unstubAllEnvs());
const model = (name: string) => ["--model", join(TINY_MODELS, name, "manifest.yaml")];

it("measures each graph for threads and batches, and says why there is no peer", async () => {
  vi.stubEnv("TERRALOGUE_PYTHON", join(TINY_MODELS, "no-python"));
  const result = await modelsBench.run([
    ...model("tiny-clip"),
    ...model("tiny-half"),
    "--rounds",
    "1",
    "--batches",
    "2,4",
    "--threads",
    "1",
    "--world",
    "1000",
  ]);
  expect(result).toMatchObject({
    rounds: 1,
    python: { skipped: expect.stringMatching(/no-python with onnxruntime is not there .*set TERRALOGUE_PYTHON/) },
    graphs: [
      {
        model: "tiny-clip@1",
        role: "image",
        settings: [
          { threads: 1, batch: 2 },
          { threads: 1, batch: 4 },
        ],
      },
      { model: "tiny-clip@1", role: "text", settings: [{ batch: 2 }, { batch: 4 }] },
      // Fixed to two pictures at once.
      { model: "tiny-half@1", role: "image", settings: [{ batch: 2 }] },
      { model: "tiny-half@1", role: "text", settings: [{ batch: 2 }, { batch: 4 }] },
    ],
    ingest: {
      worldMetres: 1000,
      encoders: [
        { model: "tiny-clip@1", chips: expect.any(Number) },
        { model: "tiny-half@1", skipped: expect.stringMatching(/fixed to another batch/) },
      ],
    },
  });
  const { graphs, ingest } = result as {
    graphs: { settings: { itemsPerSecond: number }[] }[];
    ingest: { encoders: { chips: number; bare: number; ingest: number; fraction: number }[] };
  };
  const [{ chips, bare, ingest: ingested, fraction } = { chips: 0, bare: 0, ingest: 0, fraction: 0 }] = ingest.encoders;
  // At least a chip for each whole tile of 256 m and the one of 2,048 m around them, on two dates.
  expect(chips).toBeGreaterThanOrEqual(2 * (9 + 1));
  expect(bare).toBeGreaterThan(0);
  expect(fraction).toBeCloseTo(ingested / bare, 1);
  expect(graphs.flatMap(({ settings }) => settings).every(({ itemsPerSecond }) => itemsPerSecond > 0)).toBe(true);
}, 120_000);

it.each([
  [["--batches", "0"], /--batches is 0; give whole numbers/],
  [["--rounds", "many"], /--rounds is many; give whole numbers/],
])("%j is refused", async (args, sentence) => {
  await expect(modelsBench.run([...model("tiny-clip"), ...args])).rejects.toThrow(sentence);
});
