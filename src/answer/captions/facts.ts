import type { AttributeId, ConceptId } from "../../../knowledge/ontology/ids.ts";
import type { BoxM } from "../../store/ports.ts";
import type { CoverKind } from "./concepts.ts";

/** What is known of an area on a date, measured and counted; plain JSON. Lengths are metres, areas square metres, shares 0..1. */

/** A proper name; `zh` where the data hold a Chinese one. */
export interface Names {
  readonly en: string;
  readonly zh: string | null;
}

/** Eight directions, clockwise from north. */
export const COMPASS = [
  "north",
  "north-east",
  "east",
  "south-east",
  "south",
  "south-west",
  "west",
  "north-west",
] as const;
export type Compass = (typeof COMPASS)[number];
export type Side = "north" | "east" | "south" | "west";

/** Where in an area something is: a ninth of it, a strip along one side, or all over it. */
export type Position =
  | { readonly kind: "part"; readonly part: Compass | "centre" }
  | { readonly kind: "edge"; readonly side: Side }
  | { readonly kind: "throughout" };

/** A thing or place that is spoken of beside the things of the area. */
export interface Anchor {
  readonly concept: ConceptId | null;
  readonly names: Names | null;
  readonly evidence: readonly string[];
}

/** How the members of a group lie to each other; each is computed with the thresholds of arrangement.ts. */
export type Arrangement =
  | { readonly kind: "row"; readonly axis: Axis }
  | { readonly kind: "rows"; readonly rows: number; readonly axis: Axis }
  | { readonly kind: "along"; readonly anchor: Anchor; readonly withinM: number }
  | { readonly kind: "around"; readonly anchor: Anchor }
  | { readonly kind: "clustered" }
  | { readonly kind: "scattered" };
export type Axis = "north–south" | "east–west" | "north-east–south-west" | "north-west–south-east";

export interface SharedAttribute {
  readonly attribute: AttributeId;
  readonly count: number;
}

/** A member of a group by its name; of its own kind, which may be narrower than the group's. */
export interface NamedMember extends Names {
  readonly concept: ConceptId;
}

/** Things of one kind. Overlapping finds of several sources are one thing with the evidence of all. */
export interface GroupFact {
  readonly concept: ConceptId;
  readonly count: number;
  readonly evidence: readonly string[];
  /** Of members that have a name, at most three. */
  readonly names: readonly NamedMember[];
  /** Attributes that at least two members (or the only one) have, most first. */
  readonly attributes: readonly SharedAttribute[];
  /** Narrower kinds among them. */
  readonly ofWhich: readonly {
    readonly concept: ConceptId;
    readonly count: number;
    readonly evidence: readonly string[];
  }[];
  /** Median footprint of those with an outline; null without any. */
  readonly medianAreaM2: number | null;
  /** Share of the area that they take up. */
  readonly share: number;
  /** The only member, and most of it lies outside the area. */
  readonly isPartial: boolean;
  /** Kinds of things inside, for estates, ports and other areas that hold things. */
  readonly parts: readonly GroupFact[];
  readonly arrangement: Arrangement | null;
  readonly position: Position;
  /** Members that were not there on the imagery date before. */
  readonly newCount: number;
}

export interface CoverFact {
  readonly cover: CoverKind;
  /** The one concept that makes up nearly all of it; else null. */
  readonly concept: ConceptId | null;
  readonly share: number;
  readonly evidence: readonly string[];
}

/** A road, railway, river or shore through the area; pieces of one name are one. */
export interface LineFact {
  readonly concept: ConceptId;
  readonly names: Names | null;
  /** Pieces of unnamed lines that were taken together. */
  readonly count: number;
  readonly lengthM: number;
  readonly evidence: readonly string[];
  /** Null when the pieces run in all directions. */
  readonly axis: Axis | null;
  readonly position: Position;
  /** It reaches two sides of the area. */
  readonly crosses: boolean;
}

export interface RelationFact {
  /** The thing, or the nearest of several of its kind. */
  readonly subject: Anchor & { readonly concept: ConceptId; readonly count: number };
  readonly anchor: Anchor;
  readonly distanceM: number;
}

/** The nearest of a kind outside the area. */
export interface SurroundingFact extends Anchor {
  readonly kind: "traffic" | "road" | "water" | "settlement" | "place";
  readonly distanceM: number;
  /** From the area to it. */
  readonly direction: Compass;
}

export interface ChangeFact {
  readonly kind: "new" | "gone" | "grown" | "shrunk";
  readonly concept: ConceptId;
  readonly names: readonly Names[];
  readonly count: number;
  /** The imagery date before the caption's, or of the first measure of its area. */
  readonly since: string;
  /** Before and after, for one thing that grew or shrank. */
  readonly areasM2: readonly [number, number] | null;
  readonly evidence: readonly string[];
}

/** How the ground looks by the statistics of its tiles. */
export interface AppearanceFact {
  readonly tone: "green" | "blue" | "sandy" | "bright" | "dark" | "grey" | "mixed";
  /** Share of the pixels that the tone rests on; null for tones of brightness. */
  readonly toneShare: number | null;
  readonly texture: "smooth" | "rough" | null;
  readonly evidence: readonly string[];
}

export interface QualityFact {
  /** Share of the area with imagery on the date. */
  readonly coverage: number;
  readonly singleDate: boolean;
  readonly evidence: readonly string[];
}

export interface CaptionFacts {
  /** Box in the working CRS. */
  readonly box: BoxM;
  readonly areaM2: number;
  /** `area:minX,minY,maxX,maxY`: evidence for what is said of nothing being there. */
  readonly areaEvidence: string;
  readonly date: string | null;
  /** The imagery date before, or null. */
  readonly previousDate: string | null;
  /** The named place that the area lies in. */
  readonly inside: Anchor | null;
  /** Largest first. */
  readonly cover: readonly CoverFact[];
  readonly appearance: AppearanceFact | null;
  readonly quality: QualityFact | null;
  /** Most telling first; areas that hold things have them as parts. */
  readonly groups: readonly GroupFact[];
  readonly lines: readonly LineFact[];
  readonly relations: readonly RelationFact[];
  readonly surroundings: readonly SurroundingFact[];
  readonly changes: readonly ChangeFact[];
}
