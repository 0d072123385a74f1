import type { Text } from '#lib/base/lang.ts';

import { fitPicture, preprocess } from '#lib/images/index.ts';
import { byName } from '#lib/live/by-name.ts';
import { timePasses } from '#lib/live/latest-pass.svelte.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { inputTensor, knownOf, tensorOf } from '#lib/live/make-tensor.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import type { MAEConfig } from '#lib/models/mae/graph.ts';
import { SIDE } from '#lib/notebook/classifier-sizes.ts';
import {
  stripOf,
  type Inspected,
  type StripItem,
  type StripName,
  type ViewModel,
} from '#lib/notebook/view-model.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import { FollowedPicture } from '#lib/pictures/followed.svelte.ts';
import { galleryPicture } from '#lib/pictures/gallery.ts';
import { useEngine } from '#lib/runtime/context.ts';
import { changedPass, fedWith } from './changes.ts';
import { straightLines } from './interpolate.ts';
import { hiddenBut, maskingFrom, maskingOf, printMask, readMask, type Masking } from './masks.ts';
import { FORM, graphFor, MODEL, SIZES, SPEC, variantFor } from './model.ts';
import { filledError, overHidden, paintingFrom, type Painting } from './painting.ts';
import { meanWhere } from './patch-errors.ts';
import { RatioSweep, type SweepOf } from './ratio-sweep.svelte.ts';
import type { MaskedFields } from './state.ts';
import { wholePercent } from './whole-percent.ts';

/** Tensors of the strip, in the order they are computed in. */
const WAY: readonly StripName[] = [
  ['x', { en: 'picture', zh: '图片' }],
  ['visible', { en: 'seen patches', zh: '可见图像块' }],
  ['norm', { en: 'encoded', zh: '编码结果' }],
  ['unshuffled', { en: 'with mask tokens', zh: '加入掩码词元' }],
  ['patch_pred', { en: 'patches as pixels', zh: '图像块的像素' }],
  ['reconstruction', { en: 'painted', zh: '重建结果' }],
];
const OWN_PICTURE: Text = { en: 'your picture', zh: '你的图片' };
const UNSEEN: Text = {
  en: 'Everything is hidden: there is nothing to encode, and the model is not asked.',
  zh: '所有图像块都被遮住，没有内容可以编码，因此模型不运行。',
};
const HERE: Text = {
  en: 'The picture at the model’s size, its colours brought to the range that the model takes.',
  zh: '缩放到模型所需大小的图片，颜色换算到模型的取值范围。',
};

/** A painting's mean errors. */
export interface Losses {
  /** Over hidden patches: what the training sees. Undefined where nothing is hidden. */
  readonly hidden: number | undefined;
  /** Over the seen ones, and over all. */
  readonly seen: number | undefined;
  readonly all: number;
  /** Hidden pixels by straight lines between seen ones; undefined where nothing is hidden. */
  readonly lines: number | undefined;
}

/** What stage, prose, strip and drawer of lesson 11 share. */
export class MaskedViewModel implements ViewModel {
  readonly walkthrough: Walkthrough<MaskedFields>;
  /** The model as it is. */
  readonly live: LiveModel<MAEConfig>;
  /** The model with one thing changed. */
  readonly changed: LiveModel<MAEConfig>;
  readonly seen: FollowedPicture;
  readonly sweep: RatioSweep;
  readonly ofInput = HERE;

  constructor(walkthrough: Walkthrough<MaskedFields>) {
    this.walkthrough = walkthrough;
    const engine = useEngine();
    this.live = new LiveModel<MAEConfig>(engine, MODEL, { ahead: false });
    this.changed = new LiveModel<MAEConfig>(engine, MODEL, { ahead: false });
    this.seen = new FollowedPicture<'pic'>(walkthrough, walkthrough.state);
    this.sweep = new RatioSweep(this.live);
    $effect(() => {
      this.live.variant = variantFor(this.masking.visible);
      this.live.inputs = this.#fed;
    });
    $effect(() => {
      const asked = this.#asked;
      if (!asked) return;
      this.changed.variant = asked.variant;
      this.changed.interventions = asked.interventions;
      this.changed.inputs = asked.inputs;
    });
    $effect(() => this.live.tensors.want('reconstruction'));
    $effect(() => (this.#asked ? this.changed.tensors.want('reconstruction') : undefined));
    // A sweep of another picture or mask is of no use any more.
    $effect(() => {
      if (this.state.view !== 'share' || !this.sweepOf) this.sweep.cancel();
      return () => this.sweep.cancel();
    });
    timePasses(() => this.live);
  }

  get state() {
    return this.walkthrough.state;
  }
  /** The square the model sees, 0 … 255. */
  readonly square = $derived.by(
    () => this.seen.picture.rgba && fitPicture(this.seen.picture.rgba, SPEC.size, SPEC.fit),
  );
  get seenPixels() {
    return this.square;
  }
  /** The model's input, `[3, S, S]`. */
  readonly input = $derived.by(() => this.seen.picture.rgba && preprocess(this.seen.picture.rgba, SPEC));

  /** Which patches are seen, and in what order. */
  readonly masking: Masking = $derived.by(() => {
    const { kind, r: ratio, seed, mask } = this.state;
    const side = SIZES.grid;
    if (kind !== 'own') return maskingOf(kind, { ratio, seed, side });
    const painted = readMask(mask, SIZES.patches);
    return painted ? maskingFrom(painted, side) : maskingOf('random', { ratio, seed, side });
  });
  /** Part of the patches that is hidden; of a painted mask not what the slider was left at. */
  get ratio(): number {
    return 1 - this.masking.visible / SIZES.patches;
  }
  /** Hides a patch or shows it; the mask is the reader's own from then on. */
  paint(patch: number, hide: boolean): void {
    if (this.masking.hidden[patch] === hide) return;
    this.state.mask = printMask(this.masking.hidden.map((hidden, n) => (n === patch ? hide : hidden)));
    this.state.kind = 'own';
    this.state.r = Math.round(100 * this.ratio) / 100;
  }
  /** Another part is hidden: a painted mask gives way to a random one. */
  hide(ratio: number): void {
    if (this.state.kind === 'own') this.state.kind = 'random';
    this.state.r = ratio;
  }

  /** The chosen patch. */
  readonly chosen = $derived.by(() => {
    const [row, column] = this.state.at.map((v) => Math.floor((v * SIZES.grid) / SIDE));
    return row! * SIZES.grid + column!;
  });
  choose(patch: number): void {
    const middle = (n: number) => Math.floor(((n + 0.5) * SIDE) / SIZES.grid);
    this.state.at = [middle(Math.floor(patch / SIZES.grid)), middle(patch % SIZES.grid)];
  }

  /** Why the model is not asked: there is nothing to see. */
  get absence(): Text | undefined {
    return this.masking.visible === 0 ? UNSEEN : undefined;
  }
  readonly #fed = $derived.by(() =>
    this.input && this.masking.visible > 0 ? fedWith(this.input, this.masking) : undefined,
  );
  readonly #asked = $derived.by(() =>
    this.state.view === 'break' && this.#fed && this.input
      ? changedPass(this.state.change, this.input, this.masking)
      : undefined,
  );

