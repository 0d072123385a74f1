import type { FaultRecord } from '#lib/base/errors.ts';
import { modelFolder } from '#lib/runtime/addresses.ts';
import { fetchTokenizer } from '#lib/runtime/fetch-tokenizer.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import type { EncodedText, Tokenizer } from '#lib/text/tokenizer.ts';
import type { LiveModel } from './live-model.svelte.ts';

/** The tokens of texts that a model reads. Its tokenizer is fetched once it is asked for. Everything is reactive. */
export class TextTokens {
  readonly #live: LiveModel;
  #tokenizer = $state.raw<Tokenizer>();
  #fault = $state.raw<FaultRecord>();
  #loading: Promise<void> | undefined;

  constructor(live: LiveModel) {
    this.#live = live;
  }

  /** Undefined until it has come. */
  get tokenizer(): Tokenizer | undefined {
    return this.#tokenizer;
  }
  /** Why it has not come; `load` tries again. */
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }

  /** Fetches the tokenizer, if it is neither here nor on its way. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Each text's row; undefined until the tokenizer is here. */
  rows(texts: readonly string[]): readonly EncodedText[] | undefined {
    const tokenizer = this.#tokenizer;
    return tokenizer && texts.map((text) => tokenizer.encode(text));
  }

  async #load(): Promise<void> {
    this.#fault = undefined;
    try {
      this.#tokenizer = await fetchTokenizer(modelFolder(this.#live.name), await this.#live.describe());
    } catch (error) {
      this.#fault = toRecord(error);
      this.#loading = undefined;
    }
  }
}
