import type { Tensor } from '#lib/base/tensor.ts';

/**
 * The bookkeeping behind a TensorStore: who wants what, what was seen last, and what stays when a result comes.
 * Plain data, not reactive.
 */
export class Shelf {
  readonly #wants = new Map<string, number>();
  /** Names in the order they were last seen, oldest first. */
  readonly #seen = new Set<string>();
  readonly #budget: number;

  /** `budget` bounds, in bytes, what is kept when nobody wants it; wanted tensors always stay. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** Names somebody wants now, sorted. */
  get wanted(): string[] {
    return [...this.#wants.keys()].sort();
  }

  /** One more who wants it; true if it is the first. */
  add(name: string): boolean {
    const count = this.#wants.get(name) ?? 0;
    this.#wants.set(name, count + 1);
    this.touch(name);
    return count === 0;
  }

  remove(name: string): void {
    const left = (this.#wants.get(name) ?? 1) - 1;
    if (left > 0) this.#wants.set(name, left);
    else this.#wants.delete(name);
  }

  touch(name: string): void {
    this.#seen.delete(name);
    this.#seen.add(name);
  }

  /** What is on the shelf after `tensors` came to what stays of `before`; over the budget, the least recently seen go. */
  stack(before: ReadonlyMap<string, Tensor>, tensors: readonly Tensor[]): ReadonlyMap<string, Tensor> {
    const next = new Map(before);
    for (const t of tensors) {
      next.set(t.name, t);
      this.touch(t.name);
    }
    let bytes = bytesOf(next);
    for (const name of [...this.#seen]) {
      const tensor = next.get(name);
      if (this.#wants.has(name) || (tensor && bytes <= this.#budget)) continue;
      next.delete(name);
      this.#seen.delete(name);
      bytes -= tensor?.data.byteLength ?? 0;
    }
    return next;
  }
}

/** Nothing on the shelf. */
export const EMPTY: ReadonlyMap<string, Tensor> = new Map();

/** Bytes of some tensors' values. */
export function bytesOf(tensors: ReadonlyMap<string, Tensor>): number {
  let bytes = 0;
  for (const t of tensors.values()) bytes += t.data.byteLength;
  return bytes;
}
