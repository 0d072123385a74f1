import { useLang, type Text } from '#lib/base/lang.ts';
import { byName } from '#lib/live/by-name.ts';
import { timePasses } from '#lib/live/latest-pass.svelte.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { inputTensor, knownOf, tensorOf } from '#lib/live/make-tensor.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import type { VivitConfig } from '#lib/models/vivit/config.ts';
import {
  stripOf,
  type Inspected,
  type StripItem,
  type StripName,
  type ViewModel,
} from '#lib/notebook/view-model.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import { useEngine } from '#lib/runtime/context.ts';
import { ClipSource, type Clip } from './clip-source.svelte.ts';
import { CONFIG, GRAPHS, MODELS, SIZES, TITLES } from './model.ts';
import { NETS, type Net, type VideoFields } from './state.ts';

/** Tensors of the strip, in the order they are computed in. */
const STRIP: Readonly<Record<Net, readonly StripName[]>> = {
  joint: [
    ['x', { en: 'clip', zh: '视频片段' }],
    ['tubelets', { en: 'tubelets', zh: '时空管' }],
    ['patch_embed', { en: 'embedded', zh: '嵌入' }],
    ['tokens', { en: 'tokens', zh: '词元' }],
    ['pooled', { en: 'class token', zh: '分类词元' }],
    ['probs', { en: 'answer', zh: '答案' }],
  ],
  encoder: [
    ['x', { en: 'clip', zh: '视频片段' }],
    ['tubelets', { en: 'tubelets', zh: '时空管' }],
    ['tokens', { en: 'tokens of each time', zh: '各时刻的词元' }],
    ['frame_tokens', { en: 'one token per time', zh: '每个时刻一个词元' }],
    ['temporal.tokens', { en: 'tokens of times', zh: '时间编码器的词元' }],
    ['pooled', { en: 'class token', zh: '分类词元' }],
    ['probs', { en: 'answer', zh: '答案' }],
  ],
};
const NO_CLIP: Text = { en: 'a clip', zh: '一段视频' };
const HERE: Text = {
  en: 'The clip as the networks are fed it: its frames at their size, one after another, in numbers from −1 to 1.',
  zh: '网络得到的视频片段：缩放到所需大小的各帧，依次排列，数值在 −1 到 1 之间。',
};

const INSTEAD: Text = {
  en: 'The inspector opens this network with a picture of the gallery in all frames, not with this clip.',
  zh: '检视器打开的是同一个网络，但各帧都是图库里的一张图片，不是这段视频。',
};

/** A network's newest answer, and the clip it is of. */
export interface Answered {
  readonly clip: Clip;
  /** A probability per class. */
  readonly probs: Float32Array;
}

/** What stage, prose, strip and drawer of lesson 13 share. */
export class VideoViewModel implements ViewModel {
  readonly walkthrough: Walkthrough<VideoFields>;
  readonly #lang = useLang();
  readonly source: ClipSource;
  /** All tokens together. */
  readonly joint: LiveModel<VivitConfig>;
  /** First within each time, then over the times. */
  readonly encoder: LiveModel<VivitConfig>;
  readonly ofInput = HERE;
  /** Which clip an input is of. */
  readonly #clipOf = new WeakMap<Float32Array, Clip>();

  constructor(walkthrough: Walkthrough<VideoFields>) {
    this.walkthrough = walkthrough;
    const engine = useEngine();
    this.joint = new LiveModel<VivitConfig>(engine, MODELS.joint, { ahead: false });
    this.encoder = new LiveModel<VivitConfig>(engine, MODELS.encoder, { ahead: false });
    this.source = new ClipSource(walkthrough.state, { count: CONFIG.frames, side: CONFIG.image });
    $effect(() => {
      const inputs = this.x && { x: this.x };
      for (const net of NETS) this[net].inputs = inputs;
    });
    $effect(() => this.live.tensors.want('probs'));
    timePasses(() => this.live);
  }

  get state() {
    return this.walkthrough.state;
  }
  /** The network whose tensors strip and drawer show. */
  get live(): LiveModel<VivitConfig> {
    return this[this.state.net];
  }
  get clip(): Clip | undefined {
    return this.source.current;
  }
  /** What the networks are fed, `[F, 3, S, S]`. */
  readonly x: Float32Array | undefined = $derived.by(() => {
    const clip = this.source.current;
    if (clip) this.#clipOf.set(clip.frames, clip);
    return clip?.frames;
  });
  /** Newest answers by network; `probs` of a network must be wanted, that of the chosen one always is. */
  readonly answers: Readonly<Record<Net, Answered | undefined>> = $derived.by(() => ({
    joint: this.#answered('joint'),
    encoder: this.#answered('encoder'),
  }));
  #answered(net: Net): Answered | undefined {
    const x = this[net].shown?.inputs.x;
    const clip = x && this.#clipOf.get(x);
    const probs = this[net].tensors.get('probs')?.data;
    return clip && probs && { clip, probs };
  }

  /** The chosen tubelet, and where it lies: its time, its row and its column. */
  readonly chosen = $derived.by(() => {
    const index = Math.min(this.state.tok, SIZES.tubelets - 1);
    const place = index % SIZES.places;
    const [row, col] = [Math.floor(place / SIZES.grid), place % SIZES.grid];
    return { index, time: Math.floor(index / SIZES.places), row, col };
  });
  choose(time: number, row: number, col: number): void {
    this.state.tok = time * SIZES.places + row * SIZES.grid + col;
  }

  // What the lesson page asks for.

  get asking(): Text {
    return this.clip?.name ?? NO_CLIP;
  }
  readonly strip: readonly StripItem[] = $derived.by(() => stripOf(this, STRIP[this.state.net]));
  readonly nets = $derived.by(() => ({
    options: NETS.map((value) => ({ value, label: TITLES[value][this.#lang()] })),
    choose: (value: string) => {
      const net = NETS.find((n) => n === value);
      if (!net) return;
      this.state.net = net;
      const { opened } = this.walkthrough;
      if (opened !== undefined && !GRAPHS[net].values.has(opened)) this.walkthrough.opened = 'tokens';
    },
    of: (name?: string) => (name === undefined ? this.state.net : this.#net(name)),
  }));
  /** The network a tensor is looked for in: the chosen one, or the one that has it. */
  #net(name: string): Net {
    const { net } = this.state;
    return GRAPHS[net].values.has(name) ? net : (NETS.find((n) => GRAPHS[n].values.has(name)) ?? net);
  }
  readonly #x = inputTensor(
    'x',
    () => this.x,
    () => knownOf(GRAPHS.joint, 'x'),
  );
  readonly #ofModel = {
    joint: byName((name) => tensorOf(this.joint, name, { graph: () => GRAPHS.joint })),
    encoder: byName((name) => tensorOf(this.encoder, name, { graph: () => GRAPHS.encoder })),
  };
  /** A tensor of either network. */
  namedOf(net: Net, name: string): NamedTensor | undefined {
    if (name === 'x') return this.#x;
    return GRAPHS[net].values.has(name) ? this.#ofModel[net](name) : undefined;
  }
  named(name: string): NamedTensor | undefined {
    return this.namedOf(this.#net(name), name);
  }
  inspected(name: string): Inspected {
    return { model: MODELS[this.#net(name)], instead: INSTEAD };
  }
}
