import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import type { SegmentClass } from "../manifest.ts";
import type { CountingRule, Segment, SegmentMeasures } from "../ports.ts";
import { attributesOf } from "./attributes.ts";
import { type Component, connectedComponents, type LabelRaster } from "./components.ts";
import { roundness, smallestRectangle } from "./shape.ts";
import { simplifyOutline } from "./simplify.ts";
import { type Outline, type Ring, signedArea, traceOutlines } from "./trace.ts";

export interface VectoriseOptions {
  /** By label. Those whose concept is null give nothing. */
  readonly classes: readonly (Omit<SegmentClass, "concept"> & { readonly concept: ConceptId | null })[];
  /** Metres per label pixel. */
  readonly gsd: number;
  /** Chip pixels per label pixel, by which polygons are enlarged. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** How far an outline may lie from the labels' edges, label pixels. */
  readonly simplify: number;
  /** Chip pixels at which the raster begins (default 0, 0). */
  readonly originX?: number;
  readonly originY?: number;
  /** Whether things at the raster's edges go on beyond them: they are given whatever their size, with what the whole must meet. */
  readonly goesOn?: boolean;
}

/** The kind of thing that an area is by its size; null when it is none. */
export function conceptBySize(concept: ConceptId, areaM2: number, sizes: CountingRule["sizes"]): ConceptId | null {
  return sizes.reduce<ConceptId | null>((kind, size) => (areaM2 >= size.fromM2 ? size.concept : kind), concept);
}

/**
 * Labels to polygons in chip pixels: connected areas of each class that are large and sure enough, with their gaps, simplified, outer
 * rings against the clock as seen; with mean confidence, measures and attributes. Areas are those of the labels, before simplification.
 */
export function vectorise(raster: LabelRaster, options: VectoriseOptions): readonly Segment[] {
  const { classes, gsd } = options;
  const found = connectedComponents(raster, (label) => (classes[label]?.concept ?? null) !== null);
  const outlines = traceOutlines(found, raster.width, raster.height, ({ label, pixels, meanConfidence, isAtEdge }) => {
    const kind = classes[label] as VectoriseOptions["classes"][number];
    if (options.goesOn && isAtEdge) return true;
    return pixels * gsd * gsd >= kind.minAreaM2 && meanConfidence >= kind.minConfidence;
  });
  return found.list.flatMap((component, i) => {
    const outline = outlines[i];
    const kind = classes[component.label] as VectoriseOptions["classes"][number];
    if (!outline) return [];
    const segment = segmentOf(component, outline, kind, options);
    const rule: CountingRule = {
      minAreaM2: kind.minAreaM2,
      minConfidence: kind.minConfidence,
      sizes: kind.sizes as CountingRule["sizes"],
    };
    if (options.goesOn && component.isAtEdge) return [{ ...segment, cut: rule }];
    const concept = conceptBySize(segment.concept, segment.measures?.areaM2 ?? 0, rule.sizes);
    return concept === null ? [] : [{ ...segment, concept }];
  });
}

function segmentOf(
  component: Component,
  outline: Outline,
  kind: VectoriseOptions["classes"][number],
  { gsd, scaleX, scaleY, simplify, originX = 0, originY = 0 }: VectoriseOptions,
): Segment {
  const leastHole = (kind.minHoleAreaM2 ?? kind.minAreaM2) / (gsd * gsd);
  const kept = outline.holes.filter((hole) => signedArea(hole) >= leastHole);
  const filled = outline.holes.reduce((sum, hole) => sum + (kept.includes(hole) ? 0 : signedArea(hole)), 0);
  const simple = simplifyOutline({ outer: outline.outer, holes: kept }, simplify);
  const pixels = component.pixels + filled;
  const rectangle = smallestRectangle(simple.outer);
  const measures: SegmentMeasures = {
    areaM2: Math.round(pixels * gsd * gsd * 100) / 100,
    elongation: twoDecimals(rectangle.long > 0 ? 1 - rectangle.short / rectangle.long : 0),
    orientationDeg: rectangle.orientationDeg,
    rectangularity: twoDecimals(Math.min(1, pixels / (rectangle.long * rectangle.short))),
  };
  const isBox = kind.shape === "rectangle" && kept.length === 0 && measures.rectangularity >= kind.rectangleFill;
  const rings: readonly Ring[] = isBox ? [rectangle.corners] : [simple.outer, ...simple.holes];
  return {
    concept: kind.concept as ConceptId,
    confidence: twoDecimals(component.meanConfidence),
    polygon: {
      type: "Polygon",
      coordinates: rings.map((ring) =>
        [...ring, ring[0] as Ring[number]].map(([x, y]) => [originX + x * scaleX, originY + y * scaleY]),
      ),
    },
    attributes: attributesOf(kind, measures, {
      colour: component.colour,
      roundness: roundness(simple.outer, pixels),
      longM: rectangle.long * gsd,
    }),
    measures,
  };
}

const twoDecimals = (value: number) => Math.round(value * 100) / 100;
