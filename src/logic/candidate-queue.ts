import type { EntityTable } from "./entity-table.ts";
import { rankOf } from "./semantics.ts";
import type { Thing } from "./things.ts";

/** A bound is not taken for less than what rounding may have made of it. */
export const SLACK = 1e-12;

/** A candidate with the greatest rank that its truth can have. */
export interface Bounded {
  readonly thing: Thing;
  readonly rank: number;
}

/** Candidates by falling bound, ties by id; those whose bound is 0 are left out. */
export interface CandidateQueue {
  /** How many rows there are in all. */
  readonly size: number;
  pop(): Bounded | null;
}

function boundRank(bound: number): number {
  return rankOf(Math.min(1, bound + SLACK));
}

/** Given rows, each bounded beforehand: a binary heap, since only the first few are asked for as a rule. */
export class BoundedRows implements CandidateQueue {
  readonly size: number;
  readonly #things: Int32Array;
  readonly #ranks: Int32Array;
  readonly #idRank: Uint32Array;
  #length = 0;

  constructor(rows: Int32Array, bound: (thing: Thing) => number, idRank: Uint32Array) {
    this.size = rows.length;
    this.#things = new Int32Array(rows.length);
    this.#ranks = new Int32Array(rows.length);
    this.#idRank = idRank;
    for (const row of rows) {
      const upper = bound(row);
      if (upper === 0) continue;
      this.#things[this.#length] = row;
      this.#ranks[this.#length] = boundRank(upper);
      this.#length += 1;
    }
    for (let at = (this.#length >> 1) - 1; at >= 0; at -= 1) this.#sink(at);
  }

  pop(): Bounded | null {
    if (this.#length === 0) return null;
    const top = { thing: this.#things[0] as number, rank: this.#ranks[0] as number };
    this.#length -= 1;
    this.#things[0] = this.#things[this.#length] as number;
    this.#ranks[0] = this.#ranks[this.#length] as number;
    this.#sink(0);
    return top;
  }

  #isBefore(a: number, b: number): boolean {
    const [rankA, rankB] = [this.#ranks[a] as number, this.#ranks[b] as number];
    if (rankA !== rankB) return rankA > rankB;
    return (this.#idRank[this.#things[a] as number] as number) < (this.#idRank[this.#things[b] as number] as number);
  }

  #sink(from: number): void {
    let at = from;
    for (;;) {
      let first = at;
      const left = 2 * at + 1;
      if (left < this.#length && this.#isBefore(left, first)) first = left;
      if (left + 1 < this.#length && this.#isBefore(left + 1, first)) first = left + 1;
      if (first === at) return;
      this.#swap(at, first);
      at = first;
    }
  }

  #swap(a: number, b: number): void {
    for (const column of [this.#things, this.#ranks]) {
      const value = column[a] as number;
      column[a] = column[b] as number;
      column[b] = value;
    }
  }
}

/** All rows of some kinds, most confident first, bounded as they come: the kinds' own orders, merged. */
export class RowsByConfidence implements CandidateQueue {
  readonly size: number;
  readonly #table: EntityTable;
  readonly #bound: (thing: Thing) => number;
  readonly #lists: readonly Uint32Array[];
  readonly #next: Uint32Array;

  /** @param bound the same for all rows of one confidence, or 0, and no greater for a lesser confidence */
  constructor(kinds: readonly number[], bound: (thing: Thing) => number, table: EntityTable) {
    this.#table = table;
    this.#bound = bound;
    this.#lists = kinds.map((kind) => table.byConfidence(kind));
    this.#next = new Uint32Array(kinds.length);
    this.size = this.#lists.reduce((sum, list) => sum + list.length, 0);
  }

  pop(): Bounded | null {
    for (;;) {
      const thing = this.#pop();
      if (thing === null) return null;
      const bound = this.#bound(thing);
      if (bound > 0) return { thing, rank: boundRank(bound) };
    }
  }

  #pop(): Thing | null {
    const { confidence, idRank } = this.#table;
    let first = -1;
    let best: Thing = -1;
    for (let i = 0; i < this.#lists.length; i += 1) {
      const thing = this.#lists[i]?.[this.#next[i] as number];
      if (thing === undefined) continue;
      const order =
        first < 0
          ? 1
          : (confidence[thing] as number) - (confidence[best] as number) ||
            (idRank[best] as number) - (idRank[thing] as number);
      if (order <= 0) continue;
      first = i;
      best = thing;
    }
    if (first < 0) return null;
    this.#next[first] = (this.#next[first] as number) + 1;
    return best;
  }
}
