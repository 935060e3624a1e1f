import type { Region, Reply } from "./reply.ts";

type Ring = readonly (readonly number[])[];

/** Twice the signed area of a ring in the plane of its coordinates; positive when it runs counterclockwise. */
function signedArea(ring: Ring): number {
  let sum = 0;
  for (let i = 0; i < ring.length; i += 1) {
    const [x0 = 0, y0 = 0] = ring[i] ?? [];
    const [x1 = 0, y1 = 0] = ring[(i + 1) % ring.length] ?? [];
    sum += x0 * y1 - x1 * y0;
  }
  return sum;
}

/** A polygon's rings by the right-hand rule: the outer one counterclockwise, holes clockwise (RFC 7946, 3.1.6; KML 2.2, 10.8). */
function rightHanded(rings: readonly Ring[]): number[][][] {
  return rings.map((ring, index) => {
    const positions = ring.map((position) => [...position]);
    const isCounterclockwise = signedArea(ring) > 0;
    return isCounterclockwise === (index === 0) ? positions : positions.reverse();
  });
}

/** The outline of a region as it is exported, in WGS84 longitude and latitude. */
export function exportGeometry({ geometry }: Pick<Region, "geometry">): GeoJSON.Polygon | GeoJSON.MultiPolygon {
  return geometry.type === "Polygon"
    ? { type: "Polygon", coordinates: rightHanded(geometry.coordinates) }
    : { type: "MultiPolygon", coordinates: geometry.coordinates.map(rightHanded) };
}

/** Where the evidence of a region comes from, each source once. */
export function sourcesOf({ evidence }: Pick<Region, "evidence">): readonly string[] {
  return [...new Set(evidence.flatMap(({ source }) => source ?? []))];
}

/** What a search was asked and by which plan it was answered, so that an exported file can be traced and replayed. */
export function provenanceOf(reply: Reply): {
  readonly plan: string | null;
  readonly formula: string | null;
  readonly dates: readonly string[];
} {
  const { plan } = reply;
  return {
    plan: plan?.hash ?? null,
    formula: plan?.formula ?? null,
    dates: [plan?.dates.before, plan?.dates.after].flatMap((date) => date ?? []),
  };
}
