import type { FaultRecord } from '#lib/base/errors.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import type { ShownAttention } from './attention.ts';

/** The patches a window of `side` × `side` around patch n covers, as far as they lie in the grid. */
export function windowAround(n: number, grid: number, side: number): number[] {
  const reach = (side - 1) / 2;
  const [row, col] = [Math.floor(n / grid), n % grid];
  const found: number[] = [];
  for (let r = Math.max(0, row - reach); r <= Math.min(grid - 1, row + reach); r++)
    for (let c = Math.max(0, col - reach); c <= Math.min(grid - 1, col + reach); c++)
      found.push(r * grid + c);
  return found;
}

/**
 * The occlusion map of the likeliest class (after Zeiler & Fergus 2014, §4.2, with patches taken out of attention in
 * place of a grey square): one forward pass a patch, each with a window of tokens masked. Starts and stops at the
 * reader's word; another picture, patch size or window clears it.
 */
export class Occlusion {
  /** By how much the probability falls, `[N]`; NaN where the pass is still to come. */
  #map = $state.raw<Float32Array>();
  #grid = $state(0);
  #done = $state(0);
  #running = $state(false);
  #fault = $state.raw<FaultRecord>();
  #target = $state(-1);
  #before = $state(NaN);
  #ms = $state(0);
  #stop: AbortController | undefined;
  readonly #shown: ShownAttention;

  constructor(shown: ShownAttention) {
    this.#shown = shown;
    $effect(() => {
      void [shown.seen.input, shown.state.p, shown.state.win];
      return () => this.clear();
    });
    $effect(() => {
      if (shown.state.view !== 'break' || shown.state.cut !== 'occlude') this.cancel();
    });
  }

  get map(): Tensor | undefined {
    return this.#map && { name: 'probs', shape: [this.#grid, this.#grid], dims: ['H', 'W'], data: this.#map };
  }
  get total(): number {
    return this.#map?.length ?? this.#shown.seen.geometry.count;
  }
  get done(): number {
    return this.#done;
  }
  get running(): boolean {
    return this.#running;
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }
  /** Index of the class whose probability is watched, and what it was with every patch there. */
  get target(): number {
    return this.#target;
  }
  get before(): number {
    return this.#before;
  }
  /** Milliseconds until the last pass, from the mean of those done; undefined before the first. */
  get left(): number | undefined {
    return this.#running && this.#done > 0 ? (this.#ms / this.#done) * (this.total - this.#done) : undefined;
  }

  clear(): void {
    this.cancel();
    this.#map = undefined;
    this.#done = 0;
    this.#fault = undefined;
  }
  cancel(): void {
    this.#stop?.abort();
    this.#running = false;
  }

  /** Goes on where it was stopped. */
  async start(): Promise<void> {
    const { live, seen, state } = this.#shown;
    const probs = live.tensors.get('probs');
    const input = seen.input;
    if (this.#running || !probs || !input || !this.#shown.current) return;
    const stop = (this.#stop = new AbortController());
    const patch = state.p;
    const side = Number(state.win);
    const grid = seen.geometry.rows;
    if (!this.#map || this.#done >= this.total) {
      this.#grid = grid;
      this.#map = new Float32Array(grid * grid).fill(NaN);
      this.#done = 0;
      this.#ms = 0;
      this.#target = probs.data.reduce((best, v, i) => (v > probs.data[best]! ? i : best), 0);
      this.#before = probs.data[this.#target]!;
    }
    this.#running = true;
    this.#fault = undefined;
    try {
      for (let n = this.#done; n < grid * grid; n++) {
        const began = performance.now();
        const token_mask = new Float32Array(1 + grid * grid).fill(1);
        for (const m of windowAround(n, grid, side)) token_mask[1 + m] = 0;
        const { tensors } = await live.pass(
          {
            variant: { patch },
            outputs: ['probs'],
            inputs: { x: input, token_mask },
            interventions: true,
          },
          { signal: stop.signal },
        );
        if (stop.signal.aborted) return;
        const map: Float32Array = new Float32Array(grid * grid).fill(NaN);
        if (this.#map) map.set(this.#map);
        map[n] = this.#before - tensors[0]!.data[this.#target]!;
        this.#map = map;
        this.#done = n + 1;
        this.#ms += performance.now() - began;
      }
    } catch (error) {
      if (!stop.signal.aborted) this.#fault = toRecord(error);
    } finally {
      if (this.#stop === stop) this.#running = false;
    }
  }
}
