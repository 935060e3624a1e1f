import type { WorkingCrs } from "./geo/crs.ts";
import type { MosaicImage, MosaicReader } from "./imagery/ports.ts";
import type { Place } from "./query/turn.ts";
import type { Entity } from "./store/entity.ts";
import type { EntityStore, KnowledgeStore, ThreadStore, TileIndex } from "./store/ports.ts";

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
  readonly threads: ThreadStore;
  /** Entities that have a name. */
  namedEntities(): readonly Entity[];
  /** Named places that are no entities. WGS84. */
  places(): readonly Place[];
  /** W, S, E, N of everything in it (imagery and entities). */
  readonly bboxWgs84: readonly [number, number, number, number];
  close(): void;
}
