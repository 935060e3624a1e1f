import { proofFacts } from "../../../src/answer/proof-facts.ts";
import type { NearMiss, Region } from "../api.ts";
import { valueWords } from "../measures.ts";
import type { Language } from "../words.ts";
import { nearestPositions, type Position } from "./nearest.ts";

/** A distance that a proof measured, as a line between the result and its witness. */
export interface MeasuredLink {
  readonly from: Position;
  readonly to: Position;
  /** "676 m". */
  readonly label: string;
  readonly witness: string;
}

/** The distances of a region's proof to witnesses whose place is known. Lines of distances that read nought are left out. */
export function measuredLinks(region: Region, language: Language): readonly MeasuredLink[] {
  const places = new Map(region.evidence.map(({ id, geometry }) => [id, geometry as GeoJSON.Geometry | undefined]));
  const links = proofFacts(region.proof).flatMap(({ measured, anchor }): MeasuredLink[] => {
    const geometry = anchor === null ? undefined : places.get(anchor);
    if (measured.unit !== "m" || typeof measured.value !== "number" || measured.value < 1) return [];
    if (!geometry || anchor === null) return [];
    const ends = nearestPositions(region.geometry as GeoJSON.Geometry, geometry);
    return ends
      ? [{ from: ends[0], to: ends[1], label: valueWords(measured.value, "m", language), witness: anchor }]
      : [];
  });
  return [...new Map(links.map((link) => [`${link.witness} ${link.label}`, link])).values()];
}

/** Middle of a near miss's outline, to place its label. */
export function middleOf(geometry: NearMiss["geometry"]): Position {
  const ring = (geometry.type === "Polygon" ? geometry.coordinates[0] : geometry.coordinates[0]?.[0]) ?? [];
  const xs = ring.map(([x = 0]) => x);
  const ys = ring.map(([, y = 0]) => y);
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
}
