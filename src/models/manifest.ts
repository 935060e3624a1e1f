import { z } from "zod";
import { ATTRIBUTE_IDS, CONCEPT_IDS } from "../../knowledge/ontology/ids.ts";

/*
 * What a model's manifest.yaml may say. One schema; `kind` tells the models apart. Lengths are metres, sizes pixels of the
 * model's input, shares and confidences 0..1. Unknown fields are refused, so that a misspelt one is never silently ignored.
 */

const Positive = z.number().positive();
const Share = z.number().min(0).max(1);
const Side = z.int().min(4).max(8192);
const Threes = z.tuple([z.number(), z.number(), z.number()]);

/** A file of the model: a path beside the manifest, with what is known of it. Its size is checked whenever it is loaded, its hash by `check` and `fetch`. */
const FileSchema = z.union([
  z
    .string()
    .min(1)
    .transform((path) => ({ path })),
  z.strictObject({
    path: z.string().min(1),
    sha256: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/, "must be 64 hexadecimal digits")
      .transform((digits) => digits.toLowerCase())
      .optional(),
    bytes: z.int().positive().optional(),
    /** http or https address that `fetch` reads. */
    url: z.url({ protocol: /^https?$/i, error: "must be an http or https address" }).optional(),
    /** Path inside the repository of `hub`; the variant's suffix goes before ".onnx". */
    hub: z.string().min(1).optional(),
  }),
]);
export interface ModelFile {
  readonly path: string;
  readonly sha256?: string;
  readonly bytes?: number;
  readonly url?: string;
  readonly hub?: string;
}

/** A repository of a model hub in the layout of transformers.js: files under `repo` at `revision`, variants by suffix. */
const HubSchema = z.strictObject({
  host: z.url({ protocol: /^https?$/i }).default("https://huggingface.co"),
  repo: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "must be OWNER/NAME"),
  revision: z.string().min(1).default("main"),
  dtype: z.enum(["fp32", "fp16", "int8", "uint8", "q8", "q4", "q4f16", "bnb4"]).default("fp32"),
});
export type Hub = z.infer<typeof HubSchema>;

/** Ground sample distances, metres per pixel, that the model was made for; outside it is not run. */
const GsdRangeSchema = z
  .strictObject({ min: Positive.default(0.01), max: Positive })
  .refine(({ min, max }) => min <= max, "min must not be greater than max");

export const RESAMPLE_KINDS = ["nearest", "box", "bilinear", "bicubic", "lanczos"] as const;

/** How a chip becomes the image graph's input, step by step as Hugging Face's image processors do it. */
export const PreprocessSchema = z.strictObject({
  /** `shortest_edge` keeps the shape, `exact` does not. */
  resize: z
    .union([z.strictObject({ shortest_edge: Side }), z.strictObject({ width: Side, height: Side })])
    .nullable()
    .default({ shortest_edge: 224 }),
  resample: z.enum(RESAMPLE_KINDS).default("bicubic"),
  crop: z.strictObject({ width: Side, height: Side }).nullable().default(null),
  /** Factor on the bytes before mean and deviation. */
  rescale: z.number().default(1 / 255),
  mean: Threes.default([0, 0, 0]),
  std: Threes.refine((values) => values.every((value) => value > 0), "must be greater than 0").default([1, 1, 1]),
  channels: z.enum(["rgb", "bgr"]).default("rgb"),
});
export type Preprocess = z.infer<typeof PreprocessSchema>;

const common = {
  /** Names the model in commands, in the workspace's models.json and, with the version, beside every vector or entity it made. */
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, "must be lower-case letters, digits, dots, hyphens and underscores"),
  /** Change it whenever the files or anything here that changes results changes. */
  version: z.union([z.string().min(1), z.number()]).transform(String),
  title: z.string().min(1),
  licence: z.string().min(1),
  source: z.string().min(1),
  notes: z.string().optional(),
  hub: HubSchema.optional(),
  /** External weights (`*.onnx_data`) and whatever else must lie beside the graphs. */
  extraFiles: z.array(FileSchema).default([]),
};

const ImageTensorsSchema = z.strictObject({ input: z.string().optional(), output: z.string().optional() });
const TextTensorsSchema = z.strictObject({
  ids: z.string().optional(),
  mask: z.string().optional(),
  types: z.string().optional(),
  output: z.string().optional(),
});

