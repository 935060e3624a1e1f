import { basename, dirname, join } from "node:path";
import { TerralogueError } from "../errors.ts";
import { encodesText, noTextTower, openEncoder } from "../models/open-encoder.ts";
import type { Encoder } from "../models/ports.ts";
import { terms } from "../retrieval/bm25.ts";
import { composedScores, DEFAULT_TEXT_WEIGHT } from "../retrieval/composed.ts";
import { progressLines, readOptions, wholeNumber } from "./arguments.ts";
import type { Measurement } from "./benchmark.ts";
import { readCaptionedImages } from "./captioned-images.ts";
import { encodeImages, type FoundImages, findImages, rowOf, similarities } from "./encode-images.ts";
import { averagePrecision, percent } from "./retrieval-metrics.ts";

/** What is asked for beside the image: colours, shapes and things that captions of scenes of one kind mention or not. */
const MODIFIERS = [
  ...["green", "white", "red", "blue", "gray", "yellow", "brown", "black", "dark"],
  ...["curved", "straight", "dense", "sparse", "large", "small", "circular", "rectangular", "square"],
  ...[
    "tree",
    "car",
    "river",
    "road",
    "pond",
    "lawn",
    "bridge",
    "boat",
    "ship",
    "plane",
    "house",
    "mountain",
    "sand",
    "water",
  ],
] as const;
/** Images of a class with the word, and without it, that make a question of the two. */
const FEWEST = 8;
const QUERIES_A_PAIR = 4;
const IMAGES = 2000;
const TEXT_WEIGHTS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

/**
 * "Like this, but …": an image of one class whose captions lack a word, with that word; right are the images of its class whose captions have it. Text
 * alone finds the word in all classes, the image alone its class; the figure is mean average precision.
 */
export const composedEvaluation: Measurement = {
  name: "composed",
  summary:
    "mAP of queries of an image and a word, against image, text and plain average: [--images DIR --captions FILE --filenames FILE] [--model ID] [--limit N]; folders are classes",
  run: async (args) => {
    const values = readOptions(args, {
      images: { type: "string" },
      captions: { type: "string" },
      filenames: { type: "string" },
      model: { type: "string" },
      limit: { type: "string" },
    });
    const data = process.env.TERRALOGUE_DATA;
    const path = (given: string | undefined, name: string, ...parts: string[]) => {
      if (given !== undefined) return given;
      if (data) return join(data, ...parts);
      throw new TerralogueError(
        "bad_arguments",
        `--${name} is missing; give it, or set TERRALOGUE_DATA to the folder that holds ${parts.join("/")}.`,
      );
    };
    const all = readCaptionedImages(
      path(values.captions, "captions", "captions", "rsicd", "train_caps.txt"),
      path(values.filenames, "filenames", "captions", "rsicd", "train_filename.txt"),
    );
    const { images } = findImages(all, path(values.images, "images", "chips", "aid"), true);
    const chosen = spread(images, wholeNumber(values.limit, "limit") ?? IMAGES);
    return { evaluation: "composed", ...(await measureComposed(await openEncoder(values.model), chosen)) };
  },
};

interface Question {
  readonly image: number;
  readonly word: string;
  readonly right: ReadonlySet<number>;
}

/** Questions over images whose folder is their class; how they are asked follows from the captions alone. */
export function composedQuestions(images: FoundImages["images"]): readonly Question[] {
  const words = images.map(({ captions }) => new Set(captions.flatMap(terms)));
  const classes = new Map<string, number[]>();
  for (const [i, { path }] of images.entries()) {
    const name = basename(dirname(path));
    classes.set(name, [...(classes.get(name) ?? []), i]);
  }
  return [...classes.values()].flatMap((members) =>
    MODIFIERS.flatMap((word) => {
      const [stem = word] = terms(word);
      const withWord = members.filter((i) => words[i]?.has(stem));
      const without = members.filter((i) => !words[i]?.has(stem));
      if (withWord.length < FEWEST || without.length < FEWEST) return [];
      const right = new Set(withWord);
      return spread(without, QUERIES_A_PAIR).map((image): Question => ({ image, word, right }));
    }),
  );
}

export async function measureComposed(encoder: Encoder, images: FoundImages["images"]) {
  const questions = composedQuestions(images);
  if (questions.length === 0)
    throw new TerralogueError(
      "bad_arguments",
      `The captions of ${images.length} images ask no question: no folder has ${FEWEST} images with and ${FEWEST} without one of the words; take more images.`,
    );
  const vectors = await encodeImages(
    images.map(({ path }) => path),
    encoder,
    progressLines(`Encoding images with ${encoder.id}`),
  );
  const hasText = await encodesText(encoder);
  const sums = new Map<string, number>();
  const seen = new Float64Array(images.length);
  const said = new Float64Array(images.length);
  const texts = new Map<string, Float32Array>();
  for (const { image, word, right } of questions) {
    const put = (method: string, scores: Float64Array) => {
      // The query image itself is no answer.
      const items = Array.from(scores, (score, i) => ({ score, isRelevant: right.has(i) })).filter(
        (_, i) => i !== image,
      );
      sums.set(method, (sums.get(method) ?? 0) + averagePrecision(items));
    };
    similarities(rowOf(vectors, image, encoder.dimensions), vectors, seen);
    put("image", seen);
    if (!hasText) continue;
    let text = texts.get(word);
    if (!text) {
      text = (await encoder.encodeText(word)) as Float32Array;
      texts.set(word, text);
    }
    similarities(text, vectors, said);
    put("text", said);
    put(
      "average",
      seen.map((value, i) => (value + (said[i] as number)) / 2),
    );
    for (const weight of TEXT_WEIGHTS) put(`composed ${weight}`, composedScores(seen, said, weight));
  }
  const of = (method: string) => {
    const sum = sums.get(method);
    return sum === undefined ? null : percent((100 * sum) / questions.length);
  };
  const byWeight = TEXT_WEIGHTS.map((weight) => ({ textWeight: weight, mAP: of(`composed ${weight}`) }));
  return {
    model: encoder.id,
    ...(hasText ? {} : { skipped: `${noTextTower(encoder)} The image alone is measured.` }),
    images: images.length,
    questions: questions.length,
    words: new Set(questions.map(({ word }) => word)).size,
    /** What a random order would come to: the share of right images. */
    chance: percent(
      (100 * questions.reduce((sum, { right }) => sum + right.size / (images.length - 1), 0)) / questions.length,
    ),
    mAP: {
      image: of("image"),
      text: of("text"),
      average: of("average"),
      composed: of(`composed ${DEFAULT_TEXT_WEIGHT}`),
    },
    textWeight: DEFAULT_TEXT_WEIGHT,
    ...(hasText && { byWeight }),
  };
}

/** At most `count` of them, spread evenly. */
function spread<T>(all: readonly T[], count: number): readonly T[] {
  if (all.length <= count) return all;
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)] as T);
}
