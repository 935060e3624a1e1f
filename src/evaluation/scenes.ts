import { basename, dirname } from "node:path";
import { TerralogueError } from "../errors.ts";
import { encodesText, noTextTower, openEncoder, textTowerOf } from "../models/open-encoder.ts";
import type { Encoder } from "../models/ports.ts";
import { progressLines, readOptions, required } from "./arguments.ts";
import type { Measurement } from "./benchmark.ts";
import { readNames } from "./captioned-images.ts";
import { type SheetRow, writeContactSheet } from "./contact-sheet.ts";
import { encodeImages, rowOf, similarities } from "./encode-images.ts";
import { indexImages } from "./image-files.ts";
import { averagePrecision } from "./retrieval-metrics.ts";
import { SCENE_NAMES } from "./scene-names.ts";

const FIRST = 10;
const SHEET_IMAGES = 8;
const LANGUAGES = ["en", "zh"] as const;

/**
 * Scenes asked for in English and in Chinese, in words that are in no caption file: among pictures in folders of their scenes, how many of the
 * first ten are of the scene, and mean average precision.
 */
export const scenesEvaluation: Measurement = {
  name: "scenes",
  summary:
    "scenes by their English and Chinese names among pictures in folders of AID or RSSCN7, P@10 and mAP: --images DIR [--filenames FILE] [--model ID] [--sheet FILE]",
  run: async (args) => {
    const values = readOptions(args, {
      images: { type: "string" },
      filenames: { type: "string" },
      model: { type: "string" },
      sheet: { type: "string" },
    });
    const encoder = await openEncoder(values.model);
    if (!(await encodesText(encoder))) throw new TerralogueError("bad_arguments", noTextTower(encoder));
    const directory = required(values.images, "images");
    const files = indexImages(directory);
    const paths = values.filenames === undefined ? files.paths : pathsOf(values.filenames, files.find, directory);
    return { evaluation: "scenes", ...(await measureScenes(encoder, paths, values.sheet)) };
  },
};

function pathsOf(filenames: string, find: (name: string) => string | null, directory: string): readonly string[] {
  return [...new Set(readNames(filenames))].map((name) => {
    const path = find(name);
    if (path !== null) return path;
    throw new TerralogueError("not_found", `${directory} has no image ${name}, which ${filenames} names; check both.`);
  });
}

/** @param paths pictures whose folder names their scene, as in `SCENE_NAMES` */
export async function measureScenes(encoder: Encoder, paths: readonly string[], sheet?: string) {
  const scenes = paths.map((path) => basename(dirname(path)));
  const unknown = scenes.findIndex((scene) => !(scene in SCENE_NAMES));
  if (unknown >= 0)
    throw new TerralogueError(
      "bad_arguments",
      `${paths[unknown]} lies in the folder "${scenes[unknown]}", which is no scene of AID or RSSCN7; give a folder whose sub-folders are.`,
    );
  const asked = [...new Set(scenes)].sort();
  const vectors = await encodeImages(paths, encoder, progressLines(`Encoding images with ${encoder.id}`));
  const out = new Float64Array(paths.length);
  const rows: SheetRow[] = [];
  const byLanguage: Record<string, { precisionAt10: number; meanAveragePrecision: number }> = {};
  const byScene: Record<string, Record<string, number>> = Object.fromEntries(asked.map((scene) => [scene, {}]));
  for (const language of LANGUAGES) {
    const texts = asked.map((scene) => SCENE_NAMES[scene]?.[language] as string);
    const queries = await textTowerOf(encoder).encodeQueries(texts);
    let [precision, average] = [0, 0];
    for (const [i, scene] of asked.entries()) {
      const scores = similarities(rowOf(queries, i, encoder.dimensions), vectors, out);
      const items = Array.from(scores, (score, k) => ({ score, isRelevant: scenes[k] === scene, k }));
      const first = items.toSorted((a, b) => b.score - a.score || a.k - b.k).slice(0, FIRST);
      precision += first.filter(({ isRelevant }) => isRelevant).length / FIRST / asked.length;
      const ap = averagePrecision(items);
      average += ap / asked.length;
      (byScene[scene] as Record<string, number>)[language] = rounded(ap);
      rows.push({
        title: `${texts[i]} (${scene})`,
        images: first.slice(0, SHEET_IMAGES).map(({ score, isRelevant, k }) => ({
          path: paths[k] as string,
          isRight: isRelevant,
          label: `${score.toFixed(3)} ${scenes[k]}`,
        })),
      });
    }
    byLanguage[language] = { precisionAt10: rounded(precision), meanAveragePrecision: rounded(average) };
  }
  if (sheet !== undefined) await writeContactSheet(sheet, rows);
  return { model: encoder.id, images: paths.length, scenes: asked.length, ...byLanguage, averagePrecision: byScene };
}

const rounded = (value: number) => Math.round(value * 1000) / 1000;
