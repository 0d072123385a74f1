import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { awaiting } from '#lib/base/awaited.svelte.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { TextTokens } from '#lib/live/text-tokens.svelte.ts';
import { TOKENS } from '#lib/models/clip/graph.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import { WantedTexts } from './wanted-texts.ts';

/** Texts of one pass: one session serves lists of any length, the last pass of a list filled up with empty texts. */
export const TEXTS_AT_ONCE = 8;
/** Embeddings kept that nobody wants any more. */
const MOST_KEPT = 512;
const OUTPUT = 'text.embedding';

/**
 * Embeddings of any texts, each of length 1, by the text itself: what is wanted is computed in passes of eight beside
 * what the stage shows, and kept. What is no longer wanted is not computed. Everything is reactive.
 */
export class TextEmbeddings {
  readonly #live: LiveModel;
  readonly #tokens: TextTokens;
  readonly #known = new SvelteMap<string, Float32Array>();
  readonly #wanted = new WantedTexts();
  #busy = $state(false);
  #fault = $state.raw<FaultRecord>();
  #stop: AbortController | undefined;

  constructor(live: LiveModel, tokens: TextTokens) {
    this.#live = live;
    this.#tokens = tokens;
  }

  /** `[E]` of length 1; undefined until it has been computed. */
  get(text: string): Float32Array | undefined {
    return this.#known.get(text);
  }
  /** The embeddings of all the texts, in their order; undefined until the last one is there. */
  all(texts: readonly string[]): readonly Float32Array[] | undefined {
    const found = texts.flatMap((text) => this.#known.get(text) ?? []);
    return found.length === texts.length ? found : undefined;
  }
  get busy(): boolean {
    return this.#busy;
  }
  /** Why the last pass failed; `retry` tries again. */
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }

  /**
   * Asks for the embeddings of these texts until the returned function is called. In an effect:
   * `$effect(() => vm.texts.want(labels))`.
   */
  want(texts: readonly string[]): () => void {
    this.#wanted.add(texts);
    untrack(() => void this.#compute());
    return () => {
      this.#wanted.remove(texts);
      if (this.#wanted.size === 0) this.#stop?.abort();
    };
  }

  /** After a fault. */
  async retry(): Promise<void> {
    this.#fault = undefined;
    await this.#live.retry();
    await this.#compute();
  }

  async #compute(): Promise<void> {
    if (this.#busy || this.#next().length === 0) return;
    this.#busy = true;
    const stop = (this.#stop = new AbortController());
    try {
      await awaiting(async () => {
        for (let texts = this.#next(); texts.length > 0; texts = this.#next()) {
          // Who wants them may have gone, and come again for others.
          if (!(await this.#pass(texts, stop.signal))) return;
        }
      });
      this.#fault = undefined;
    } catch (error) {
      const fault = toRecord(error);
      if (fault.code !== 'cancelled') this.#fault = fault;
    } finally {
      this.#busy = false;
    }
    if (stop.signal.aborted && this.#next().length > 0) await this.#compute();
  }

  /** The next texts to compute, eight at the most. */
  #next(): readonly string[] {
    return this.#wanted.missing((text) => this.#known.has(text), TEXTS_AT_ONCE);
  }

  /** False where model or tokenizer cannot be had: their own faults say why. */
  async #pass(texts: readonly string[], signal: AbortSignal): Promise<boolean> {
    if (!(await this.#live.load())) return false;
    await this.#tokens.load();
    const padded = Array.from({ length: TEXTS_AT_ONCE }, (_, i) => texts[i] ?? '');
    const rows = this.#tokens.rows(padded);
    if (!rows) return false;
    const inputs = { [TOKENS]: Float32Array.from(rows.flatMap((row) => row.ids)) };
    const asked = { inputs, outputs: [OUTPUT], variant: { texts: TEXTS_AT_ONCE } };
    const { tensors } = await this.#live.pass(asked, { signal });
    const data = tensors[0]?.data;
    if (!data) return false;
    const width = data.length / TEXTS_AT_ONCE;
    for (const [i, text] of texts.entries()) this.#known.set(text, data.slice(i * width, (i + 1) * width));
    this.#forget();
    return true;
  }

  #forget(): void {
    for (const text of this.#known.keys()) {
      if (this.#known.size <= MOST_KEPT) return;
      if (!this.#wanted.has(text)) this.#known.delete(text);
    }
  }
}
