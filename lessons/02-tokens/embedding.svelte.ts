import { awaiting, setAwaited } from '#lib/base/awaited.svelte.ts';
import {
  answerPatterns,
  byValue,
  columnVariances,
  convolve,
  embedCounts,
  multiplyRows,
  rowVariances,
  tableAgainstMaps,
} from '#lib/analysis/embed.ts';
import { principalComponents, type Pca } from '#lib/analysis/pca.ts';
import { maxDifference } from '#lib/analysis/permute.ts';
import { column } from '#lib/analysis/similarity.ts';
import { inStretches } from '#lib/figures/draw/work.ts';
import { CONFIG } from '#lib/notebook/patch-shapes.ts';
import { SIDE } from '#lib/notebook/classifier-sizes.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { COMPONENTS, type TokensFields } from './state.ts';
import type { StateOf } from '#lib/state/schema.ts';

/** The embedding computed twice in the page. */
export interface Twice {
  /** By rows, `[N, D]`. */
  readonly product: Float32Array;
  /** By convolution, `[D, N]`. */
  readonly maps: Float32Array;
  readonly betweenThem: number;
  readonly toModel: number;
}

/** What the page needs of the picture. */
export interface EmbeddingWish {
  readonly state: StateOf<TokensFields>;
  /** The model's input `[3, S, S]`. */
  readonly input: Float32Array | undefined;
  /** The table of flattened patches `[N, P]` of the same input. */
  readonly patches: Float32Array | undefined;
}

/** The filters of the patch embedding, their principal components, what they answer to, and the embedding by hand. */
export class Embedding {
  readonly #wish: () => EmbeddingWish;
  readonly #live: LiveModel;
  #patterns = $state.raw<{ of: Float32Array; table: Float32Array }>();
  #pca = $state.raw<{ of: Float32Array; pca: Pca }>();
  #twice = $state.raw<{ of: Float32Array; twice: Twice }>();

  constructor(wish: () => EmbeddingWish, live: LiveModel) {
    this.#wish = wish;
    this.#live = live;
    $effect(() => {
      const { state } = wish();
      if (state.view === 'filters' && state.of === 'answers' && state.show !== 'twice')
        return this.#begin((signal) => this.#findPatterns(signal));
    });
    $effect(() => {
      const { state } = wish();
      const { table } = this;
      if (state.view !== 'filters' || state.show !== 'components' || !table) return;
      // A turn later, so that the page shows what was pressed before the eigenvectors take their time.
      setAwaited(this, true);
      const timer = setTimeout(() => {
        this.#pca = { of: table, pca: principalComponents(table, this.counts.values, { count: COMPONENTS }) };
        setAwaited(this, false);
      });
      return () => {
        clearTimeout(timer);
        setAwaited(this, false);
      };
    });
    $effect(() => {
      const { state } = wish();
      if (state.view === 'filters' && state.show === 'twice')
        return this.#begin((signal) => this.#count(signal));
    });
  }

  #begin(work: (signal: AbortSignal) => Promise<void>): () => void {
    const stop = new AbortController();
    void awaiting(() => work(stop.signal));
    return () => stop.abort();
  }

  get sizes() {
    return { image: SIDE, patch: this.#wish().state.p, dim: CONFIG.dim };
  }
  get counts() {
    return embedCounts(this.sizes);
  }
  /** `[D, P]`, when it belongs to the present patch size. */
  readonly kernel = $derived.by(() => {
    const kernel = this.#live.tensors.get('patch_embed.proj.weight');
    return kernel?.data.length === CONFIG.dim * this.counts.values ? kernel.data : undefined;
  });
  /** `[N, D]`, when it belongs to the present patch size. */
  readonly responses = $derived.by(() => {
    const found = this.#live.tensors.get('patch_embed');
    return found?.data.length === CONFIG.dim * this.counts.patches ? found.data : undefined;
  });
  get bias(): Float32Array | undefined {
    return this.#live.tensors.get('patch_embed.proj.bias')?.data;
  }
  readonly weightVariances = $derived.by(() => this.kernel && rowVariances(this.kernel, this.counts.values));
  readonly answerVariances = $derived.by(() => this.responses && columnVariances(this.responses, CONFIG.dim));
  /** Filters in the order they are drawn in. */
  readonly sorted = $derived.by(() => {
    const { sort } = this.#wish().state;
    const by =
      sort === 'answers' ? this.answerVariances : sort === 'weights' ? this.weightVariances : undefined;
    return by ? byValue(by) : Array.from({ length: CONFIG.dim }, (_, i) => i);
  });
  /** `[D, P]`: the weights, or what they answer to in this picture. */
  readonly table = $derived.by(() => {
    if (this.#wish().state.of === 'weights') return this.kernel;
    return this.#patterns && this.#patterns.of === this.responses ? this.#patterns.table : undefined;
  });
  get pca(): Pca | undefined {
    return this.#pca && this.#pca.of === this.table ? this.#pca.pca : undefined;
  }
  get twice(): Twice | undefined {
    return this.#twice && this.#twice.of === this.responses ? this.#twice.twice : undefined;
  }

  /** What filter `k` answers at every patch `[N]`. */
  response(k: number): Float32Array | undefined {
    return this.responses && column(this.responses, CONFIG.dim, k);
  }
  /** How much of component `c` every patch holds `[N]`: its row, less the mean row, times the component. */
  projection(c: number): Float32Array | undefined {
    const { patches } = this.#wish();
    const { pca } = this;
    if (!patches || !pca || c >= pca.count) return undefined;
    const { values } = this.counts;
    const dots = Float64Array.from({ length: patches.length / values }, (_, n) => {
      let sum = 0;
      for (let i = 0; i < values; i++) sum += patches[n * values + i]! * pca.components[c * values + i]!;
      return sum;
    });
    const mean = dots.reduce((a, b) => a + b, 0) / dots.length;
    return Float32Array.from(dots, (v) => v - mean);
  }

  async #findPatterns(signal: AbortSignal): Promise<void> {
    const { patches } = this.#wish();
    const { responses } = this;
    if (!patches || !responses) return;
    const { values } = this.counts;
    const table = new Float32Array(CONFIG.dim * values);
    const done = await inStretches(
      CONFIG.dim,
      (a, b) => answerPatterns(patches, responses, { values, dim: CONFIG.dim }, table, a, b),
      { stretch: 8, signal },
    );
    if (done) this.#patterns = { of: responses, table };
  }

  async #count(signal: AbortSignal): Promise<void> {
    const { patches, input } = this.#wish();
    const { responses, kernel, bias, sizes, counts } = this;
    if (!patches || !input || !responses || !kernel || !bias) return;
    const product = new Float32Array(responses.length);
    const maps = new Float32Array(responses.length);
    const rows = await inStretches(
      counts.patches,
      (a, b) => multiplyRows(patches, kernel, bias, sizes, product, a, b),
      { stretch: Math.max(1, Math.round(4000 / counts.values)), signal },
    );
    const planes =
      rows &&
      (await inStretches(CONFIG.dim, (a, b) => convolve(input, kernel, bias, sizes, maps, a, b), {
        stretch: 6,
        signal,
      }));
    if (!planes) return;
    const twice = {
      product,
      maps,
      betweenThem: tableAgainstMaps(product, maps, CONFIG.dim),
      toModel: maxDifference(product, responses, CONFIG.dim),
    };
    this.#twice = { of: responses, twice };
  }
}