const TokensSchema = z.strictObject({
  /** Longer texts are cut, the end token kept. */
  max: z.int().min(2).max(8192),
  /** Id that short texts are filled with; that of tokenizer.json when left out. */
  padId: z.int().min(0).optional(),
  /** `max` fills every text to `max` tokens, `longest` only to the longest of a batch. */
  pad: z.enum(["max", "longest"]),
  lowercase: z.boolean().default(false),
});
export type Tokens = z.infer<typeof TokensSchema>;

const DualEncoderSchema = z.strictObject({
  kind: z.literal("dual_encoder"),
  ...common,
  files: z
    .strictObject({
      image: FileSchema.optional(),
      text: FileSchema.optional(),
      /** One graph with both towers, instead of `image` and `text`. */
      joint: FileSchema.optional(),
      tokenizer: FileSchema,
      preprocessor: FileSchema.optional(),
      /** What similarity means that a concept is in sight (see concept-curves.ts); without it the encoder tells no concept by itself. */
      concepts: FileSchema.optional(),
    })
    .refine(
      ({ image, text, joint }) => (joint ? !image && !text : image !== undefined && text !== undefined),
      "must name either both image and text, or joint alone",
    ),
  dimensions: z.int().positive().optional(),
  image: ImageTensorsSchema.default({}),
  text: TextTensorsSchema.default({}),
  tokens: TokensSchema.default({ max: 77, pad: "max", lowercase: false }),
  /** Instead of `files.preprocessor`. */
  preprocess: PreprocessSchema.optional(),
  /** Cosines are multiplied by it before `similarity`, as in training (CLIP: 100). */
  logitScale: Positive.default(100),
  logitBias: z.number().default(0),
  similarity: z.enum(["softmax", "sigmoid"]).default("softmax"),
  gsd: GsdRangeSchema.optional(),
});

const TextEncoderSchema = z.strictObject({
  kind: z.literal("text_encoder"),
  ...common,
  files: z.strictObject({ model: FileSchema, tokenizer: FileSchema }),
  dimensions: z.int().positive().optional(),
  text: TextTensorsSchema.default({}),
  tokens: TokensSchema.default({ max: 256, pad: "longest", lowercase: false }),
  /** Of the tokens' vectors; not used where the graph gives one vector a text. */
  pooling: z.enum(["mean", "cls"]).default("mean"),
  normalize: z.boolean().default(true),
  queryPrefix: z.string().default(""),
  passagePrefix: z.string().default(""),
});

const ConceptSchema = z.enum(CONCEPT_IDS as readonly [string, ...string[]]).nullable();

const DetectorSchema = z.strictObject({
  kind: z.literal("detector"),
  ...common,
  files: z.strictObject({ model: FileSchema }),
  boxes: z.enum(["axis_aligned", "oriented"]),
  image: ImageTensorsSchema.default({}),
  /** Side of the square input, a multiple of 32 for YOLO. */
  inputSize: Side.default(640),
  preprocess: PreprocessSchema.pick({ rescale: true, mean: true, std: true, channels: true }).prefault({}),
  /** In the order of the output; a name alone is mapped by the ontology, `concept: null` leaves the class out. */
  classes: z
    .array(
      z.union([
        z.string().transform((name) => ({ name, concept: undefined })),
        z.strictObject({ name: z.string(), concept: ConceptSchema.optional() }),
      ]),
    )
    .min(1),
  /** Whether the output's coordinates are shares of the input's side instead of pixels (exports from TensorFlow). */
  normalised: z.boolean().default(false),
  confidence: Share.default(0.25),
  iou: Share.default(0.45),
  maxDetections: z.int().positive().default(300),
  /** Large chips are cut into squares of this side, letterboxed to the input. The input's side when left out. */
  tileSize: Side.optional(),
  /** Pixels that neighbouring tiles share: more than the largest thing is long. */
  overlap: z.int().min(0).default(128),
  gsd: GsdRangeSchema.optional(),
});

