import type { AttributeId, ConceptId } from "../../knowledge/ontology/ids.ts";
import type { Proof } from "../logic/proof.ts";
import type { BoxM, TileRecord } from "../store/ports.ts";
import type { Outcome } from "./outcome.ts";

/** The values that flow between the retrieval stages, plain JSON: they are checkpointed and sent to the page. */

export interface TileHit {
  readonly tile: TileRecord;
  /** Fused, 0..1. */
  readonly score: number;
  readonly parts: Readonly<Record<string, number>>;
}

export interface SaliencyCell {
  readonly box: BoxM;
  readonly date: string | null;
  /** 0..1. */
  readonly score: number;
}

export interface Saliency {
  readonly cells: readonly SaliencyCell[];
  /** Really read and encoded for this search. */
  readonly pixelsRead: number;
  readonly chipsEncoded: number;
  /** Looked at, those encoded for an earlier search too: what the budget counts. */
  readonly pixelsSeen: number;
  readonly chipsSeen: number;
  /** How much things of a more general kind look like the one sought, 0..1, by entity id. */
  readonly likeness: Readonly<Record<string, number>>;
  /** True when the pixel budget ended the descent before the answer settled. */
  readonly exhausted: boolean;
}

/** A place that may be what was asked for. Geometry in working-CRS metres. */
export interface Candidate {
  readonly id: string;
  readonly concept: ConceptId;
  readonly geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon;
  /** How far its concept is established, 0..1. */
  readonly confidence: number;
  readonly origin: "entity" | "cluster" | "saliency" | "likeness";
  /** Why it counts as its concept, when a definition says so. */
  readonly conceptProof: Proof | null;
  readonly attributes: readonly AttributeId[];
  readonly name: string | null;
  readonly source: string;
  readonly areaHistory: readonly { readonly date: string; readonly areaM2: number }[];
  /** Entities it was made from. */
  readonly entityIds: readonly string[];
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  /** Mean saliency under it, 0..1. */
  readonly saliency: number;
  /** Mean coarse score of the tiles under it, 0..1. */
  readonly coarse: number;
}

export interface ProvedCandidate {
  readonly candidate: Candidate;
  readonly proof: Proof;
}

/** One candidate in its place, before it is worded: the answer stage makes a Region or a NearMiss of it. */
export interface RankedCandidate {
  readonly candidate: Candidate;
  readonly proof: Proof;
  readonly probability: number;
  readonly score: { readonly total: number; readonly parts: Readonly<Record<string, number>> };
  readonly flags: readonly string[];
}

export interface Ranking {
  readonly outcome: Outcome;
  readonly ranked: readonly RankedCandidate[];
  /** Right object, but the query fails: best first. */
  readonly nearMisses: readonly ProvedCandidate[];
}
