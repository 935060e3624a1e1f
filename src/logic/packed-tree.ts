const NODE_SIZE = 16;

/**
 * Static R-tree over a run of rows that already lie in the order of a Hilbert curve, so that the rows themselves are the
 * leaves and nothing is stored twice. Every inner node also keeps the greatest confidence below it: a search for the best
 * witness skips what cannot be better (an aggregate R-tree; Papadias et al., SSTD 2001).
 */
export class PackedTree {
  readonly #start: number;
  readonly #end: number;
  readonly #leafBoxes: Float64Array;
  readonly #confidence: Float64Array;
  /** Boxes and greatest confidences of the inner nodes, level by level from the leaves up. */
  readonly #boxes: readonly Float64Array[];
  readonly #greatest: readonly Float64Array[];

  /** @param boxes 4 a row; @param start first row; @param end one past the last */
  constructor(boxes: Float64Array, confidence: Float64Array, start: number, end: number) {
    this.#start = start;
    this.#end = end;
    this.#leafBoxes = boxes;
    this.#confidence = confidence;
    const levels: Float64Array[] = [];
    const greatest: Float64Array[] = [];
    let count = end - start;
    let below = boxes;
    let belowGreatest = confidence;
    let offset = start;
    while (count > 1) {
      const nodes = Math.ceil(count / NODE_SIZE);
      const nodeBoxes = new Float64Array(nodes * 4);
      const nodeGreatest = new Float64Array(nodes);
      for (let node = 0; node < nodes; node += 1) {
        let [minX, minY, maxX, maxY, most] = [Infinity, Infinity, -Infinity, -Infinity, 0];
        const last = Math.min(count, (node + 1) * NODE_SIZE);
        for (let child = node * NODE_SIZE; child < last; child += 1) {
          const at = (offset + child) * 4;
          minX = Math.min(minX, below[at] as number);
          minY = Math.min(minY, below[at + 1] as number);
          maxX = Math.max(maxX, below[at + 2] as number);
          maxY = Math.max(maxY, below[at + 3] as number);
          most = Math.max(most, belowGreatest[offset + child] as number);
        }
        nodeBoxes.set([minX, minY, maxX, maxY], node * 4);
        nodeGreatest[node] = most;
      }
      levels.push(nodeBoxes);
      greatest.push(nodeGreatest);
      below = nodeBoxes;
      belowGreatest = nodeGreatest;
      offset = 0;
      count = nodes;
    }
    this.#boxes = levels;
    this.#greatest = greatest;
  }

  /**
   * Visits the rows whose box lies within `reach` of a box, nearer than the window alone would tell.
   *
   * @param admits whether anything of at most this confidence is still wanted; asked for nodes and rows
   * @param visit called for a row; true ends the search
   * @returns whether `visit` ended it
   */
  visit(
    minX: number,
    minY: number,
    maxX: number,
    maxY: number,
    reach: number,
    admits: (confidence: number) => boolean,
    visit: (row: number) => boolean,
  ): boolean {
    if (this.#end <= this.#start) return false;
    const query = { minX, minY, maxX, maxY, squared: reach * reach, admits, visit };
    return this.#visitChildren(this.#boxes.length, 0, query);
  }

  /** Children of a node; the node above the topmost level has that level's one node as its child. */
  #visitChildren(level: number, node: number, query: TreeQuery): boolean {
    const isLeaf = level === 0;
    if (isLeaf) {
      const first = this.#start + node * NODE_SIZE;
      return this.#visitRows(first, Math.min(this.#end, first + NODE_SIZE), query);
    }
    const boxes = this.#boxes[level - 1] as Float64Array;
    const greatest = this.#greatest[level - 1] as Float64Array;
    const isTop = level === this.#boxes.length;
    const first = isTop ? 0 : node * NODE_SIZE;
    const last = isTop ? greatest.length : Math.min(greatest.length, first + NODE_SIZE);
    for (let child = first; child < last; child += 1) {
      if (!isNear(boxes, child, query) || !query.admits(greatest[child] as number)) continue;
      if (this.#visitChildren(level - 1, child, query)) return true;
    }
    return false;
  }

  #visitRows(first: number, last: number, query: TreeQuery): boolean {
    const boxes = this.#leafBoxes;
    const confidence = this.#confidence;
    for (let row = first; row < last; row += 1) {
      if (!isNear(boxes, row, query) || !query.admits(confidence[row] as number)) continue;
      if (query.visit(row)) return true;
    }
    return false;
  }
}

interface TreeQuery {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly squared: number;
  readonly admits: (confidence: number) => boolean;
  readonly visit: (row: number) => boolean;
}

function isNear(boxes: Float64Array, index: number, { minX, minY, maxX, maxY, squared }: TreeQuery): boolean {
  const at = index * 4;
  const dx = Math.max(0, minX - (boxes[at + 2] as number), (boxes[at] as number) - maxX);
  const dy = Math.max(0, minY - (boxes[at + 3] as number), (boxes[at + 1] as number) - maxY);
  return dx * dx + dy * dy <= squared;
}

/** Place along a Hilbert curve of 2^16 × 2^16 cells, for x and y in 0..65535. */
export function hilbertPlace(x: number, y: number): number {
  let d = 0;
  let px = x;
  let py = y;
  for (let side = 32768; side > 0; side >>= 1) {
    const rx = (px & side) > 0 ? 1 : 0;
    const ry = (py & side) > 0 ? 1 : 0;
    d += side * side * ((3 * rx) ^ ry);
    if (ry === 0) {
      if (rx === 1) {
        px = 65535 - px;
        py = 65535 - py;
      }
      const swapped = px;
      px = py;
      py = swapped;
    }
  }
  return d;
}
