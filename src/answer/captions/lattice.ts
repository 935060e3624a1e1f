import type { BoxM } from "../../store/ports.ts";

/** Cells that an area is measured with: shares come out to about a percent. */
const CELLS = 10_000;
const MOST_CELLS = 40_000;

/** A grid of square cells over an area, for shares and for what lies inside; a cell counts by its middle. */
export interface Lattice {
  readonly box: BoxM;
  readonly columns: number;
  readonly rows: number;
  /** Side of a cell along x and y in metres. */
  readonly cell: readonly [number, number];
  /** 1 where the cell's middle lies in the area. */
  readonly mask: Uint8Array;
  /** Cells in the area. */
  readonly size: number;
}

/** @param outline null for the whole box */
export function createLattice(box: BoxM, outline: GeoJSON.Geometry | null, areaM2: number): Lattice {
  const width = Math.max(box[2] - box[0], 0.01);
  const height = Math.max(box[3] - box[1], 0.01);
  const wanted = Math.min(MOST_CELLS, CELLS * Math.max(1, (width * height) / Math.max(areaM2, 1)));
  const side = Math.sqrt((width * height) / wanted);
  const columns = Math.max(1, Math.round(width / side));
  const rows = Math.max(1, Math.round(height / side));
  const mask = new Uint8Array(columns * rows);
  const lattice = { box, columns, rows, cell: [width / columns, height / rows] as const, mask, size: columns * rows };
  if (!outline) {
    mask.fill(1);
    return lattice;
  }
  let size = 0;
  visitCells(outline, lattice, (index) => {
    mask[index] = 1;
    size += 1;
  });
  return { ...lattice, size };
}

/** Cell of a point, or −1 outside the area. */
export function cellAt({ box, cell, columns, rows, mask }: Lattice, x: number, y: number): number {
  const column = Math.floor((x - box[0]) / cell[0]);
  const row = Math.floor((y - box[1]) / cell[1]);
  if (column < 0 || row < 0 || column >= columns || row >= rows) return -1;
  const index = row * columns + column;
  return mask[index] === 1 ? index : -1;
}

/** Visits every cell of the grid (in the mask or not) whose middle lies in a polygon, by even-odd scan lines. */
export function visitCells(
  geometry: GeoJSON.Geometry,
  { box, columns, rows, cell }: Pick<Lattice, "box" | "columns" | "rows" | "cell">,
  visit: (index: number) => void,
): void {
  const polygons =
    geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [];
  for (const rings of polygons) {
    const crossings = new Map<number, number[]>();
    for (const ring of rings) {
      for (let i = 0; i + 1 < ring.length; i += 1) {
        const [x0 = 0, y0 = 0] = ring[i] as GeoJSON.Position;
        const [x1 = 0, y1 = 0] = ring[i + 1] as GeoJSON.Position;
        if (y0 === y1) continue;
        const [low, high] = y0 < y1 ? [y0, y1] : [y1, y0];
        const first = Math.max(0, Math.ceil((low - box[1]) / cell[1] - 0.5));
        const last = Math.min(rows - 1, Math.ceil((high - box[1]) / cell[1] - 0.5) - 1);
        for (let row = first; row <= last; row += 1) {
          const y = box[1] + (row + 0.5) * cell[1];
          const x = x0 + ((y - y0) / (y1 - y0)) * (x1 - x0);
          const held = crossings.get(row);
          if (held) held.push(x);
          else crossings.set(row, [x]);
        }
      }
    }
    for (const [row, xs] of crossings) {
      xs.sort((a, b) => a - b);
      for (let k = 0; k + 1 < xs.length; k += 2) {
        const from = Math.max(0, Math.ceil(((xs[k] as number) - box[0]) / cell[0] - 0.5));
        const to = Math.min(columns - 1, Math.ceil(((xs[k + 1] as number) - box[0]) / cell[0] - 0.5) - 1);
        for (let column = from; column <= to; column += 1) visit(row * columns + column);
      }
    }
  }
}
