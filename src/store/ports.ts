import type { Caption } from "./caption.ts";
import type { Entity } from "./entity.ts";

/** [minX, minY, maxX, maxY] in metres of the working CRS. */
export type BoxM = readonly [number, number, number, number];

/** A square of the multi-scale grid. `id` is `scale/ix/iy`; the grid's origin is (0, 0) of the working CRS. */
export interface Tile {
  readonly id: string;
  /** Side in metres: 256, 512, 1024 or 2048 by default. */
  readonly scale: number;
  readonly ix: number;
  readonly iy: number;
  readonly box: BoxM;
}

/** What is known of a tile on one date. */
export interface TileRecord extends Tile {
  readonly date: string | null;
  /** Share of the tile with valid pixels, 0..1. */
  readonly coverage: number;
  /** Interpretable statistics, by name (see src/imagery/statistics), for captions, priors and uncertainty flags. */
  readonly statistics: Readonly<Record<string, number>>;
}

export interface TileMatch {
  readonly tile: TileRecord;
  /** Cosine similarity, −1..1. */
  readonly similarity: number;
}

export interface TileIndex {
  /** Tiles of one scale whose box meets `box`, newest date last. */
  tiles(filter: { scale?: number; box?: BoxM; date?: string | null }): readonly TileRecord[];
  /** Embedding of a tile on a date by an encoder, or null. Unit length, but for what `#max` and the like hold of embedding rasters. */
  vector(tileId: string, date: string | null, encoder: string): Float32Array | null;
  /** Sides of the tiles that there are in metres, finest first. */
  scales(): readonly number[];
  /** Tiles of a scale on a date. */
  count(scale: number, date: string | null): number;
  /**
   * Nearest tiles by cosine among those the filter keeps, every one of them looked at, best first.
   *
   * @throws {TerralogueError} `bad_arguments` when only other encoders have vectors, or theirs are of another length than the query's
   */
  nearest(
    query: Float32Array,
    options: { encoder: string; limit: number; scale?: number; box?: BoxM; date?: string | null },
  ): readonly TileMatch[];
}

/** Vectors of chips that were encoded before, by a key that names encoder, content and place. */
export interface ChipVectors {
  /** Null for a chip without pixels, undefined for one that was not encoded yet or is forgotten. */
  get(key: string): Float32Array | null | undefined;
  put(entries: readonly (readonly [key: string, vector: Float32Array | null])[]): void;
}

export interface EntityStore {
  /** Entities that meet `box` (all without it), of the concepts if given. */
  query(filter: { box?: BoxM; concepts?: readonly string[]; limit?: number }): readonly Entity[];
  get(id: string): Entity | null;
  /** Entities per concept, most first. */
  counts(): readonly { readonly concept: string; readonly count: number }[];
}

/** A fact as its source wrote it; src/knowledge/fact-properties reads it as a typed value. */
export interface Fact {
  readonly key: string;
  readonly value: string;
}

export interface Landmark {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly concept: string | null;
  /** ISO 3166 code of two letters, or null where the source does not tell. */
  readonly country: string | null;
  /** WGS84. */
  readonly geometry: GeoJSON.Geometry | null;
  readonly facts: readonly Fact[];
  readonly source: string;
  readonly licence: string | null;
  /** Path of an image chip that shows it, or null. */
  readonly image: string | null;
}

export interface Passage {
  /** `landmark id#n`. */
  readonly id: string;
  readonly landmarkId: string;
  readonly text: string;
  readonly source: string;
  readonly licence: string | null;
  readonly language: "en" | "zh";
}

export interface PassageMatch {
  readonly passage: Passage;
  readonly landmark: Landmark;
  /** Higher is better; comparable only within one call. */
  readonly score: number;
}

export interface KnowledgeStore {
  landmarks(): readonly Landmark[];
  landmark(id: string): Landmark | null;
  passages(landmarkId: string): readonly Passage[];
  allPassages(): readonly Passage[];
  /** Full-text search (BM25), best first. `text` is free text: it is quoted, never parsed as a search expression. */
  search(text: string, limit: number): readonly PassageMatch[];
  /** Passages by cosine with a query vector of that encoder, best first; none where it described no passage. */
  nearest(query: Float32Array, encoder: string, limit: number): readonly PassageMatch[];
  /** Landmarks with a chip by cosine with an image vector of that encoder, best first. */
  nearestChips(query: Float32Array, encoder: string, limit: number): readonly LandmarkMatch[];
  /** Vector of a landmark's chip by that encoder, or null. */
  chipVector(landmarkId: string, encoder: string): Float32Array | null;
  /** Encoders whose vectors of passages are held. */
  textEncoders(): readonly string[];
}

export interface LandmarkMatch {
  readonly landmark: Landmark;
  /** Cosine, −1..1. */
  readonly similarity: number;
}

/** A caption of a tile on the date that it names. */
export interface TileCaption {
  readonly tileId: string;
  readonly scale: number;
  readonly caption: Caption;
}

export interface CaptionMatch extends TileCaption {
  /** BM25, higher is better; comparable only within one call. */
  readonly score: number;
}

export interface CaptionStore {
  /** The caption of a tile on a date, or null where ingest wrote none. */
  caption(tileId: string, date: string | null, language: Caption["language"]): Caption | null;
  /**
   * Full-text search (BM25) over the three levels, best first. `text` is free text: it is quoted, never parsed as a search
   * expression. Tiles that meet `box` alone.
   */
  search(
    text: string,
    options: {
      readonly limit: number;
      readonly language?: Caption["language"];
      readonly box?: BoxM;
      readonly scale?: number;
      readonly date?: string | null;
    },
  ): readonly CaptionMatch[];
  /** Every caption, by date, tile and language. */
  all(): IterableIterator<TileCaption>;
}

export interface StoredTurn {
  readonly thread: string;
  readonly turn: number;
  readonly message: string;
  /** ISO time stamp. */
  readonly at: string;
  /** The Turn, Plan and Reply as plain JSON (see src/query/turn, src/retrieval/plan, src/answer/reply). */
  readonly understood: unknown;
  readonly plan: unknown;
  readonly reply: unknown;
}

export interface ThreadSummary {
  readonly thread: string;
  /** The name that a person gave it, or null. */
  readonly title: string | null;
  readonly turns: number;
  readonly firstMessage: string;
  readonly updatedAt: string;
}

/** What a person thought of an answer, kept with the turn and its plan. */
export interface Feedback {
  readonly turn: number;
  readonly verdict: "good" | "bad";
  readonly comment: string;
  /** ISO time stamp. */
  readonly at: string;
}

export interface ThreadStore {
  append(turn: StoredTurn): void;
  turns(thread: string): readonly StoredTurn[];
  /** Newest first; with `search`, those in whose title or messages its words stand, in any case. */
  list(search?: string): readonly ThreadSummary[];
  /** Names a thread; null takes the name away. False when there is no such thread. */
  rename(thread: string, title: string | null): boolean;
  /** Removes a thread with its turns and feedback. False when there is no such thread. */
  remove(thread: string): boolean;
  /** Keeps what a person thought of a turn, in place of what was kept before. False when there is no such turn. */
  judge(thread: string, feedback: Feedback): boolean;
  /** Feedback on a thread, by turn. */
  feedback(thread: string): readonly Feedback[];
}
