import { linear } from '#lib/analysis/lens.ts';
import { softmax } from '#lib/analysis/softmax.ts';
import { meanRows } from '#lib/analysis/similarity.ts';
import type { ScaleKind } from '#lib/figures/scales.ts';
import { best, type Guess } from '#lib/notebook/answer.ts';
import { CONFIG } from '#lib/notebook/patch-shapes.ts';
import type { Text } from '#lib/base/lang.ts';
import { ClassifierViewModel } from '#lib/notebook/classifier-view-model.svelte.ts';
import type { StripName } from '#lib/notebook/view-model.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import { Embedding } from './embedding.svelte.ts';
import { Positions } from './positions.svelte.ts';
import { FourRuns } from './four-runs.svelte.ts';
import type { TokensFields } from './state.ts';
import { CAPTIONS } from './captions.ts';

/** What lies over the picture: a number for every patch. */
export interface Overlay {
  /** `[N]`, by patch. */
  readonly values: Float32Array;
  readonly kind: ScaleKind;
  readonly range?: readonly [number, number];
  readonly caption: Text;
  /** Where the numbers come from. */
  readonly from: string;
  /** False where the value under the cursor says nothing: a position compared with itself. */
  readonly reads?: boolean;
}

const LAST = CONFIG.depth - 1;

/** Tensors a view reads, beside the answer. */
function needs(view: string, read: string): readonly string[] {
  if (view === 'filters') return ['patch_embed', 'patch_embed.proj.weight', 'patch_embed.proj.bias'];
  if (view === 'positions') return ['pos_embed'];
  if (view !== 'cls') return [];
  return read === 'tokens'
    ? ['patch_embed', 'pos_embed', 'cls_token', 'tokens']
    : ['norm', 'head.weight', 'head.bias', `blocks.${LAST}.attn.probs`];
}

/** The coloured range of weights: from 0, so that a flat map looks flat. */
const fromZero = (values: Float32Array) => [0, values.reduce((a, v) => Math.max(a, v), 0) || 1] as const;

/** What stage, prose, strip and drawer of lesson 2 share. */
export class TokensViewModel extends ClassifierViewModel<TokensFields> {
  readonly runs: FourRuns;
  readonly embedding: Embedding;
  readonly positions: Positions;
  /** The patch under the mouse, −1 without one. */
  hovered = $state(-1);
  protected readonly way: readonly StripName[] = [
    ['x', { en: 'picture', zh: '图片' }],
    ['patches', { en: 'patches', zh: '图像块' }],
    ['patch_embed', { en: 'embedded', zh: '嵌入' }],
    ['pos_added', { en: 'with positions', zh: '加上位置编码' }],
    ['tokens', { en: 'with CLS', zh: '加上 CLS' }],
    ['probs', { en: 'answer', zh: '答案' }],
  ];

  constructor(walkthrough: Walkthrough<TokensFields>) {
    super(walkthrough, walkthrough.state);
    const { state, seen, live } = this;
    this.runs = new FourRuns(() => {
      const { p, seed, block, head, view } = state;
      return { p, seed, block, head, input: seen.input, all: view === 'order' };
    }, live);
    this.embedding = new Embedding(
      () => ({ state, input: seen.input, patches: this.patchTable.value?.data }),
      live,
    );
    this.positions = new Positions(() => {
      const { table, draw, view } = state;
      return { side: seen.geometry.rows, table, draw, all: view === 'positions' };
    }, live);
    $effect(() => {
      const stops = needs(state.view, state.read).map((name) => live.tensors.want(name));
      return () => {
        for (const stop of stops) stop();
      };
    });
  }

  /** The patch the figures speak of: the one under the mouse, or the chosen one. */
  get pointed(): number {
    return this.hovered >= 0 && this.hovered < this.seen.geometry.count
      ? this.hovered
      : this.seen.chosen.index;
  }
  /** The run that picture and answer line follow. */
  get followed() {
    const { view, pos, mix } = this.state;
    return view === 'order' ? this.runs.find(pos, mix) : this.runs.straight;
  }

