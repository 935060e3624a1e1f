import { areaM2 } from "../geo/area.ts";
import { boundsOf } from "../geo/bounds.ts";
import { unionOf } from "../geo/overlay.ts";
import type { Entity } from "../store/entity.ts";
import type { BoxM } from "../store/ports.ts";

/** Coordinates this close to a border, in metres, lie on it. */
const ON_BORDER_M = 0.02;
/** Pieces that share this much of a border, in metres, are one thing. */
const SHARED_M = 0.5;

/** What was found in one window and cut at its borders. */
export interface WindowFinds {
  readonly core: BoxM;
  readonly entities: readonly Entity[];
}

/**
 * Puts together what the borders of windows cut: pieces of one kind that share a stretch of border become one entity, whose outline is
 * their union and whose confidence is their mean by area. It keeps the id of its westernmost piece, the southernmost of those.
 */
export function stitchSegments(windows: readonly WindowFinds[]): readonly Entity[] {
  const pieces = windows.flatMap(({ core, entities }) => entities.map((entity) => ({ entity, core })));
  const parent = pieces.map((_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at] as number;
    parent[i] = at;
    return at;
  };
  const borders = new Map<string, Side[]>();
  for (const [i, { entity, core }] of pieces.entries())
    for (const { line, spans } of bordersTouched(entity, core))
      borders.set(`${entity.concept}|${line}`, [
        ...(borders.get(`${entity.concept}|${line}`) ?? []),
        { piece: i, spans },
      ]);
  for (const sides of borders.values()) {
    for (const [k, a] of sides.entries()) {
      for (const b of sides.slice(k + 1)) {
        const [one, other] = [pieces[a.piece], pieces[b.piece]];
        if (one?.core !== other?.core && root(a.piece) !== root(b.piece) && share(a.spans, b.spans) >= SHARED_M)
          parent[root(b.piece)] = root(a.piece);
      }
    }
  }
  const groups = new Map<number, Entity[]>();
  for (const [i, { entity }] of pieces.entries()) groups.set(root(i), [...(groups.get(root(i)) ?? []), entity]);
  return [...groups.values()].map((group) => (group.length === 1 ? (group[0] as Entity) : unite(group)));
}

/** Stretches of a border, [from, to] along it. */
type Spans = readonly (readonly [number, number])[];

interface Side {
  readonly piece: number;
  readonly spans: Spans;
}

/** Borders of its window that a piece's outer ring runs along. */
function bordersTouched({ geometry }: Entity, [minX, minY, maxX, maxY]: BoxM): { line: string; spans: Spans }[] {
  if (geometry.type !== "Polygon") return [];
  const ring = geometry.coordinates[0] ?? [];
  const lines = [
    { line: `x${Math.round(minX)}`, axis: 0, at: minX },
    { line: `x${Math.round(maxX)}`, axis: 0, at: maxX },
    { line: `y${Math.round(minY)}`, axis: 1, at: minY },
    { line: `y${Math.round(maxY)}`, axis: 1, at: maxY },
  ] as const;
  return lines.flatMap(({ line, axis, at }) => {
    const spans = ring.slice(1).flatMap((to, i): [number, number][] => {
      const from = ring[i] as GeoJSON.Position;
      if (Math.abs((from[axis] as number) - at) > ON_BORDER_M || Math.abs((to[axis] as number) - at) > ON_BORDER_M)
        return [];
      const [a, b] = [from[1 - axis] as number, to[1 - axis] as number];
      return a === b ? [] : [[Math.min(a, b), Math.max(a, b)]];
    });
    return spans.length > 0 ? [{ line, spans }] : [];
  });
}

function share(a: Spans, b: Spans): number {
  let sum = 0;
  for (const [from, to] of a)
    for (const [start, end] of b) sum += Math.max(0, Math.min(to, end) - Math.max(from, start));
  return sum;
}

function unite(group: readonly Entity[]): Entity {
  const inOrder = [...group].sort((a, b) => {
    const [boxA, boxB] = [boundsOf(a.geometry), boundsOf(b.geometry)];
    return boxA[0] - boxB[0] || boxA[1] - boxB[1] || (a.id < b.id ? -1 : 1);
  });
  const first = inOrder[0] as Entity;
  const areas = inOrder.map(({ geometry }) => areaM2(geometry));
  const total = areas.reduce((sum, area) => sum + area, 0) || 1;
  const united = unionOf(inOrder.map(({ geometry }) => geometry as GeoJSON.Polygon));
  const largest = inOrder[areas.indexOf(Math.max(...areas))] as Entity;
  return {
    ...largest,
    id: first.id,
    geometry: largestPart(united ?? largest.geometry),
    confidence:
      Math.round(
        (inOrder.reduce((sum, { confidence }, i) => sum + confidence * (areas[i] as number), 0) / total) * 100,
      ) / 100,
    // Words for a shape were those of a piece.
    attributes: largest.attributes.filter((attribute) => !SHAPES.has(attribute)),
  };
}

const SHAPES: ReadonlySet<string> = new Set(["rectangular", "round", "elongated", "long", "small", "curved"]);

/** Rounding may leave slivers beside the union; they are dropped. */
function largestPart(geometry: GeoJSON.Geometry): GeoJSON.Geometry {
  if (geometry.type !== "MultiPolygon") return geometry;
  const parts = geometry.coordinates.map((coordinates): GeoJSON.Polygon => ({ type: "Polygon", coordinates }));
  return parts.reduce((best, part) => (areaM2(part) > areaM2(best) ? part : best));
}
