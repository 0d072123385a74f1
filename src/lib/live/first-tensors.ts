import { dropBatch, type Tensor, type WireTensor } from '#lib/base/tensor.ts';
import { dimsOf, type Graph } from '#lib/graph/index.ts';
import { familyOf } from '#lib/models/registry.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import type { FirstRequest } from '#lib/runtime/protocol.ts';
import type { TensorStore } from './tensor-store.svelte.ts';

/** Tensors from the worker with the names of their dimensions, a batch of one left out. */
export const named = (graph: Graph, tensors: readonly WireTensor[]): Tensor[] =>
  tensors.map((t) => dropBatch({ ...t, dims: dimsOf(graph, t.name) }));

/** While a model's weights are on their way: shows what the first of them tell already of the newest wish. */
export class FirstTensors {
  readonly #engine: Pick<Engine, 'first'>;
  readonly #store: TensorStore;
  readonly #key: string;
  /** The wish they were asked about last. */
  #asked = 0;

  constructor(engine: Pick<Engine, 'first'>, store: TensorStore, key: string) {
    this.#engine = engine;
    this.#store = store;
    this.#key = key;
  }

  /** Asks about a wish, once, where the family knows such tensors and one of them is wanted. */
  async ask(wish: number, request: FirstRequest, graph: Graph, signal: AbortSignal): Promise<void> {
    const store = this.#store;
    if (wish === this.#asked || store.generation > 0) return;
    const { tensors = [] } = familyOf(request.model.config.architecture).first ?? {};
    if (!store.wanted.some((name) => tensors.includes(name))) return;
    this.#asked = wish;
    store.clear();
    // What goes wrong goes wrong with the load as well, which says it.
    const answer = await this.#engine.first(request, { key: this.#key, signal }).catch(() => []);
    if (wish === this.#asked && wish === store.newest) store.showFirst(named(graph, answer));
  }

  /** They go where the load failed: their bytes were not checked. */
  forget(): void {
    this.#asked = 0;
    if (this.#store.generation === 0) this.#store.clear();
  }
}
