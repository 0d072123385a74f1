import type { Tensor } from '../tensor.ts';

/**
 * The tensors on screen. Figures read by name and say what they want; the model behind shows results, all tensors of
 * one generation at once. What nobody wants is kept while the budget lasts, least recently seen dropped first.
 */
export class TensorStore {
  #shown = $state.raw<ReadonlyMap<string, Tensor>>(new Map());
  #generation = $state(0);
  #pending = $state(false);
  readonly #wants = new Map<string, number>();
  /** Names in the order they were last seen, oldest first. */
  readonly #seen = new Set<string>();
  readonly #budget: number;
  readonly #onwants: () => void;

  /** `budget` bounds the bytes of what is kept unwanted; `onwants` hears of names that weren't wanted before. */
  constructor(options: { budget?: number; onwants?: () => void } = {}) {
    this.#budget = options.budget ?? 128e6;
    this.#onwants = options.onwants ?? (() => {});
  }

  /** Reactive. The newest shown tensor of that name, batch dropped; undefined until one has arrived. */
  get(name: string): Tensor | undefined {
    const tensor = this.#shown.get(name);
    if (tensor) this.#touch(name);
    return tensor;
  }

  /** Asks for a tensor until the returned function is called. */
  want(name: string): () => void {
    const count = this.#wants.get(name) ?? 0;
    this.#wants.set(name, count + 1);
    this.#touch(name);
    if (count === 0) this.#onwants();
    let done = false;
    return () => {
      if (done) return;
      done = true;
      const left = (this.#wants.get(name) ?? 1) - 1;
      if (left > 0) this.#wants.set(name, left);
      else this.#wants.delete(name);
    };
  }

  /** Reactive. A newer result is being computed; what is shown is the one before. */
  get pending(): boolean {
    return this.#pending;
  }

  /** Reactive. Counts the wishes; tells of which one the shown tensors are. 0: none yet. */
  get generation(): number {
    return this.#generation;
  }

  /** Reactive. Bytes of the shown tensors. */
  get bytes(): number {
    let bytes = 0;
    for (const t of this.#shown.values()) bytes += t.data.byteLength;
    return bytes;
  }

  /** Names somebody wants now, sorted. */
  get wanted(): string[] {
    return [...this.#wants.keys()].sort();
  }

  /** Wanted names that `generation` has no tensor of yet. */
  missing(generation: number): string[] {
    return this.wanted.filter((name) => generation !== this.#generation || !this.#shown.has(name));
  }

  set pending(value: boolean) {
    this.#pending = value;
  }

  /** Shows results. Of a new generation they replace everything; of the present one they join it. Older ones are ignored. */
  show(generation: number, tensors: readonly Tensor[]): void {
    if (generation < this.#generation) return;
    const next = new Map(generation === this.#generation ? this.#shown : []);
    for (const t of tensors) {
      next.set(t.name, t);
      this.#touch(t.name);
    }
    this.#trim(next);
    this.#generation = generation;
    this.#shown = next;
  }

  /** Forgets what is shown; wants stay. */
  clear(): void {
    this.#shown = new Map();
  }

  #touch(name: string): void {
    this.#seen.delete(name);
    this.#seen.add(name);
  }

  #trim(tensors: Map<string, Tensor>): void {
    let bytes = 0;
    for (const t of tensors.values()) bytes += t.data.byteLength;
    for (const name of [...this.#seen]) {
      const tensor = tensors.get(name);
      if (!tensor) {
        if (!this.#wants.has(name)) this.#seen.delete(name);
      } else if (bytes > this.#budget && !this.#wants.has(name)) {
        tensors.delete(name);
        this.#seen.delete(name);
        bytes -= tensor.data.byteLength;
      }
    }
  }
}
