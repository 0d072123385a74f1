/** A map bounded in count and bytes; what was used longest ago goes first, and is disposed of. */
export class Lru<V> {
  readonly #entries = new Map<string, { value: V; bytes: number }>();
  readonly #limits: { readonly count: number; readonly bytes: number };
  readonly #dispose: (value: V) => void;
  #bytes = 0;

  constructor(limits: { count: number; bytes: number }, dispose: (value: V) => void = () => {}) {
    this.#limits = limits;
    this.#dispose = dispose;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The value, now the most recently used. */
  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Values without touching their order. */
  *entries(): IterableIterator<[key: string, value: V]> {
    for (const [key, { value }] of this.#entries) yield [key, value];
  }

  /** Adds or replaces; older entries make room. The new one stays even if it alone is over the limit. */
  set(key: string, value: V, bytes: number): void {
    this.delete(key);
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    this.#shrink(this.#limits.count, this.#limits.bytes);
  }

  /** Makes room for `bytes` more before they are allocated. */
  reserve(bytes: number): void {
    this.#shrink(this.#limits.count, Math.max(0, this.#limits.bytes - bytes), 0);
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    this.#dispose(entry.value);
  }

  clear(): void {
    for (const key of [...this.#entries.keys()]) this.delete(key);
  }

  #shrink(count: number, bytes: number, keep = 1): void {
    for (const key of [...this.#entries.keys()]) {
      if (this.#entries.size <= keep || (this.#entries.size <= count && this.#bytes <= bytes)) return;
      this.delete(key);
    }
  }
}
