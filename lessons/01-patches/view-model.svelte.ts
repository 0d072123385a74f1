import type { Text } from '#lib/base/lang.ts';
import { ClassifierViewModel } from '#lib/notebook/classifier-view-model.svelte.ts';
import type { StripName } from '#lib/notebook/view-model.ts';
import type { PatchesFields } from './state.ts';

/** Why the model does not answer at a patch size. */
export type Silence = 'remainder' | 'too-many' | 'untrained';

/** More tokens than this are not run in a page: one layer's attention would not fit a phone's memory. */
const MOST_TOKENS = 1200;

/** What stage, prose, strip and drawer of lesson 1 share. */
export class PatchesViewModel extends ClassifierViewModel<PatchesFields> {
  protected readonly way: readonly StripName[] = [
    ['x', { en: 'picture', zh: '图片' }],
    ['patches', { en: 'patches', zh: '图像块' }],
    ['patch_embed', { en: 'embedded', zh: '嵌入' }],
    ['tokens', { en: 'with CLS', zh: '加上 CLS' }],
    ['logits', { en: 'answer', zh: '答案' }],
  ];

  readonly #silence: Silence | undefined = $derived.by(() => {
    const { remainder, count } = this.seen.geometry;
    if (remainder > 0) return 'remainder';
    if (this.trained.includes(this.p)) return undefined;
    if (count > MOST_TOKENS) return 'too-many';
    return this.state.force ? undefined : 'untrained';
  });
  override get silence(): Silence | undefined {
    return this.#silence;
  }
  override get absence(): Text | undefined {
    return this.silence === undefined ? undefined : ABSENT;
  }
}

const ABSENT: Text = {
  en: 'At this patch size the model does not run, so this tensor has a shape and no values. Set the patch size to one of the marked stops.',
  zh: '在这个图像块边长下模型不运行，所以这个张量只有形状，没有数值。把图像块边长移到滑块上有标记的位置即可。',
};
