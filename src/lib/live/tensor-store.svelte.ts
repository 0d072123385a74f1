import { setAwaited } from '#lib/base/awaited.svelte.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import { bytesOf, EMPTY, Shelf } from './shelf.ts';

/**
 * The tensors on screen. Figures read by name and say what they want; the model behind shows results, all tensors of
 * one generation at once. What nobody wants any more is kept while the budget lasts, least recently seen dropped first.
 */
export class TensorStore {
  #shown = $state.raw(EMPTY);
  #generation = $state(0);
  #newest = $state(0);
  #pending = $state(false);
  readonly #shelf: Shelf;
  readonly #onwants: () => void;

  /** `budget` bounds the bytes of what is kept unwanted; `onwants` hears of names that weren't wanted before. */
  constructor(options: { budget?: number; onwants?: () => void } = {}) {
    this.#shelf = new Shelf(options.budget ?? 128e6);
    this.#onwants = options.onwants ?? (() => {});
  }

  /** Reactive. The newest shown tensor of that name, batch dropped; undefined until one has arrived. */
  get(name: string): Tensor | undefined {
    const tensor = this.#shown.get(name);
    if (tensor) this.#shelf.touch(name);
    return tensor;
  }

  /** Asks for a tensor until the returned function is called. */
  want(name: string): () => void {
    if (this.#shelf.add(name)) this.#onwants();
    let wanted = true;
    return () => {
      if (wanted) this.#shelf.remove(name);
      wanted = false;
    };
  }

  /** Reactive. A newer result is being computed; what is shown is the one before. */
  get pending(): boolean {
    return this.#pending;
  }
  set pending(value: boolean) {
    this.#pending = value;
    setAwaited(this, value);
  }

  /** Reactive. Which wish the shown tensors answer; wishes count up. 0: none yet. */
  get generation(): number {
    return this.#generation;
  }

  /** Reactive. The newest wish; set by the model behind. */
  get newest(): number {
    return this.#newest;
  }
  set newest(wish: number) {
    this.#newest = wish;
  }

  /** Reactive. Tensors are shown, and they answer an older wish than the newest. */
  get stale(): boolean {
    return this.#generation > 0 && this.#shown.size > 0 && this.#generation < this.#newest;
  }

  /** Reactive. The shown tensors' names. */
  get names(): string[] {
    return [...this.#shown.keys()];
  }

  /** Reactive. Bytes of the shown tensors. */
  get bytes(): number {
    return bytesOf(this.#shown);
  }

  /** Names somebody wants now, sorted. */
  get wanted(): string[] {
    return this.#shelf.wanted;
  }

  /** Wanted names that `generation` has no tensor of yet. */
  missing(generation: number): string[] {
    return this.wanted.filter((name) => generation !== this.#generation || !this.#shown.has(name));
  }

  /** Shows results. Of a new generation they replace everything; of the present one they join it. Older ones are ignored. */
  show(generation: number, tensors: readonly Tensor[]): void {
    if (generation < this.#generation) return;
    this.#shown = this.#shelf.stack(generation === this.#generation ? this.#shown : EMPTY, tensors);
    this.#generation = generation;
  }

  /** Shows what is known before the first results: it is of no generation, and whatever comes takes its place. */
  showFirst(tensors: readonly Tensor[]): void {
    if (this.#generation === 0) this.#shown = this.#shelf.stack(EMPTY, tensors);
  }

  /** Forgets what is shown; wants stay. */
  clear(): void {
    this.#shown = EMPTY;
  }
}