const SegmentClassSchema = z.strictObject({
  name: z.string(),
  /** Left out: by the ontology's names. Null: no entities of it, for example background. */
  concept: ConceptSchema.optional(),
  /** Least mean probability of a connected area. */
  minConfidence: Share.default(0.5),
  minAreaM2: z.number().min(0).default(0),
  /** Areas from `fromM2` on are another kind of thing, or none; in rising order. */
  sizes: z.array(z.strictObject({ fromM2: Positive, concept: ConceptSchema })).default([]),
  /** Gaps smaller than this are filled; `minAreaM2` when left out. */
  minHoleAreaM2: z.number().min(0).optional(),
  /** Areas are called large from, and small up to, these. */
  largeFromM2: Positive.optional(),
  smallToM2: Positive.optional(),
  /** Attributes that may be given to areas of this class; all that can be measured when left out. */
  attributes: z.array(z.enum(ATTRIBUTE_IDS)).optional(),
  /** `rectangle`: the outline is replaced by the smallest turned rectangle where it fills it to `rectangleFill`. */
  shape: z.enum(["outline", "rectangle"]).default("outline"),
  rectangleFill: Share.default(0.85),
});

const SegmenterSchema = z.strictObject({
  kind: z.literal("segmenter"),
  ...common,
  files: z.strictObject({ model: FileSchema }),
  image: ImageTensorsSchema.extend({ probability: z.string().optional() }).default({}),
  /** GSD of the imagery that it is run on, and the one that imagery is resampled to first (its own when left out). */
  gsd: GsdRangeSchema,
  targetGsd: Positive.optional(),
  preprocess: PreprocessSchema.pick({ rescale: true, mean: true, std: true, channels: true }).prefault({}),
  tileSize: Side.default(512),
  /** Pixels at a tile's inner borders whose labels are not used: at least the reach of the network. */
  margin: z.int().min(0).default(32),
  /** Planes of logits or probabilities, one a class; or two outputs, the likeliest label and its probability. */
  output: z.enum(["logits", "probabilities", "labels"]).default("logits"),
  /** Input pixels per output pixel. */
  outputStride: z.int().min(1).max(32).default(1),
  classes: z.array(SegmentClassSchema).min(2).max(255),
  /** How far outlines may lie from the labels' edges, in output pixels. */
  simplify: z.number().min(0).max(10).default(1.5),
});

const GeoEncoderSchema = z.strictObject({
  kind: z.literal("geo_encoder"),
  ...common,
  files: z.strictObject({ model: FileSchema }),
  dimensions: z.int().positive().optional(),
  image: ImageTensorsSchema.default({}),
  /** In the order of the input. */
  bands: z
    .array(z.strictObject({ name: z.string(), mean: z.number().default(0), std: Positive.default(1) }))
    .min(1)
    .max(512),
  /** Samples are multiplied by `scale` and moved by `offset` before mean and deviation (Sentinel-2: 0.0001). */
  scale: z.number().default(1),
  offset: z.number().default(0),
  inputSize: Side.default(224),
  /** Side of the square patches that become tokens; the input must be a whole number of them. */
  patchSize: z.int().positive().default(16),
  output: z.enum(["vector", "tokens"]).default("tokens"),
  /** Leading tokens that are no patches, for example one of class. */
  skipTokens: z.int().min(0).default(0),
  /** Further inputs of the graph with fixed values (wavelengths, GSD, time, place). */
  constants: z.record(z.string(), z.union([z.number(), z.array(z.number())])).default({}),
  gsd: GsdRangeSchema.optional(),
});

export const ManifestSchema = z.discriminatedUnion("kind", [
  DualEncoderSchema,
  TextEncoderSchema,
  DetectorSchema,
  SegmenterSchema,
  GeoEncoderSchema,
]);

export type DualEncoderManifest = z.infer<typeof DualEncoderSchema>;
export type TextEncoderManifest = z.infer<typeof TextEncoderSchema>;
export type DetectorManifest = z.infer<typeof DetectorSchema>;
export type SegmenterManifest = z.infer<typeof SegmenterSchema>;
export type SegmentClass = z.infer<typeof SegmentClassSchema>;
export type GeoEncoderManifest = z.infer<typeof GeoEncoderSchema>;
export type Manifest = z.infer<typeof ManifestSchema>;
export type ModelKind = Manifest["kind"];
export type ManifestOf<K extends ModelKind> = Extract<Manifest, { kind: K }>;
