import { useLang, type Text } from '#lib/base/lang.ts';
import type { Rgba } from '#lib/images/index.ts';
import { unpreprocess } from '#lib/images/index.ts';
import { byName } from '#lib/live/by-name.ts';
import { timePasses } from '#lib/live/latest-pass.svelte.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { inputTensor, knownOf, tensorOf } from '#lib/live/make-tensor.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import type { DetrConfig } from '#lib/models/detr/config.ts';
import {
  stripOf,
  type Inspected,
  type StripItem,
  type StripName,
  type ViewModel,
} from '#lib/notebook/view-model.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import { Detector, type Answered } from './detector.svelte.ts';
import { CONFIG, GRAPHS, MODELS, NETS, SPEC, TITLES } from './model.ts';
import type { DrawnScene } from './scene-drawing.ts';
import { SceneSource } from './scene-source.svelte.ts';
import { STEMS, type DetectionFields, type StemName } from './state.ts';

const LAST = CONFIG.decoderDepth - 1;
const FEATURES: Readonly<Record<StemName, string>> = {
  cnn: `backbone.stem.${Math.round(Math.log2(CONFIG.stride)) - 1}`,
  patches: 'backbone.patch_embed',
};
/** Tensors of the strip, in the order they are computed in. */
const stripFor = (stem: StemName): readonly StripName[] => [
  ['x', { en: 'scene', zh: '场景' }],
  [FEATURES[stem], { en: 'features', zh: '特征图' }],
  ['tokens', { en: 'tokens', zh: '词元' }],
  ['memory', { en: 'memory', zh: '记忆' }],
  [`transformer.decoder.norm.${LAST}`, { en: 'queries', zh: '查询' }],
  ['probs', { en: 'classes', zh: '类别' }],
  ['boxes', { en: 'boxes', zh: '边界框' }],
];
const STRIP = { cnn: stripFor('cnn'), patches: stripFor('patches') } as const;
const SCENE: Text = { en: 'the scene', zh: '这个场景' };
const HERE: Text = {
  en: 'The scene as the networks are fed it: photo and objects at their size, in numbers from −1 to 1.',
  zh: '网络得到的场景：照片和物体合成后的小图，数值在 −1 到 1 之间。',
};
const INSTEAD: Text = {
  en: 'The inspector opens this network with the photo alone, without the objects that stand on it here.',
  zh: '检视器打开的是同一个网络，但只有照片，没有这里放上去的物体。',
};

/** What stage, prose, strip and drawer of lesson 14 share. */
export class DetectionViewModel implements ViewModel {
  readonly walkthrough: Walkthrough<DetectionFields>;
  readonly #lang = useLang();
  readonly source: SceneSource;
  /** The chosen network on the scene, as it is. */
  readonly detector: Detector;
  readonly ofInput = HERE;

  constructor(walkthrough: Walkthrough<DetectionFields>) {
    this.walkthrough = walkthrough;
    this.source = new SceneSource(walkthrough);
    this.detector = new Detector(() => ({ scene: this.source.current, stem: this.stem }));
    timePasses(() => this.live);
  }

  get state() {
    return this.walkthrough.state;
  }
  /** The chosen network, or the one that this copy of the site has. */
  get stem(): StemName {
    return NETS.includes(this.state.stem) ? this.state.stem : (NETS[0] ?? 'cnn');
  }
  get live(): LiveModel<DetrConfig> {
    return this.detector.live;
  }
  /** The scene as it is now. */
  get scene(): DrawnScene | undefined {
    return this.source.current;
  }
  /** The newest answer, with the scene that it is of. */
  get answered(): Answered | undefined {
    return this.detector.answered;
  }
  /**
   * The scene that is drawn: while answers come quickly that of the newest answer, so that picture and boxes are of one
   * request; while one is late the newest, without boxes.
   */
  readonly drawn: DrawnScene | undefined = $derived.by(() =>
    this.answered && !this.live.late ? this.answered.scene : this.scene,
  );
  /** The newest answer, if it is of the scene that is drawn. */
  readonly said: Answered | undefined = $derived.by(() =>
    this.answered?.scene === this.drawn ? this.answered : undefined,
  );
  /** The drawn scene as a picture, for figures that lie over it. */
  readonly picture: Rgba | undefined = $derived.by(() => this.drawn && unpreprocess(this.drawn.x, SPEC));
  /** The scene of the newest answer as a picture, for maps of that answer. */
  readonly answeredPicture: Rgba | undefined = $derived.by(
    () => this.answered && unpreprocess(this.answered.scene.x, SPEC),
  );

  // What the lesson page asks for.

  get asking(): Text {
    return SCENE;
  }
  readonly strip: readonly StripItem[] = $derived.by(() => stripOf(this, STRIP[this.stem]));
  readonly nets = $derived.by(() => ({
    options: NETS.map((value) => ({ value, label: TITLES[value][this.#lang()] })),
    choose: (value: string) => {
      const stem = NETS.find((one) => one === value);
      if (!stem) return;
      this.state.stem = stem;
      const { opened } = this.walkthrough;
      if (opened !== undefined && !GRAPHS[stem].values.has(opened)) this.walkthrough.opened = 'tokens';
    },
    of: (name?: string) => (name === undefined ? this.stem : this.#stemOf(name)),
  }));
  /** The network a tensor is looked for in: the chosen one, or the one that has it. */
  #stemOf(name: string): StemName {
    const { stem } = this;
    return GRAPHS[stem].values.has(name) ? stem : (STEMS.find((one) => GRAPHS[one].values.has(name)) ?? stem);
  }
  readonly #x = inputTensor(
    'x',
    () => this.scene?.x,
    () => knownOf(GRAPHS.cnn, 'x'),
  );
  readonly #ofModel = {
    cnn: byName((name) => tensorOf(this.detector.of('cnn'), name, { graph: () => GRAPHS.cnn })),
    patches: byName((name) => tensorOf(this.detector.of('patches'), name, { graph: () => GRAPHS.patches })),
  };
  named(name: string): NamedTensor | undefined {
    if (name === 'x') return this.#x;
    const stem = this.#stemOf(name);
    return GRAPHS[stem].values.has(name) ? this.#ofModel[stem](name) : undefined;
  }
  inspected(name: string): Inspected {
    return { model: MODELS[this.#stemOf(name)], picture: this.state.pic, instead: INSTEAD };
  }
}
