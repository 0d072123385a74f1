import type { Text } from '../i18n/index.ts';
import type { LessonRun } from '../lesson/run.svelte.ts';
import { galleryPicture, OWN } from './gallery.ts';
import { firstPicture, ShownPicture } from './shown.svelte.ts';

const NOT_YOURS: Text = {
  en: 'The link was made with a picture of the sender’s own, which has never left their browser. Here is one of the gallery instead.',
  zh: '这个链接用的是发送者自己的图片，它从未离开过对方的浏览器。这里先换成图库里的一张。',
};

/**
 * The picture a lesson's state names (`pic`: an id of the gallery, or `own`), decoded. An id that is no picture is
 * replaced by the first of the gallery, and the link note says so. Make it while the lesson's room is made (it opens
 * an effect).
 */
export class FollowedPicture {
  readonly picture = new ShownPicture();
  readonly #run: LessonRun;
  readonly #state: { pic: string };

  constructor(run: LessonRun, state: { pic: string }) {
    this.#run = run;
    this.#state = state;
    $effect(() => void this.#show(state.pic));
  }

  /** Takes a file of the reader's. */
  async take(file: Blob, name: string): Promise<void> {
    if (await this.picture.take(file, name)) this.#state.pic = OWN;
  }

  async #show(id: string): Promise<void> {
    if (id !== OWN && !galleryPicture(id)) {
      const problem = { kind: 'value', field: 'pic', raw: id, shown: firstPicture() } as const;
      this.#run.problems = [...this.#run.problems, problem];
      this.#state.pic = firstPicture();
      return;
    }
    if (await this.picture.show(id)) return;
    this.#run.problems = [...this.#run.problems, { kind: 'lesson', text: NOT_YOURS }];
    this.#state.pic = firstPicture();
  }
}
