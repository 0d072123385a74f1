import { untrack } from 'svelte';
import type { Text } from '#lib/base/lang.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import { flattenPatch } from '#lib/images/index.ts';
import { pass } from '#lib/live/latest-pass.svelte.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { FIRST_MODEL, type FirstConfig } from '#lib/models/first-model.ts';
import { useEngine } from '#lib/runtime/context.ts';
import type { Fields, StateOf } from '#lib/state/schema.ts';
import { CONFIG, shapesOf, TRAINED } from './patch-shapes.ts';
import { SeenPicture, type PictureState } from './seen.svelte.ts';
import type { StripItem, TensorDoc, ViewModel } from './view-model.ts';
import { SIDE } from './classifier-sizes.ts';
import type { Walkthrough } from './walkthrough.svelte.ts';

/** A tensor of the strip: its name in the graph, and what it is called there. */
export type StripName = readonly [name: string, title: Text];

const HERE: Text = {
  en: 'Computed in this page from the picture, by the rule the graph uses. It needs no model.',
  zh: '由本页按照计算图里的同一规则直接从图片算出，不需要模型。',
};

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
    // A whole pass is timed; tensors fetched later for the same picture take a part of one.
    $effect(() => {
      if (this.live.tensors.generation > 0) pass.ms = untrack(() => this.live.ms);
    });
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

  get p(): number {
    return this.state.p;
  }
  /** Why the model is not asked, as a word; undefined: it is. */
  get silence(): string | undefined {
    return undefined;
  }
  /** Graph and description at the state's patch size. */
  readonly shapes = $derived.by(() => shapesOf(CONFIG, this.p));

  readonly strip: readonly StripItem[] = $derived.by(() =>
    this.way.flatMap(([name, title]) => {
      const value = this.shapes.graph.values.get(name);
      return value ? [{ name, title, shape: value.shape.slice(1), dims: value.dims.slice(1) }] : [];
    }),
  );
  get pending(): boolean {
    return this.silence === undefined && this.live.pending;
  }
  want(name: string): () => void {
    return name === 'x' || name === 'patches' ? () => {} : this.live.tensors.want(name);
  }
  tensor(name: string): Tensor | undefined {
    if (name === 'x') return this.#x;
    if (name === 'patches') return this.patchTable;
    return this.silence === undefined ? this.live.tensors.get(name) : undefined;
  }
  doc(name: string): TensorDoc | undefined {
    const doc = this.shapes.graph.values.get(name)?.doc;
    return doc && (name === 'x' || name === 'patches') ? { ...doc, note: HERE } : doc;
  }

  readonly #x: Tensor | undefined = $derived.by(() => {
    const data = this.seen.input;
    return data && { name: 'x', shape: [CONFIG.channels, SIDE, SIDE], dims: ['C', 'H', 'W'], data };
  });
  /** The table of flattened patches `[N, P]`, made from the input by the same rule as in the graph: it needs no model. */
  protected readonly patchTable: Tensor | undefined = $derived.by(() => {
    const { input, geometry } = this.seen;
    if (!input) return undefined;
    const { rows, cols, count } = geometry;
    const width = CONFIG.channels * this.p * this.p;
    const data = new Float32Array(count * width);
    const planes = { size: SIDE, data: input };
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < cols; c++)
        data.set(flattenPatch(planes, r, c, this.p, 'crc'), (r * cols + c) * width);
    return { name: 'patches', shape: [count, width], dims: ['N', 'P'], data };
  });
}
