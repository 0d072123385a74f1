import { untrack } from 'svelte';
import type { Text } from '../../src/lib/i18n/index.ts';
import {
  fitSquare,
  flattenPatch,
  patchGeometry,
  preprocess,
  type PreprocessSpec,
} from '../../src/lib/images/index.ts';
import type { ProseNumber, Room, StripItem, TensorDoc } from '../../src/lib/lesson/room.ts';
import type { LessonRun } from '../../src/lib/lesson/run.svelte.ts';
import { firstPicture, ShownPicture } from '../../src/lib/pictures/shown.svelte.ts';
import { galleryPicture, OWN } from '../../src/lib/pictures/gallery.ts';
import { useEngine } from '../../src/lib/runtime/context.ts';
import { LiveModel } from '../../src/lib/runtime/live.svelte.ts';
import { pass } from '../../src/lib/site/pass.svelte.ts';
import type { Tensor } from '../../src/lib/tensor.ts';
import { numberOf } from './numbers.ts';
import { CONFIG, shapesOf, TRAINED, WAY } from './shapes.ts';
import { SIDE, type PatchesFields } from './state.ts';

/** Why the model does not answer at a patch size. */
export type Silence = 'remainder' | 'too-many' | 'untrained';

/** More tokens than this are not run in a page: one layer's attention would not fit a phone's memory. */
const MOST_TOKENS = 1200;
const DEFAULT_SPEC: PreprocessSpec = {
  size: SIDE,
  fit: 'crop',
  interpolation: 'bilinear',
  antialias: true,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
};

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
  readonly picture = new ShownPicture();
  readonly trained = TRAINED;
  readonly config = CONFIG;

  constructor(run: LessonRun<PatchesFields>) {
    this.run = run;
    this.live = new LiveModel(useEngine(), 'vit-flexi');
    $effect(() => void this.#show(run.state.pic));
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
  readonly geometry = $derived.by(() => patchGeometry(SIDE, this.p));
  readonly shapes = $derived.by(() => shapesOf(CONFIG, this.p));
  readonly spec = $derived.by(() => this.live.config?.preprocessing ?? DEFAULT_SPEC);
  /** The square the model sees, 0 … 255. */
  readonly square = $derived.by(() => this.picture.rgba && fitSquare(this.picture.rgba, SIDE, this.spec.fit));
  /** The model's input `[3, S, S]`. */
  readonly input = $derived.by(() => this.picture.rgba && preprocess(this.picture.rgba, this.spec));

  /** Place of the chosen patch: the one that holds the state's pixel, or the last before what is left over. */
  readonly chosen = $derived.by(() => {
    const { rows, cols } = this.geometry;
    const [y, x] = this.run.state.at;
    const row = Math.min(rows - 1, Math.floor(y / this.p));
    const col = Math.min(cols - 1, Math.floor(x / this.p));
    return { row, col, index: row * cols + col };
  });
  choose(row: number, col: number): void {
    if (row < 0 || col < 0) return;
    const middle = Math.floor(this.p / 2);
    this.run.state.at = [row * this.p + middle, col * this.p + middle];
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

  async #show(id: string): Promise<void> {
    if (id !== OWN && !galleryPicture(id)) {
      this.run.problems = [
        ...this.run.problems,
        { kind: 'value', field: 'pic', raw: id, shown: firstPicture() },
      ];
      this.run.state.pic = firstPicture();
      return;
    }
    if (await this.picture.show(id)) return;
    this.run.problems = [...this.run.problems, { kind: 'lesson', text: NOT_YOURS }];
    this.run.state.pic = firstPicture();
  }
  /** Takes a file of the reader's. */
  async take(file: Blob, name: string): Promise<void> {
    if (await this.picture.take(file, name)) this.run.state.pic = OWN;
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
const NOT_YOURS: Text = {
  en: 'The link was made with a picture of the sender’s own, which has never left their browser. Here is one of the gallery instead.',
  zh: '这个链接用的是发送者自己的图片，它从未离开过对方的浏览器。这里先换成图库里的一张。',
};

export default function openRoom(run: LessonRun): Room {
  return new PatchesRoom(run as unknown as LessonRun<PatchesFields>);
}
