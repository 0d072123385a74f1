import type { Text } from '#lib/base/lang.ts';
import { flattenPatch } from '#lib/images/index.ts';
import { timePasses } from '#lib/live/latest-pass.svelte.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { byName } from '#lib/live/by-name.ts';
import { derivedTensor, inputTensor, knownOf, tensorOf, type Values } from '#lib/live/make-tensor.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import { galleryPicture } from '#lib/pictures/gallery.ts';
import { FIRST_MODEL, type FirstConfig } from '#lib/models/first-model.ts';
import { useEngine } from '#lib/runtime/context.ts';
import type { Fields, StateOf } from '#lib/state/schema.ts';
import { CONFIG, shapesOf, TRAINED } from './patch-shapes.ts';
import { SeenPicture, type PictureState } from './seen.svelte.ts';
import { stripOf, type StripItem, type StripName, type ViewModel } from './view-model.ts';
import { SIDE } from './classifier-sizes.ts';
import type { Walkthrough } from './walkthrough.svelte.ts';

const HERE: Text = {
  en: 'Computed in this page from the picture, by the rule the graph uses. It needs no model.',
  zh: '由本页按照计算图里的同一规则直接从图片算出，不需要模型。',
};
const OWN_PICTURE: Text = { en: 'your picture', zh: '你的图片' };

/**
 * What the lessons of Part I share: its model, running on the picture, at the patch size and
 * with the chosen patch that the state names. A lesson adds what it looks at.
 */
export abstract class ClassifierViewModel<F extends Fields> implements ViewModel {
  readonly walkthrough: Walkthrough<F>;
  readonly state: StateOf<F> & PictureState;
  /** The model as it is. */
  readonly live: LiveModel<FirstConfig>;
  /** The picture as the model sees it. */
  readonly seen: SeenPicture;
  readonly trained = TRAINED;
  readonly config = CONFIG;
  /** The tensors of the strip, in order; those that the graph does not have are left out. */
  protected abstract readonly way: readonly StripName[];

  /** `state` is the walk's own. */
  constructor(walkthrough: Walkthrough<F>, state: StateOf<F> & PictureState) {
    this.walkthrough = walkthrough;
    this.state = state;
    this.live = this.another();
    this.seen = new SeenPicture(walkthrough, state, this.live);
    this.runOnPicture(this.live);
    timePasses(() => this.live);
  }

  /** The same model once more, for a run beside that of `live`. */
  protected another(options?: { readonly ahead?: boolean }): LiveModel<FirstConfig> {
    return new LiveModel<FirstConfig>(useEngine(), FIRST_MODEL, options);
  }
  /** Runs a model on the picture, at the patch size of the state or at another one. */
  protected runOnPicture(model: LiveModel, patch: () => number = () => this.p): void {
    $effect(() => {
      model.inputs = this.seen.input && { x: this.seen.input };
    });
    $effect(() => {
      if (this.silence === undefined) model.variant = { patch: patch() };
    });
  }

  /** The picture and the patch size. */
  get asking(): Text {
    const title = galleryPicture(this.state.pic)?.title ?? OWN_PICTURE;
    return { en: `${title.en}, ${this.p} px`, zh: `${title.zh}，${this.p} px` };
  }
  get p(): number {
    return this.state.p;
  }
  get seenPixels() {
    return this.seen.square;
  }
  /** Why the model is not asked, as a word; undefined: it is. */
  get silence(): string | undefined {
    return undefined;
  }
  /** Graph and description at the state's patch size. */
  readonly shapes = $derived.by(() => shapesOf(CONFIG, this.p));

  readonly strip: readonly StripItem[] = $derived.by(() => stripOf(this, this.way));
  /** Said in place of values where the model is not asked. */
  get absence(): Text | undefined {
    return undefined;
  }
  readonly ofInput = HERE;

  /** The model's input. */
  readonly #x = inputTensor(
    'x',
    () => this.seen.input,
    () => knownOf(this.shapes.graph, 'x'),
  );
  /** The table of flattened patches `[N, P]`, made from the input by the same rule as in the graph: it needs no model. */
  readonly patchTable: NamedTensor = derivedTensor(
    'patches',
    [this.#x],
    'flattenPatch',
    (x) => this.#flattened(x.data),
    () => knownOf(this.shapes.graph, 'patches'),
  );
  readonly #ofModel = byName((name) =>
    tensorOf(this.live, name, { graph: () => this.shapes.graph, absence: () => this.absence }),
  );
  named(name: string): NamedTensor | undefined {
    if (name === 'x') return this.#x;
    if (name === 'patches') return this.patchTable;
    return this.shapes.graph.values.has(name) ? this.#ofModel(name) : undefined;
  }

  #flattened(input: Float32Array): Values {
    const { rows, cols, count } = this.seen.geometry;
    const width = CONFIG.channels * this.p * this.p;
    const data = new Float32Array(count * width);
    const planes = { size: SIDE, data: input };
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < cols; c++)
        data.set(flattenPatch(planes, r, c, this.p, 'crc'), (r * cols + c) * width);
    return { shape: [count, width], dims: ['N', 'P'], data };
  }
}
