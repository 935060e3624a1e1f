import type { WorkingCrs } from "./geo/crs.ts";
import type { MosaicImage, MosaicReader } from "./imagery/ports.ts";
import type { Place } from "./query/turn.ts";
import type { Entity } from "./store/entity.ts";
import type { CaptionStore, ChipVectors, EntityStore, KnowledgeStore, ThreadStore, TileIndex } from "./store/ports.ts";

/** A file that was ingested; `file` is its name without the folder, `fingerprint` the SHA-256 that names its content. */
export interface SourceFile {
  readonly kind: "image" | "vectors" | "detections" | "embeddings" | "knowledge";
  readonly file: string;
  /** ISO date of imagery, year of embeddings, else null. */
  readonly date: string | null;
  readonly fingerprint: string;
}

/** An open workspace: what ingest made, ready to be asked. */
export interface Workspace {
  readonly directory: string;
  readonly crs: WorkingCrs;
  /** SHA-256 over everything ingested (not over threads): equal content, equal fingerprint. */
  readonly fingerprint: string;
  readonly images: readonly MosaicImage[];
  readonly reader: MosaicReader;
  readonly tiles: TileIndex;
  readonly entities: EntityStore;
  readonly knowledge: KnowledgeStore;
  /** Captions of the tiles, as ingest wrote them. */
  readonly captions: CaptionStore;
  readonly threads: ThreadStore;
  /** Chips encoded before; no part of the content. */
  readonly chips: ChipVectors;
  /** Entities that have a name. */
  namedEntities(): readonly Entity[];
  /** Named places that are no entities. WGS84. */
  places(): readonly Place[];
  /** Version of the schema of its database. */
  readonly schemaVersion: number;
  /** Everything that was ingested, by kind, date and name. */
  sources(): readonly SourceFile[];
  /** Encoders of the vectors in it, by id, and how many tiles each has described. */
  encoders(): readonly { readonly id: string; readonly dimensions: number; readonly vectors: number }[];
  /** Id of the encoder whose vectors of the imagery are in use; null when no tile has one. */
  readonly imageEncoder: string | null;
  /** Id of the segmenter whose finds are among the entities; null without one. */
  readonly segmenter: string | null;
  /** W, S, E, N of everything in it (imagery and entities). */
  readonly bboxWgs84: readonly [number, number, number, number];
  /**
   * Reads the content as it is at this moment from now on, whatever other processes write, until the returned function lets go. While it
   * is held the database's log cannot be folded in.
   */
  holdStill(): () => void;
  close(): void;
}
