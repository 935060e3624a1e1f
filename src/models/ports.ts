import type { AttributeId, ConceptId } from "../../knowledge/ontology/ids.ts";
import type { BandWindow, Chip } from "../imagery/ports.ts";

/** How the cosines of a pair of towers become probabilities: softmax over texts, or a sigmoid each, of scale · cosine + bias. */
export interface Pairing {
  readonly similarity: "softmax" | "sigmoid";
  readonly logitScale: number;
  readonly logitBias: number;
}

/** Ground sample distances, metres per pixel, that a model was made for. */
export interface GsdRange {
  readonly min: number;
  readonly max: number;
}

/** One vector space. Everything stored with a vector names the encoder that made it, as `id@version`. */
export interface Encoder {
  readonly id: string;
  readonly dimensions: number;
  /** Of encoders with a text tower. */
  readonly pairing?: Pairing;
  /** Width and height that chips are brought to; chips read at this size are not resampled again. Null: any. */
  readonly chipSize?: { readonly width: number; readonly height: number } | null;
  readonly gsd?: GsdRange | null;
  /** Unit vectors, one a chip, in order. Row-major [chips × dimensions]. */
  encodeChips(chips: readonly Chip[], signal?: AbortSignal): Promise<Float32Array>;
  /** Unit vector of a text, or null when this encoder has no text tower. */
  encodeText(text: string, signal?: AbortSignal): Promise<Float32Array | null>;
  /** Unit vectors of many texts, row-major [texts × dimensions]. Of encoders with a text tower. */
  encodeTexts?(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array>;
  /** How well each chip shows the concept, 0..1, or null when the encoder cannot tell. For encoders without a text tower. */
  scoreConcept(concept: ConceptId, vectors: Float32Array): Float32Array | null;
  /** Unit vector along which the score of a concept rises, by which many tiles are scanned at once; null when the encoder cannot tell. */
  conceptDirection?(concept: ConceptId): Float32Array | null;
  /** Frees a model's memory. */
  close?(): Promise<void>;
}

/** What was measured of a found thing. Lengths are ground metres. */
export interface SegmentMeasures {
  readonly areaM2: number;
  /** 0 for a square or disc, towards 1 for a line: 1 − short side / long side of the smallest turned rectangle. */
  readonly elongation: number;
  /** Direction of the long side, degrees clockwise from the image's up, in [0, 180). */
  readonly orientationDeg: number;
  /** Share of its smallest turned rectangle that it fills, 0..1. */
  readonly rectangularity: number;
}

/** Pixel coordinates of the chip (x right, y down). */
export interface Segment {
  readonly concept: ConceptId;
  readonly confidence: number;
  readonly polygon: GeoJSON.Polygon;
  readonly attributes: readonly AttributeId[];
  readonly measures?: SegmentMeasures;
  /** Of a thing that the core's edge cuts: what the whole must meet to count, once its pieces are put together. */
  readonly cut?: CountingRule;
}

/** When an area counts as a thing, and as which. Areas in square metres. */
export interface CountingRule {
  readonly minAreaM2: number;
  readonly minConfidence: number;
  readonly sizes: readonly { readonly fromM2: number; readonly concept: ConceptId | null }[];
}

export interface SegmentOptions {
  readonly signal?: AbortSignal;
  /** [left, top, right, bottom] in pixels of the chip: only what lies in it is wanted, cut at its edges; beyond it is context. */
  readonly core?: readonly [number, number, number, number];
  /** For segmenters that read infrared: the same window with the green and the infrared band as first and second channel, less their darkest values and on one scale; nothing valid where the imagery has none. */
  readonly infrared?: Chip;
}

export interface Segmenter {
  readonly id: string;
  readonly concepts: readonly ConceptId[];
  /** Imagery that it can read; on other chips it finds nothing. */
  readonly gsd?: GsdRange;
  /** GSD at which chips are best read: coarser ones are enlarged to it, finer ones reduced. */
  readonly targetGsd?: number | null;
  /** Whether things are cut at the core's edges; else a thing is whole, also where it reaches over them. */
  readonly cutsAtCore?: boolean;
  /** Metres around the core that it looks at, where the usual ones are too few for what it finds. */
  readonly marginM?: number;
  /** Whether it makes use of an infrared band. */
  readonly readsInfrared?: boolean;
  segment(chip: Chip, options?: SegmentOptions): Promise<readonly Segment[]>;
  close?(): Promise<void>;
}

/** A thing found as a box. */
export interface Detection {
  readonly concept: ConceptId;
  /** The detector's own name of the class. */
  readonly className: string;
  readonly confidence: number;
  /** Turned or upright rectangle in pixel coordinates of the chip (x right, y down), closed ring of five points. */
  readonly polygon: GeoJSON.Polygon;
  /** Direction of its long side, degrees clockwise from the image's up, in [0, 180). */
  readonly orientationDeg: number;
}

export interface Detector {
  readonly id: string;
  readonly concepts: readonly ConceptId[];
  readonly gsd?: GsdRange | null;
  /** Chips of any size: large ones are cut into overlapping tiles, and a thing at their borders is found once. */
  detect(chip: Chip, signal?: AbortSignal): Promise<readonly Detection[]>;
  close?(): Promise<void>;
}

/** Encodes multispectral windows into one vector space. */
export interface BandEncoder {
  readonly id: string;
  readonly dimensions: number;
  /** Names of the bands that windows must have. */
  readonly bands: readonly string[];
  /** Side in pixels that windows must have. */
  readonly inputSize: number;
  readonly gsd?: GsdRange | null;
  /** Unit vectors, one a window, in order. Row-major [windows × dimensions]. */
  encodeWindows(windows: readonly BandWindow[], signal?: AbortSignal): Promise<Float32Array>;
  close?(): Promise<void>;
}

/** Text into one vector space, for text-to-text retrieval. Queries and passages may be prefixed differently (e5, bge). */
export interface TextEncoder {
  /** `id@version`, stored with every vector. */
  readonly id: string;
  readonly dimensions: number;
  /** Unit vectors, one a text, in order. Row-major [texts × dimensions]. English and Chinese. */
  encodeQueries(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array>;
  /** Unit vectors of what is searched, as `encodeQueries`. */
  encodePassages(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array>;
  close?(): Promise<void>;
}
