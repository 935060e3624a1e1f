import type { ConceptId } from "../../../knowledge/ontology/ids.ts";
import type { SegmentClass } from "../manifest.ts";
import type { Segment, SegmentMeasures } from "../ports.ts";
import { attributesOf } from "./attributes.ts";
import { type Component, connectedComponents, type LabelRaster } from "./components.ts";
import { roundness, smallestRectangle } from "./shape.ts";
import { simplifyOutline } from "./simplify.ts";
import { type Outline, type Ring, signedArea, traceOutlines } from "./trace.ts";

export interface VectoriseOptions {
  /** By label. Those whose concept is null give nothing. */
  readonly classes: readonly (SegmentClass & { readonly concept: ConceptId | null })[];
  /** Metres per label pixel. */
  readonly gsd: number;
  /** Chip pixels per label pixel, by which polygons are enlarged. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** How far an outline may lie from the labels' edges, label pixels. */
  readonly simplify: number;
}

/**
 * Labels to polygons in chip pixels: connected areas of each class that are large and sure enough, with their gaps, simplified, outer
 * rings against the clock as seen; with mean confidence, measures and attributes. Areas are those of the labels, before simplification.
 */
export function vectorise(raster: LabelRaster, options: VectoriseOptions): readonly Segment[] {
  const { classes, gsd } = options;
  const found = connectedComponents(raster, (label) => (classes[label]?.concept ?? null) !== null);
  const outlines = traceOutlines(found, raster.width, raster.height, ({ label, pixels, meanConfidence }) => {
    const kind = classes[label] as VectoriseOptions["classes"][number];
    return pixels * gsd * gsd >= kind.minAreaM2 && meanConfidence >= kind.minConfidence;
  });
  return found.list.flatMap((component, i) => {
    const outline = outlines[i];
    const kind = classes[component.label] as VectoriseOptions["classes"][number];
    return outline ? [segmentOf(component, outline, kind, options)] : [];
  });
}

function segmentOf(
  component: Component,
  outline: Outline,
  kind: VectoriseOptions["classes"][number],
  { gsd, scaleX, scaleY, simplify }: VectoriseOptions,
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
      coordinates: rings.map((ring) => [...ring, ring[0] as Ring[number]].map(([x, y]) => [x * scaleX, y * scaleY])),
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
