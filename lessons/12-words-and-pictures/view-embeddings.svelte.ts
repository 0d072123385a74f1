import { untrack } from 'svelte';
import { similarityMatrix, type Matrix } from '#lib/analysis/contrast.ts';
import { awaiting } from '#lib/base/awaited.svelte.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { PICTURE } from '#lib/models/clip/graph.ts';
import { toRecord } from '#lib/runtime/protocol.ts';

const OUTPUT = 'visual.embedding';

/** Cosines of a set of views, and the views they are of. */
export interface ViewCosines<V> {
  readonly of: V;
  /** `[n, n]` of the picture tower’s embeddings. */
  readonly cosines: Matrix;
}

/** What is asked: pictures as the model takes them, and what goes with the answer. */
export interface ViewsAsked<V> {
  readonly of: V;
  /** `[n, 3, S, S]`, flat. */
  readonly x: Float32Array;
  readonly count: number;
}

/**
 * Embeddings of several pictures at once, beside what the stage shows; the newest wish wins, and the old answer stays
 * until the new one is there. Everything is reactive.
 */
export class ViewEmbeddings<V> {
  readonly #live: LiveModel;
  #shown = $state.raw<ViewCosines<V>>();
  #fault = $state.raw<FaultRecord>();
  #busy = $state(false);
  #wish: ViewsAsked<V> | undefined;
  #stop: AbortController | undefined;

  constructor(live: LiveModel) {
    this.#live = live;
  }

  get shown(): ViewCosines<V> | undefined {
    return this.#shown;
  }
  get busy(): boolean {
    return this.#busy;
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }

  /** Asks for these pictures. In an effect: it reads nothing that would make it run again. */
  ask(wish: ViewsAsked<V>): void {
    this.#wish = wish;
    untrack(() => void this.#compute());
  }
  /** After a fault. */
  async retry(): Promise<void> {
    this.#fault = undefined;
    await this.#live.retry();
    await this.#compute();
  }
  /** Stops what is under way; for the end of the component. */
  end(): void {
    this.#wish = undefined;
    this.#stop?.abort();
  }

  async #compute(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    const stop = (this.#stop = new AbortController());
    try {
      await awaiting(async () => {
        if (!(await this.#live.load())) return;
        for (let wish = this.#wish; wish; wish = this.#wish === wish ? undefined : this.#wish) {
          const { of, x, count } = wish;
          const asked = { inputs: { [PICTURE]: x }, outputs: [OUTPUT], batch: count };
          const { tensors } = await this.#live.pass(asked, { signal: stop.signal });
          const data = tensors[0]?.data;
          if (data) this.#shown = { of, cosines: similarityMatrix(data, data, data.length / count) };
        }
      });
      this.#fault = undefined;
    } catch (error) {
      const fault = toRecord(error);
      if (fault.code !== 'cancelled') this.#fault = fault;
    } finally {
      this.#busy = false;
    }
  }
}