  /** What the newest pass painted; undefined before the first, and where nothing is seen. */
  readonly painting: Painting | undefined = $derived.by(() => {
    const { ids_keep } = this.live.shown?.inputs ?? {};
    if (!ids_keep || this.absence) return undefined;
    return this.#painted(this.live, hiddenBut(ids_keep, SIZES.patches));
  });
  /** What the changed network painted, of the same picture and masking; undefined until it is there. */
  readonly broken: Painting | undefined = $derived.by(() => {
    const [plain, shown] = [this.painting, this.changed.shown];
    const asked = this.#asked;
    if (!plain || !asked || shown?.inputs.x !== plain.x) return undefined;
    const wished = { ...asked.inputs, ...asked.interventions };
    const same = Object.entries(wished).every(([name, values]) => shown.inputs[name] === values);
    return same ? this.#painted(this.changed, plain.hidden) : undefined;
  });
  #painted(live: LiveModel, hidden: readonly boolean[]): Painting | undefined {
    const answer = live.tensors.get('reconstruction')?.data;
    const x = live.shown?.inputs.x;
    return x && answer?.length === x.length ? paintingFrom(x, answer, hidden) : undefined;
  }
  /** Mean errors of the newest painting. */
  readonly losses: Losses | undefined = $derived.by(() => {
    const { painting } = this;
    if (!painting) return undefined;
    const { x, hidden, errors } = painting;
    return {
      hidden: overHidden(painting, errors),
      seen: meanWhere(errors, (n) => hidden[n] === false),
      all: meanWhere(errors, () => true)!,
      lines: filledError(x, straightLines(x, hidden, FORM), hidden),
    };
  });
  /** What a sweep over the ratio would be of; a painted mask has no ratio of its own. */
  readonly sweepOf: SweepOf | undefined = $derived.by(() => {
    const { kind, seed } = this.state;
    return this.input && { x: this.input, kind: kind === 'own' ? 'random' : kind, seed };
  });

  // What the lesson page asks for.

  get asking(): Text {
    const title = galleryPicture(this.state.pic)?.title ?? OWN_PICTURE;
    const share = wholePercent(this.ratio);
    return { en: `${title.en}, ${share} hidden`, zh: `${title.zh}，遮住 ${share}` };
  }
  readonly graph = $derived.by(() => graphFor(this.masking.visible));
  readonly #x = inputTensor(
    'x',
    () => this.input,
    () => knownOf(this.graph, 'x'),
  );
  readonly #ofModel = byName((name) =>
    tensorOf(this.live, name, { graph: () => this.graph, absence: () => this.absence }),
  );
  named(name: string): NamedTensor | undefined {
    if (name === 'x') return this.#x;
    return this.graph.values.has(name) ? this.#ofModel(name) : undefined;
  }
  readonly strip: readonly StripItem[] = $derived.by(() => stripOf(this, WAY));
  /** The inspector feeds the same picture under the same mask. */
  inspected(): Inspected {
    const { order, visible } = this.masking;
    return {
      model: MODEL,
      picture: this.state.pic,
      visible: order.slice(0, visible),
      ...(visible > 0 && visible !== SIZES.visible && { config: { ...variantFor(visible) } }),
    };
  }
}

/** The tokens of the encoder and of the decoder where so many patches are seen. */
export const tokensFor = (visible: number) => ({ encoder: visible + 1, decoder: SIZES.patches + 1 });