  /** `norm` of the intact run, when it belongs to the present patch size. */
  readonly norm = $derived.by(() => {
    const norm = this.live.tensors.get('norm');
    return norm?.data.length === (this.seen.geometry.count + 1) * CONFIG.dim ? norm.data : undefined;
  });
  /** The head applied to a vector `[D]`: the answer, best first. */
  #answer(vector: ArrayLike<number> | undefined): Guess[] | undefined {
    const weight = this.live.tensors.get('head.weight')?.data;
    const bias = this.live.tensors.get('head.bias')?.data;
    const labels = this.live.config?.labels;
    if (!vector || !weight || !bias || !labels) return undefined;
    const data = Float32Array.from(softmax(linear(vector, weight, bias)));
    return best({ name: 'probs', shape: [data.length], dims: ['K'], data }, labels, labels.length);
  }
  /** All classes, best first, read from CLS by hand. */
  readonly fromCls = $derived.by(() => this.#answer(this.norm?.subarray(0, CONFIG.dim)));
  /** All classes, best first, read from the mean of the patch tokens. */
  readonly fromMean = $derived.by(() => this.#answer(this.norm && meanRows(this.norm, CONFIG.dim, 1)));

  /** What lies over the picture now. */
  readonly overlay: Overlay | undefined = $derived.by(() => {
    const { state } = this;
    const n = this.pointed;
    if (state.view === 'filters') {
      const parts = state.show === 'components';
      const values = parts ? this.embedding.projection(state.c) : this.embedding.response(state.k);
      const caption = parts ? CAPTIONS.component(state.c) : CAPTIONS.feature(state.k);
      return values && { values, kind: 'diverging', caption, from: 'tensor:patch_embed' };
    }
    if (state.view === 'positions') {
      const near = state.draw === 'near';
      const values = near ? this.positions.near(n) : this.positions.feature(state.f);
      const scale = near ? this.positions.scale : { kind: 'diverging' as const };
      const caption = near ? CAPTIONS.near(n) : CAPTIONS.position(state.f);
      const from = state.table === 'learned' ? 'tensor:pos_embed' : 'graph';
      return values && { values, ...scale, caption, from, reads: !near };
    }
    if (state.view === 'order') {
      const values = this.runs.look(this.followed, n);
      const caption = CAPTIONS.look(n, state.block, state.head);
      return (
        values && {
          values,
          kind: 'sequential',
          range: fromZero(values),
          caption,
          from: `tensor:${this.runs.attention}`,
        }
      );
    }
    if (state.view === 'cls' && state.read !== 'tokens') {
      const weights = this.gathered;
      const { count } = this.seen.geometry;
      const cls = state.read === 'cls';
      // One scale for both, so that the mean lies flat beside what CLS takes.
      return (
        weights && {
          values: cls ? weights : new Float32Array(count).fill(1 / count),
          kind: 'sequential',
          range: fromZero(weights),
          caption: cls ? CAPTIONS.gathered(LAST) : CAPTIONS.mean(count),
          from: `tensor:blocks.${LAST}.attn.probs`,
        }
      );
    }
    return undefined;
  });

  /** The weights with which CLS takes from the patches in the last block, mean of the heads `[N]`. */
  readonly gathered = $derived.by(() => {
    const { count } = this.seen.geometry;
    const probs = this.live.tensors.get(`blocks.${LAST}.attn.probs`);
    if (probs?.shape.at(-1) !== count + 1) return undefined;
    const heads = CONFIG.heads;
    return Float32Array.from({ length: count }, (_, i) => {
      let sum = 0;
      for (let h = 0; h < heads; h++) sum += probs.data[h * (count + 1) ** 2 + 1 + i]!;
      return sum / heads;
    });
  });
}
