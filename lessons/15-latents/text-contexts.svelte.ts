import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { awaiting } from '#lib/base/awaited.svelte.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import { contextOf } from '#lib/diffusion/sampler/text-context.ts';
import type { TextContext } from '#lib/diffusion/sampler/spec.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { TextTokens } from '#lib/live/text-tokens.svelte.ts';
import { TOKENS, type CLIPConfig } from '#lib/models/clip/graph.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import { DENOISER_CONFIG } from './model.ts';

/** What the text tower says of a text, token by token. */
export const FEATURES = 'text.last_hidden_state';
const DENOISER = { architecture: 'uvit', config: DENOISER_CONFIG } as const;

/**
 * Features of texts as the denoiser is told them, `[L, D]` each, kept by the text. `ask` for texts in an effect, read
 * them with `of` and `context`. Everything is reactive.
 */
export class TextContexts {
  readonly #text: LiveModel<CLIPConfig>;
  readonly #tokens: TextTokens;
  readonly #known = new SvelteMap<string, Float32Array>();
  #asked: readonly string[] = [];
  #fault = $state.raw<FaultRecord>();

  constructor(text: LiveModel<CLIPConfig>, tokens: TextTokens) {
    this.#text = text;
    this.#tokens = tokens;
  }

  /** Why features have not come; asking again tries again. */
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }
  /** Features of a text's first L tokens, `[L, D]`; undefined until they are here. */
  of(text: string): Float32Array | undefined {
    return this.#known.get(text);
  }
  /** Features of one text beside those of the empty text; undefined until both are here. */
  context(text: string): TextContext | undefined {
    const [told, empty] = [this.of(text), this.of('')];
    return told && empty && { told, empty };
  }
  /** Asks for the features of texts, and of the empty one. In an effect, so that they come once the tokenizer is here. */
  ask(texts: readonly string[]): void {
    const { tokenizer } = this.#tokens;
    if (!tokenizer) return;
    untrack(() => {
      const wanted = ['', ...texts].filter((text) => !this.#known.has(text) && !this.#asked.includes(text));
      const once = wanted.filter((text, i) => wanted.indexOf(text) === i);
      if (once.length > 0) void this.#fetch(once);
    });
  }

  /** One text a pass, beside the empty one: the session that a painting of one picture uses. */
  async #fetch(wanted: readonly string[]): Promise<void> {
    this.#asked = [...this.#asked, ...wanted];
    this.#fault = undefined;
    try {
      await awaiting(async () => {
        for (const text of wanted) {
          const rows = this.#tokens.rows([text, '']);
          if (!rows) return;
          const { tensors } = await this.#text.pass({
            inputs: { [TOKENS]: Float32Array.from(rows.flatMap(({ ids }) => ids)) },
            outputs: [FEATURES],
            variant: { texts: rows.length },
          });
          const features = tensors[0];
          if (features) this.#known.set(text, contextOf(features, DENOISER).told);
        }
      });
    } catch (error) {
      this.#fault = toRecord(error);
    } finally {
      this.#asked = this.#asked.filter((text) => !wanted.includes(text));
    }
  }
}
