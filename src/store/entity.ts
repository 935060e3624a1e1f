import type { AttributeId, ConceptId } from "../../knowledge/ontology/ids.ts";

/** A thing on the ground. Geometry is GeoJSON in metres of the workspace's working CRS (x east, y north). */
export interface Entity {
  readonly id: string;
  readonly concept: ConceptId;
  readonly geometry: GeoJSON.Geometry;
  /** 0..1. Mapped entities carry the confidence of their source (see knowledge/ontology). */
  readonly confidence: number;
  readonly attributes: readonly AttributeId[];
  readonly name: string | null;
  /** "layer:FILE", "detection:FILE", "segmenter:ID@VERSION". */
  readonly source: string;
  /** ISO dates of the life span; null where it is not known. `firstSeen` null means as old as the record. */
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  /** Square metres before and after, where growth was measured. */
  readonly areaHistory: readonly { readonly date: string; readonly areaM2: number }[];
  /** Source tags (OSM key/value), for facts and captions. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Tag of a mapped thing in whose place the imagery of every date shows something else: "natural" ground, and nothing built. */
export const SHOWN_AS = "imagery:shows";

/** Tag of a mapped thing whose colours were seen in the imagery ("imagery"). */
export const COLOURED_BY = "coloured:by";
