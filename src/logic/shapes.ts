/**
 * Geometries column by column: all vertices in one array, chains of vertices over it, shapes over the chains. A chain is a
 * run of points, a line, the outer ring of a polygon, or a hole of the polygon before it. Coordinates are planar (metres of
 * the working CRS, or pixels).
 */
export interface Shapes {
  /** x, y of every vertex. */
  readonly coordinates: Float64Array;
  /** Index of each chain's first vertex; one entry more than there are chains. */
  readonly chainStart: Uint32Array;
  /** POINTS, LINE, OUTER or HOLE. */
  readonly chainKind: Uint8Array;
  /** Index of each shape's first chain; one entry more than there are shapes. */
  readonly shapeStart: Uint32Array;
  /** Index into GEOMETRY_TYPES. */
  readonly type: Uint8Array;
  /** 4 a shape: minX, minY, maxX, maxY. */
  readonly boxes: Float64Array;
  /** 1 where the shape is a point or an axis-aligned rectangle, so that its box says all of it. */
  readonly isBox: Uint8Array;
}

export const POINTS = 0;
export const LINE = 1;
export const OUTER = 2;
export const HOLE = 3;

export const GEOMETRY_TYPES = [
  "Point",
  "MultiPoint",
  "LineString",
  "MultiLineString",
  "Polygon",
  "MultiPolygon",
  "GeometryCollection",
] as const;

/** A column that grows by doubling. */
export class GrowingColumn<A extends Float64Array | Uint32Array | Uint8Array> {
  length = 0;
  #values: A;
  readonly #make: (size: number) => A;

  constructor(make: (size: number) => A) {
    this.#make = make;
    this.#values = make(64);
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = this.#make(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  get values(): A {
    return this.#values.subarray(0, this.length) as A;
  }
}

/** Gathers geometries in the order in which they come; `finish` lays them out in an order of one's choosing. */
export class ShapeBuilder {
  readonly #coordinates = new GrowingColumn((size) => new Float64Array(size));
  readonly #chainStart = new GrowingColumn((size) => new Uint32Array(size));
  readonly #chainKind = new GrowingColumn((size) => new Uint8Array(size));
  readonly #shapeStart = new GrowingColumn((size) => new Uint32Array(size));
  readonly #type = new GrowingColumn((size) => new Uint8Array(size));

  /** Appends a geometry; coordinates that are no finite numbers are kept and found by `boxOf`. */
  add(geometry: GeoJSON.Geometry): void {
    this.#shapeStart.push(this.#chainStart.length);
    this.#type.push(GEOMETRY_TYPES.indexOf(geometry.type));
    this.#addParts(geometry);
  }

  #addParts(geometry: GeoJSON.Geometry): void {
    switch (geometry.type) {
      case "Point":
        this.#chain([geometry.coordinates], POINTS);
        break;
      case "MultiPoint":
        this.#chain(geometry.coordinates, POINTS);
        break;
      case "LineString":
        this.#chain(geometry.coordinates, LINE);
        break;
      case "MultiLineString":
        for (const line of geometry.coordinates) this.#chain(line, LINE);
        break;
      case "Polygon":
        this.#polygon(geometry.coordinates);
        break;
      case "MultiPolygon":
        for (const polygon of geometry.coordinates) this.#polygon(polygon);
        break;
      case "GeometryCollection":
        for (const part of geometry.geometries) this.#addParts(part);
        break;
    }
  }

  #polygon(rings: readonly GeoJSON.Position[][]): void {
    for (const [index, ring] of rings.entries()) this.#chain(ring, index === 0 ? OUTER : HOLE);
  }

  #chain(positions: readonly GeoJSON.Position[], kind: number): void {
    if (positions.length === 0) return;
    this.#chainStart.push(this.#coordinates.length / 2);
    this.#chainKind.push(kind);
    for (const position of positions) {
      this.#coordinates.push(position[0] ?? Number.NaN);
      this.#coordinates.push(position[1] ?? Number.NaN);
    }
  }

  get length(): number {
    return this.#type.length;
  }

  /** Box of the shape added last: minX, minY, maxX, maxY, with NaN where a coordinate is no finite number, or null for an empty one. */
  boxOfLast(): [number, number, number, number] | null {
    const firstChain = this.#shapeStart.values[this.length - 1] as number;
    const from = this.#chainStart.values[firstChain];
    if (from === undefined) return null;
    const coordinates = this.#coordinates.values;
    let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = from * 2; i < coordinates.length; i += 2) {
      const x = coordinates[i] as number;
      const y = coordinates[i + 1] as number;
      if (!Number.isFinite(x) || !Number.isFinite(y)) return [Number.NaN, Number.NaN, Number.NaN, Number.NaN];
      if (x < minX) minX = x;
      if (x > maxX) maxX = x;
      if (y < minY) minY = y;
      if (y > maxY) maxY = y;
    }
    return [minX, minY, maxX, maxY];
  }

  /** The shapes in the given order: `order[i]` is the number of the added geometry that becomes shape i. */
  finish(order: Uint32Array): Shapes {
    const chainStart = this.#chainStart.values;
    const shapeStart = this.#shapeStart.values;
    const coordinates = this.#coordinates.values;
    const chainKind = this.#chainKind.values;
    const type = this.#type.values;
    const vertices = coordinates.length / 2;
    const out: Shapes = {
      coordinates: new Float64Array(coordinates.length),
      chainStart: new Uint32Array(chainStart.length + 1),
      chainKind: new Uint8Array(chainStart.length),
      shapeStart: new Uint32Array(order.length + 1),
      type: new Uint8Array(order.length),
      boxes: new Float64Array(order.length * 4),
      isBox: new Uint8Array(order.length),
    };
    let chain = 0;
    let vertex = 0;
    for (let shape = 0; shape < order.length; shape += 1) {
      const from = order[shape] as number;
      out.shapeStart[shape] = chain;
      out.type[shape] = type[from] as number;
      const lastChain = shapeStart[from + 1] ?? chainStart.length;
      for (let c = shapeStart[from] as number; c < lastChain; c += 1) {
        const start = chainStart[c] as number;
        const end = chainStart[c + 1] ?? vertices;
        out.chainStart[chain] = vertex;
        out.chainKind[chain] = chainKind[c] as number;
        out.coordinates.set(coordinates.subarray(start * 2, end * 2), vertex * 2);
        vertex += end - start;
        chain += 1;
      }
      out.chainStart[chain] = vertex;
      out.shapeStart[shape + 1] = chain;
      measureBox(out, shape);
    }
    return out;
  }
}

