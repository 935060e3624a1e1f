import { TerralogueError } from "../errors.ts";
import { encodesText, noTextTower, openEncoder, textTowerOf } from "../models/open-encoder.ts";
import type { Encoder } from "../models/ports.ts";
import { progressLines, readOptions, required, wholeNumber } from "./arguments.ts";
import type { Measurement } from "./benchmark.ts";
import { readCaptionedImages } from "./captioned-images.ts";
import { type SheetRow, writeContactSheet } from "./contact-sheet.ts";
import { encodeImages, type FoundImages, findImages, rowOf, similarities } from "./encode-images.ts";
import { bestRank, meanRecall, recallsOf } from "./retrieval-metrics.ts";

const SHEET_QUERIES = 10;
const SHEET_IMAGES = 8;

/**
 * Retrieval between images and their captions, in both directions, as published for RSICD and RSITMD: every caption asks for its image among all
 * images; every image asks for its captions among all captions, and it is a hit when any of them is among the first K.
 */
export const encoderEvaluation: Measurement = {
  name: "encoder",
  summary:
    "text-to-image and image-to-text R@1, 5, 10 and mean recall: --images DIR --captions FILE --filenames FILE [--model ID] [--limit N] [--skip-missing] [--sheet FILE]",
  run: async (args) => {
    const values = readOptions(args, {
      images: { type: "string" },
      captions: { type: "string" },
      filenames: { type: "string" },
      model: { type: "string" },
      limit: { type: "string" },
      "skip-missing": { type: "boolean" },
      sheet: { type: "string" },
    });
    const encoder = await openEncoder(values.model);
    if (!(await encodesText(encoder))) throw new TerralogueError("bad_arguments", noTextTower(encoder));
    const all = readCaptionedImages(required(values.captions, "captions"), required(values.filenames, "filenames"));
    const limit = wholeNumber(values.limit, "limit") ?? all.length;
    const found = findImages(all.slice(0, limit), required(values.images, "images"), values["skip-missing"] === true);
    return { evaluation: "encoder", ...(await measure(encoder, found, values.sheet)) };
  },
};

/** Both directions over images and their captions. */
export async function measure(encoder: Encoder, { images, missing }: FoundImages, sheet?: string) {
  const { dimensions } = encoder;
  const started = performance.now();
  const imageVectors = await encodeImages(
    images.map(({ path }) => path),
    encoder,
    progressLines(`Encoding images with ${encoder.id}`),
  );
  const imagesDone = performance.now();
  const texts = images.flatMap(({ captions }) => captions);
  const textVectors = await textTowerOf(encoder).encodeQueries(texts);
  const textsDone = performance.now();
  /** Index of the first caption of each image. */
  const firsts: number[] = [];
  let first = 0;
  for (const { captions } of images) {
    firsts.push(first);
    first += captions.length;
  }
  const overImages = new Float64Array(images.length);
  const overTexts = new Float64Array(texts.length);
  const textToImage: number[] = [];
  const imageToText: number[] = [];
  const rows: SheetRow[] = [];
  const sheetStep = Math.max(1, Math.floor(images.length / SHEET_QUERIES));
  for (const [i, { captions }] of images.entries()) {
    const own = captions.map((_, k) => (firsts[i] as number) + k);
    imageToText.push(bestRank(similarities(rowOf(imageVectors, i, dimensions), textVectors, overTexts), own));
    for (const text of own) {
      const scores = similarities(rowOf(textVectors, text, dimensions), imageVectors, overImages);
      textToImage.push(bestRank(scores, [i]));
      if (text === own[0] && i % sheetStep === 0 && rows.length < SHEET_QUERIES)
        rows.push(sheetRow(texts[text] as string, scores, images, i));
    }
  }
  if (sheet !== undefined) await writeContactSheet(sheet, rows);
  const seconds = (from: number, to: number) => Math.round((to - from) / 10) / 100;
  return {
    model: encoder.id,
    dimensions,
    images: images.length,
    captions: texts.length,
    missing: missing.length,
    textToImage: recallsOf(textToImage),
    imageToText: recallsOf(imageToText),
    meanRecall: meanRecall([imageToText, textToImage]),
    seconds: {
      images: seconds(started, imagesDone),
      captions: seconds(imagesDone, textsDone),
      ranking: seconds(textsDone, performance.now()),
    },
  };
}

function sheetRow(title: string, scores: Float64Array, images: FoundImages["images"], right: number): SheetRow {
  const order = Array.from(scores, (score, i) => ({ score, i })).sort((a, b) => b.score - a.score || a.i - b.i);
  return {
    title,
    images: order.slice(0, SHEET_IMAGES).map(({ score, i }) => {
      const { path, name } = images[i] as FoundImages["images"][number];
      return { path, isRight: i === right, label: `${score.toFixed(3)} ${name}` };
    }),
  };
}
