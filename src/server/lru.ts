/** Keeps byte buffers up to a total size; the ones used longest ago go first. */
export class ByteCache {
  readonly #entries = new Map<string, Uint8Array | null>();
  readonly #capacity: number;
  #size = 0;

  constructor(capacityBytes: number) {
    this.#capacity = capacityBytes;
  }

  /** The held value (null is a held "nothing"), or undefined. */
  get(key: string): Uint8Array | null | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  set(key: string, value: Uint8Array | null): void {
    this.#drop(key);
    this.#size += cost(value);
    this.#entries.set(key, value);
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#capacity) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const held = this.#entries.get(key);
    if (held === undefined) return;
    this.#entries.delete(key);
    this.#size -= cost(held);
  }
}

/** Bytes that an entry counts for: its own and about as many as its key and slot take. */
function cost(value: Uint8Array | null): number {
  return (value?.length ?? 0) + 64;
}
