import type { AttributeId, ConceptId } from "../../knowledge/ontology/ids.ts";
import type { Chip } from "../imagery/ports.ts";

/** One vector space. Everything stored with a vector names the encoder that made it, as `id@version`. */
export interface Encoder {
  readonly id: string;
  readonly dimensions: number;
  /** Unit vectors, one a chip, in order. Row-major [chips × dimensions]. */
  encodeChips(chips: readonly Chip[]): Promise<Float32Array>;
  /** Unit vector of a text, or null when this encoder has no text tower. */
  encodeText(text: string): Promise<Float32Array | null>;
  /** How well each chip shows the concept, 0..1, or null when the encoder cannot tell. For encoders without a text tower. */
  scoreConcept(concept: ConceptId, vectors: Float32Array): Float32Array | null;
}

/** Pixel coordinates of the chip (x right, y down). */
export interface Segment {
  readonly concept: ConceptId;
  readonly confidence: number;
  readonly polygon: GeoJSON.Polygon;
  readonly attributes: readonly AttributeId[];
}

export interface Segmenter {
  readonly id: string;
  readonly concepts: readonly ConceptId[];
  segment(chip: Chip): Promise<readonly Segment[]>;
}

/** Text into one vector space, for text-to-text retrieval. Queries and passages may be prefixed differently (e5, bge). */
export interface TextEncoder {
  /** `id@version`, stored with every vector. */
  readonly id: string;
  readonly dimensions: number;
  /** Unit vectors, one a text, in order. Row-major [texts × dimensions]. English and Chinese. */
  encodeQueries(texts: readonly string[]): Promise<Float32Array>;
  /** Unit vectors of what is searched, as `encodeQueries`. */
  encodePassages(texts: readonly string[]): Promise<Float32Array>;
}
