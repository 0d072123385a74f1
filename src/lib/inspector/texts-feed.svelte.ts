import type { FaultRecord } from '#lib/base/errors.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { TextTokens } from '#lib/live/text-tokens.svelte.ts';
import type { EncodedText, Tokenizer } from '#lib/text/tokenizer.ts';
import { keeper } from './lookup.ts';

/** What is read: the opened model, and the reader's texts. */
interface Asked {
  readonly live: LiveModel;
  readonly texts: readonly string[];
}

/** The reader's texts as the opened model is fed them; nothing for a model that reads none. */
export class TextsFeed {
  readonly #asked: () => Asked | undefined;
  readonly #kept = keeper<TextTokens>();

  /** Make it while the component is made. @param asked reactive */
  constructor(asked: () => Asked | undefined) {
    this.#asked = asked;
    $effect(() => void this.#tokens?.load());
  }

  readonly #tokens: TextTokens | undefined = $derived.by(() => {
    const live = this.#asked()?.live;
    return live && this.#kept(live.name, () => new TextTokens(live));
  });
  get tokenizer(): Tokenizer | undefined {
    return this.#tokens?.tokenizer;
  }
  /** Why the tokenizer has not come. */
  get fault(): FaultRecord | undefined {
    return this.#tokens?.fault;
  }
  retry(): void {
    void this.#tokens?.load();
  }
  /** A row for each text; undefined until the tokenizer is here. */
  readonly rows: readonly EncodedText[] | undefined = $derived.by(() =>
    this.#tokens?.rows(this.#asked()?.texts ?? []),
  );
}
