import { untrack } from 'svelte';
import type { Text } from '#lib/base/lang.ts';
import { SeenPicture } from '#lib/notebook/seen.svelte.ts';
import { flattenPatch } from '#lib/images/index.ts';
import type { ProseNumber, Room, StripItem, TensorDoc } from '#lib/notebook/room.ts';
import type { LessonRun } from '#lib/notebook/run.svelte.ts';
import { useEngine } from '#lib/runtime/context.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { pass } from '#lib/live/latest-pass.svelte.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import { numberOf } from './numbers.ts';
import { CONFIG, shapesOf, TRAINED, WAY } from './shapes.ts';
import { SIDE, type PatchesFields } from './state.ts';

/** Why the model does not answer at a patch size. */
export type Silence = 'remainder' | 'too-many' | 'untrained';

/** More tokens than this are not run in a page: one layer's attention would not fit a phone's memory. */
const MOST_TOKENS = 1200;

const TITLES: Readonly<Record<string, Text>> = {
  x: { en: 'picture', zh: '图片' },
  patches: { en: 'patches', zh: '图像块' },
  patch_embed: { en: 'embedded', zh: '嵌入' },
  tokens: { en: 'with CLS', zh: '加上 CLS' },
  logits: { en: 'answer', zh: '答案' },
};

/** What stage, prose, strip and drawer of lesson 1 share. */
export class PatchesRoom implements Room {
  readonly run: LessonRun<PatchesFields>;
  readonly live: LiveModel;
  readonly #seen: SeenPicture;
  readonly trained = TRAINED;
  readonly config = CONFIG;

  constructor(run: LessonRun<PatchesFields>) {
    this.run = run;
    this.live = new LiveModel(useEngine(), 'vit-flexi');
    this.#seen = new SeenPicture(run, run.state, this.live);
    $effect(() => {
      this.live.input = this.input;
    });
    // A whole pass is timed; tensors fetched later for the same picture take a part of one.
    $effect(() => {
      if (this.live.tensors.generation > 0) pass.ms = untrack(() => this.live.ms);
    });
    $effect(() => {
      if (this.silence === undefined) this.live.patch = this.p;
    });
  }

  get state() {
    return this.run.state;
  }
  get p(): number {
    return this.run.state.p;
  }
  readonly shapes = $derived.by(() => shapesOf(CONFIG, this.p));
  get picture() {
    return this.#seen.picture;
  }
  get geometry() {
    return this.#seen.geometry;
  }
  get spec() {
    return this.#seen.spec;
  }
  get square() {
    return this.#seen.square;
  }
  get input() {
    return this.#seen.input;
  }
  get chosen() {
    return this.#seen.chosen;
  }
  choose(row: number, col: number): void {
    this.#seen.choose(row, col);
  }

  /** Why the model is not asked at this patch size; undefined: it is. */
  readonly silence: Silence | undefined = $derived.by(() => {
    if (this.geometry.remainder > 0) return 'remainder';
    if (TRAINED.includes(this.p)) return undefined;
    if (this.geometry.count > MOST_TOKENS) return 'too-many';
    return this.run.state.force ? undefined : 'untrained';
  });
  /** Whether the tensors shown belong to the present patch size. */
  get current(): boolean {
    return this.silence === undefined && !this.live.pending && this.live.patch === this.p;
  }

  // What the lesson page asks for.

  readonly strip: readonly StripItem[] = $derived.by(() =>
    WAY.flatMap((name) => {
      const value = this.shapes.graph.values.get(name);
      return value
        ? [{ name, title: TITLES[name]!, shape: value.shape.slice(1), dims: value.dims.slice(1) }]
        : [];
    }),
  );
  get lit(): string | undefined {
    const lit: Record<string, string> = {
      numbers: 'x',
      cut: 'patches',
      rest: 'patches',
      patch: 'patches',
      rows: 'patches',
      order: 'patches',
      project: 'patch_embed',
      'class-token': 'tokens',
      cost: 'tokens',
      answer: 'logits',
      end: 'tokens',
    };
    return lit[this.run.step];
  }
  get pending(): boolean {
    return this.silence === undefined && this.live.pending;
  }
  want(name: string): () => void {
    return name === 'x' || name === 'patches' ? () => {} : this.live.tensors.want(name);
  }
  tensor(name: string): Tensor | undefined {
    if (name === 'x') return this.#x;
    if (name === 'patches') return this.#patches;
    return this.silence === undefined ? this.live.tensors.get(name) : undefined;
  }
  doc(name: string): TensorDoc | undefined {
    const doc = this.shapes.graph.values.get(name)?.doc;
    if (!doc) return undefined;
    const here = name === 'x' || name === 'patches';
    return here ? { ...doc, note: HERE } : doc;
  }
  absence(): Text | undefined {
    return this.silence === undefined ? undefined : ABSENT;
  }
  number(name: string): ProseNumber | undefined {
    return numberOf(this, name);
  }

  readonly #x: Tensor | undefined = $derived.by(
    () => this.input && { name: 'x', shape: [3, SIDE, SIDE], dims: ['C', 'H', 'W'], data: this.input },
  );
  /** The table of flattened patches, made from the input by the same rule as in the graph: it needs no model. */
  readonly #patches: Tensor | undefined = $derived.by(() => {
    if (!this.input) return undefined;
    const { rows, cols, count } = this.geometry;
    const width = 3 * this.p * this.p;
    const data = new Float32Array(count * width);
    const planes = { size: SIDE, data: this.input };
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < cols; c++)
        data.set(flattenPatch(planes, r, c, this.p, 'crc'), (r * cols + c) * width);
    return { name: 'patches', shape: [count, width], dims: ['N', 'P'], data };
  });

  /** Takes a file of the reader's. */
  take(file: Blob, name: string): Promise<void> {
    return this.#seen.take(file, name);
  }
}

const HERE: Text = {
  en: 'Computed in this page from the picture, by the rule the graph uses. It needs no model.',
  zh: '由本页按照计算图里的同一规则直接从图片算出，不需要模型。',
};
const ABSENT: Text = {
  en: 'At this patch size the model does not run, so this tensor has a shape and no values. Set the patch size to one of the marked stops.',
  zh: '在这个块大小下模型不运行，所以这个张量只有形状，没有数值。把块大小移到滑块上有标记的位置即可。',
};
export default function openRoom(run: LessonRun): Room {
  return new PatchesRoom(run as unknown as LessonRun<PatchesFields>);
}
