import { untrack } from 'svelte';
import type { Text } from '#lib/base/lang.ts';
import type { LinkProblem } from '#lib/state/permalink.ts';
import { galleryPicture, OWN } from './gallery.ts';
import { firstPicture, ShownPicture } from './shown.svelte.ts';

const NOT_YOURS: Text = {
  en: 'The link was made with a picture of the sender’s own, which has never left their browser. Here is one of the gallery instead.',
  zh: '这个链接用的是发送者自己的图片，它从未离开过对方的浏览器。这里先换成图库里的一张。',
};

/** A page that tells what of its link it could not use. */
export interface Telling {
  problems: readonly LinkProblem[];
}

/**
 * The picture a page's state names in `field` (`pic`: an id of the gallery, or `own`), decoded. An id that is no picture
 * is replaced by the first of the gallery, and the link note says so. Make it while the page's parts are made (it opens
 * an effect).
 */
export class FollowedPicture<F extends string = 'pic'> {
  readonly picture = new ShownPicture();
  readonly #page: Telling;
  readonly #state: Record<F, string>;
  readonly #field: F;

  /** @param wanted false while nobody looks at this picture: it is not fetched then */
  constructor(
    page: Telling,
    state: Record<F, string>,
    field: F = 'pic' as F,
    wanted: () => boolean = () => true,
  ) {
    this.#page = page;
    this.#state = state;
    this.#field = field;
    $effect(() => {
      if (!wanted()) return;
      const id = state[field];
      // Only a new wish shows a picture: a file just taken is shown before the state says so.
      untrack(() => void this.#show(id));
    });
  }

  /** Takes a file of the reader's. */
  async take(file: Blob, name: string): Promise<void> {
    if (await this.picture.take(file, name)) this.#choose(OWN);
  }

  #choose(id: string): void {
    (this.#state as Record<string, string>)[this.#field] = id;
  }

  async #show(id: string): Promise<void> {
    if (id !== OWN && !galleryPicture(id)) {
      this.#fallBack({ kind: 'value', field: this.#field, raw: id, shown: firstPicture() });
      return;
    }
    if (await this.picture.show(id)) return;
    this.#fallBack({ kind: 'lesson', text: NOT_YOURS });
  }

  #fallBack(problem: LinkProblem): void {
    this.#page.problems = [...this.#page.problems, problem];
    this.#choose(firstPicture());
  }
}
