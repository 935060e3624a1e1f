import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { LABELS, type Label, LabelPainter } from "../demo/label-painter.ts";
import { createScene } from "../demo/landforms.ts";
import { type Scene, sceneDescriptionSchema } from "../demo/scene.ts";
import { TerralogueError } from "../errors.ts";
import { workingCodeFor } from "../geo/crs.ts";
import { createMosaicReader, imageBox } from "../imagery/mosaic.ts";
import { openRaster } from "../imagery/raster.ts";
import type { OnnxSegmenter } from "../models/onnx-segmenter.ts";
import { openLabelSegmenter } from "../models/open-label-segmenter.ts";
import type { Measurement } from "./benchmark.ts";
import { writeLabelPicture } from "./label-picture.ts";
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
  summary:
    "labels of every pixel of a demo world against what was painted: --world DIR [--model ID] [--gsd METRES]; or of an image, to look at: --image FILE --picture PNG",
  run: async (args) => {
    const { world, image, picture, model, gsd } = options(args);
    if (image !== undefined) return labelImage(image, picture, model);
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

interface Options {
  readonly world: string;
  /** An image to label instead of a world. */
  readonly image: string | undefined;
  readonly picture: string | undefined;
  readonly model: string | undefined;
  readonly gsd: number;
}

function options(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      world: { type: "string" },
      image: { type: "string" },
      picture: { type: "string" },
      model: { type: "string" },
      gsd: { type: "string", default: "1" },
      json: { type: "boolean" },
    },
    strict: true,
  });
  const { world, image, picture, model } = values;
  if (!world && !image)
    throw new TerralogueError(
      "bad_arguments",
      "Give the demo world to measure on (--world DIR, made by the demo command) or an image to label (--image FILE).",
    );
  const gsd = Number(values.gsd);
  if (!(gsd >= 1 && gsd <= 10))
    throw new TerralogueError("bad_arguments", `The GSD ${values.gsd} is not a number of metres between 1 and 10.`);
  return { world: world ?? "", image, picture, model, gsd };
}

/** Labels of a whole image, as shares and as a picture: for looking at, since nothing says what is right. */
async function labelImage(path: string, picture: string | undefined, model: string | undefined) {
  const raster = await openRaster(path);
  const { description } = raster;
  await raster.close();
  const [west, south, east, north] = description.bboxWgs84;
  const crs = workingCodeFor(description.crs, (west + east) / 2, (south + north) / 2);
  const box = imageBox(description, crs);
  const reader = createMosaicReader([{ id: "image", description, date: null, box }], crs);
  const segmenter = await openLabelSegmenter(model);
  try {
    const gsd = Math.max(reader.gsd(null), segmenter.targetGsd ?? 0);
    const size = { width: Math.round((box[2] - box[0]) / gsd), height: Math.round((box[3] - box[1]) / gsd) };
    const found = await segmenter.labels(await reader.readChip(box, null, size));
    if (!found)
      throw new TerralogueError(
        "bad_arguments",
        `The model ${segmenter.id} does not label imagery of ${Math.round(gsd * 100) / 100} m, that of ${path}.`,
      );
    if (picture !== undefined) await writeLabelPicture(picture, found, segmenter.classNames);
    const counts = new Map<string, number>();
    let all = 0;
    for (const label of found.labels) {
      const name = segmenter.classNames[label];
      if (name === undefined) continue;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      all += 1;
    }
    return {
      evaluation: "segmenter",
      model: segmenter.id,
      image: basename(path),
      gsd: Math.round(gsd * 1000) / 1000,
      shares: Object.fromEntries(
        [...counts].sort((a, b) => b[1] - a[1]).map(([name, n]) => [name, Math.round((n / all) * 1e4) / 1e4]),
      ),
    };
  } finally {
    await segmenter.close();
    await reader.close();
  }
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
