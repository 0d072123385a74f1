import { fileHref } from '#lib/base/paths.ts';
import { preprocess } from '#lib/images/index.ts';
import { loadEmojiAtlas, type EmojiAtlas } from './emoji.ts';
import type { Telling } from './followed.svelte.ts';
import { SignSheet, whole } from './sign-sheet.svelte.ts';
import { pixelSpec, SmallPicture } from './small.svelte.ts';

/** What names it in the state: a picture's id, and the id of a sign that stands in its place where it is not empty. */
interface Named {
  pic: string;
  sign: string;
}

/**
 * What an autoencoder is fed: the reader's or the gallery's picture, or a sign of the atlas on white, `[3, S, S]` in
 * −1 … 1. The atlas is fetched once a sign is asked for. Make it while the lesson's room is made. Reactive.
 */
export class PictureOrSign {
  readonly small: SmallPicture;
  readonly sheet = new SignSheet();
  readonly #state: Named;
  #atlas = $state.raw<EmojiAtlas>();

  constructor(page: Telling, state: Named, side: number) {
    this.#state = state;
    this.small = new SmallPicture(page, state, side);
    $effect(() => {
      if (state.sign) void this.loadSigns();
    });
  }

  /** Fetches the signs, once. */
  async loadSigns(): Promise<void> {
    this.#atlas ??= await loadEmojiAtlas(fetch, fileHref('emoji/emoji.json')).catch(() => undefined);
    if (this.#atlas) await this.sheet.load(this.#atlas);
  }
  /** The list of signs, once a sign was asked for. */
  get atlas(): EmojiAtlas | undefined {
    return this.#atlas;
  }
  /** `[3, S, S]`; undefined until it is here. */
  readonly x: Float32Array | undefined = $derived.by(() => {
    const { sign } = this.#state;
    return sign ? this.signPicture(sign) : this.small.x0;
  });
  /** A sign of the atlas on white; undefined before its pixels are here. */
  signPicture(sign: string): Float32Array | undefined {
    const { side } = this.small;
    const drawn = this.sheet.ready ? this.sheet.picture(whole(sign), side) : undefined;
    return drawn && preprocess(drawn, pixelSpec(side));
  }
}
