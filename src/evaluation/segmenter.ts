import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { LABELS, type Label, LabelPainter } from "../demo/label-painter.ts";
import { createScene } from "../demo/landforms.ts";
import { type Scene, sceneDescriptionSchema } from "../demo/scene.ts";
import { TerralogueError } from "../errors.ts";
import { createMosaicReader, imageBox } from "../imagery/mosaic.ts";
import { openRaster } from "../imagery/raster.ts";
import type { OnnxSegmenter } from "../models/onnx-segmenter.ts";
import { openLabelSegmenter } from "../models/open-label-segmenter.ts";
import type { Measurement } from "./benchmark.ts";
import { type Confusion, emptyConfusion, segmentationFigures } from "./segmentation-metrics.ts";

/** Windows are read with a margin, so that the network sees beyond what is counted. */
const WINDOW_M = 1000;
const MARGIN_M = 64;

/**
 * Labels of every pixel of a demo world's imagery against what was painted: intersection over union, precision and recall of each
 * class that the world shows, and their means.
 */
export const segmenterEvaluation: Measurement = {
  name: "segmenter",
  summary: "labels of every pixel of a demo world against what was painted: --world DIR [--model ID] [--gsd METRES]",
  run: async (args) => {
    const { world, model, gsd } = options(args);
    const scene = sceneOf(world);
    const segmenter = await openLabelSegmenter(model);
    try {
      const started = performance.now();
      const dates = [];
      const total = emptyConfusion(LABELS.length);
      for (const date of [0, 1] as const) {
        const confusion = await labelDate(world, scene, date, segmenter, gsd);
        for (const [i, n] of confusion.entries()) total[i] = (total[i] as number) + n;
        dates.push({ date: scene.dates[date], ...segmentationFigures(confusion, LABELS) });
      }
      return {
        evaluation: "segmenter",
        model: segmenter.id,
        world: { landform: scene.landform, metres: scene.size },
        gsd,
        seconds: Math.round((performance.now() - started) / 100) / 10,
        ...segmentationFigures(total, LABELS),
        dates: dates.map(({ date, meanIou, pixelAccuracy }) => ({ date, meanIou, pixelAccuracy })),
      };
    } finally {
      await segmenter.close();
    }
  },
};

function options(args: readonly string[]): { world: string; model: string | undefined; gsd: number } {
  const { values } = parseArgs({
    args: [...args],
    options: { world: { type: "string" }, model: { type: "string" }, gsd: { type: "string", default: "1" } },
    strict: true,
  });
  if (!values.world)
    throw new TerralogueError(
      "bad_arguments",
      "Give the demo world to measure on: --world DIR, made by the demo command.",
    );
  const gsd = Number(values.gsd);
  if (!(gsd >= 1 && gsd <= 10))
    throw new TerralogueError("bad_arguments", `The GSD ${values.gsd} is not a number of metres between 1 and 10.`);
  return { world: values.world, model: values.model, gsd };
}

/** The scene that a demo world was painted from, made again from what its truth folder says. */
function sceneOf(world: string): Scene {
  const path = join(world, "truth", "world.json");
  if (!existsSync(path))
    throw new TerralogueError(
      "bad_arguments",
      `${world} holds no truth/world.json; make the world with the demo command of this version.`,
    );
  const parsed = sceneDescriptionSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!parsed.success)
    throw new TerralogueError(
      "bad_arguments",
      `${path} is not as the demo command writes it (${z.prettifyError(parsed.error)}); make the world again.`,
    );
  return createScene(parsed.data);
}

async function labelDate(
  world: string,
  scene: Scene,
  date: 0 | 1,
  segmenter: OnnxSegmenter,
  gsd: number,
): Promise<Confusion> {
  const folder = join(world, "imagery");
  const file = (await readdir(folder)).find((name) => name.includes(scene.dates[date]));
  if (!file)
    throw new TerralogueError(
      "bad_arguments",
      `${folder} holds no image of ${scene.dates[date]}; make the world again.`,
    );
  const raster = await openRaster(join(folder, file));
  const { description } = raster;
  await raster.close();
  const crs = description.crs;
  const reader = createMosaicReader(
    [{ id: "image", description, date: scene.dates[date], box: imageBox(description, crs) }],
    crs,
  );
  const labelOf = labelsOfClasses(segmenter);
  const painter = new LabelPainter(scene, date, gsd);
  const confusion = emptyConfusion(LABELS.length);
  const across = Math.floor(scene.size / gsd);
  const [core, margin] = [Math.floor(WINDOW_M / gsd), Math.ceil(MARGIN_M / gsd)];
  try {
    for (let y = 0; y < across; y += core) {
      for (let x = 0; x < across; x += core) {
        const [w, h] = [Math.min(core, across - x), Math.min(core, across - y)];
        const side = { width: w + 2 * margin, height: h + 2 * margin };
        const minX = scene.origin.x + (x - margin) * gsd;
        const maxY = scene.origin.y + scene.size - (y - margin) * gsd;
        const chip = await reader.readChip(
          [minX, maxY - side.height * gsd, minX + side.width * gsd, maxY],
          scene.dates[date],
          side,
        );
        const found = await segmenter.labels(chip);
        if (!found || found.width !== side.width)
          throw new TerralogueError(
            "bad_arguments",
            `The model ${segmenter.id} does not label imagery of ${gsd} m; give a --gsd that its manifest names as its target.`,
          );
        const truth = painter.paint(x, y, w, h);
        for (let row = 0; row < h; row += 1) {
          for (let column = 0; column < w; column += 1) {
            const said = labelOf[found.labels[(row + margin) * found.width + column + margin] as number];
            if (said === undefined) continue;
            const at = (truth[row * w + column] as number) * (LABELS.length + 1) + said;
            confusion[at] = (confusion[at] as number) + 1;
          }
        }
      }
      process.stderr.write(`${scene.dates[date]}: ${Math.round((Math.min(across, y + core) / across) * 100)} %\n`);
    }
  } finally {
    await reader.close();
  }
  return confusion;
}

/** Label of the truth for each class of a model, by name; classes that the worlds do not know count as said wrongly. */
function labelsOfClasses(segmenter: OnnxSegmenter): readonly number[] {
  return segmenter.classNames.map((name) => {
    const at = LABELS.indexOf(name as Label);
    return at < 0 ? LABELS.length : at;
  });
}