function measureBox(shapes: Shapes, shape: number): void {
  const { coordinates, chainStart, boxes } = shapes;
  const first = shapes.shapeStart[shape] as number;
  const last = shapes.shapeStart[shape + 1] as number;
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = (chainStart[first] as number) * 2; i < (chainStart[last] as number) * 2; i += 2) {
    const x = coordinates[i] as number;
    const y = coordinates[i + 1] as number;
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  boxes[shape * 4] = minX;
  boxes[shape * 4 + 1] = minY;
  boxes[shape * 4 + 2] = maxX;
  boxes[shape * 4 + 3] = maxY;
  shapes.isBox[shape] = Number((minX === maxX && minY === maxY) || isRectangle(shapes, shape));
}

/** One closed ring of four corners, each on a corner of the box, with axis-parallel sides. */
function isRectangle({ coordinates, chainStart, chainKind, shapeStart, boxes }: Shapes, shape: number): boolean {
  const chain = shapeStart[shape] as number;
  if ((shapeStart[shape + 1] as number) - chain !== 1 || chainKind[chain] !== OUTER) return false;
  const start = (chainStart[chain] as number) * 2;
  if ((chainStart[chain + 1] as number) * 2 - start !== 10) return false;
  const [minX, minY, maxX, maxY] = boxes.subarray(shape * 4, shape * 4 + 4);
  if (minX === maxX || minY === maxY) return false;
  for (let i = start; i < start + 8; i += 2) {
    const x = coordinates[i] as number;
    const y = coordinates[i + 1] as number;
    if ((x !== minX && x !== maxX) || (y !== minY && y !== maxY)) return false;
    const movesX = x !== coordinates[i + 2];
    const movesY = y !== coordinates[i + 3];
    if (movesX === movesY) return false;
  }
  return coordinates[start] === coordinates[start + 8] && coordinates[start + 1] === coordinates[start + 9];
}

/** The GeoJSON geometry of a shape; null for a GeometryCollection, whose nesting the columns do not keep. */
export function geometryOf(shapes: Shapes, shape: number): GeoJSON.Geometry | null {
  const chains: GeoJSON.Position[][] = [];
  const kinds: number[] = [];
  for (let c = shapes.shapeStart[shape] as number; c < (shapes.shapeStart[shape + 1] as number); c += 1) {
    const chain: GeoJSON.Position[] = [];
    for (let v = shapes.chainStart[c] as number; v < (shapes.chainStart[c + 1] as number); v += 1)
      chain.push([shapes.coordinates[v * 2] as number, shapes.coordinates[v * 2 + 1] as number]);
    chains.push(chain);
    kinds.push(shapes.chainKind[c] as number);
  }
  const first = chains[0] ?? [];
  switch (GEOMETRY_TYPES[shapes.type[shape] as number]) {
    case "Point":
      return { type: "Point", coordinates: first[0] ?? [] };
    case "MultiPoint":
      return { type: "MultiPoint", coordinates: first };
    case "LineString":
      return { type: "LineString", coordinates: first };
    case "MultiLineString":
      return { type: "MultiLineString", coordinates: chains };
    case "Polygon":
      return { type: "Polygon", coordinates: chains };
    case "MultiPolygon": {
      const polygons: GeoJSON.Position[][][] = [];
      for (const [index, chain] of chains.entries()) {
        if (kinds[index] === OUTER) polygons.push([chain]);
        else polygons.at(-1)?.push(chain);
      }
      return { type: "MultiPolygon", coordinates: polygons };
    }
    default:
      return null;
  }
}

/** The shapes of a few geometries, in their order. */
export function shapesOf(geometries: readonly GeoJSON.Geometry[]): Shapes {
  const builder = new ShapeBuilder();
  for (const geometry of geometries) builder.add(geometry);
  return builder.finish(Uint32Array.from(geometries.keys()));
}
