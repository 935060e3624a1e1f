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
    this.#size += (value?.length ?? 0) + 64;
    this.#entries.set(key, value);
    for (const [oldest, held] of this.#entries) {
      if (this.#size <= this.#capacity) break;
      this.#entries.delete(oldest);
      this.#size -= (held?.length ?? 0) + 64;
    }
  }
}
