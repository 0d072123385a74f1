import { useLang, type Text } from '#lib/base/lang.ts';
import { followSpec, followStep } from '#lib/diffusion/session/follow-run.svelte.ts';
import { LiveDenoiser, type Call } from '#lib/diffusion/session/live-denoiser.svelte.ts';
import { byName } from '#lib/live/by-name.ts';
import { timePasses } from '#lib/live/latest-pass.svelte.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { inputTensor, knownOf, tensorOf } from '#lib/live/make-tensor.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import { TextTokens } from '#lib/live/text-tokens.svelte.ts';
import type { AutoencoderConfig } from '#lib/models/autoencoder/config.ts';
import { PICTURE, TOKENS, type CLIPConfig } from '#lib/models/clip/graph.ts';
import { styleClass } from '#lib/notebook/painting/styles.ts';
import {
  stripOf,
  type Inspected,
  type StripItem,
  type StripName,
  type ViewModel,
} from '#lib/notebook/view-model.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import { PictureOrSign } from '#lib/pictures/picture-or-sign.svelte.ts';
import type { PaintedStep, WordsToPicture } from '#lib/programs/words-to-picture/program.ts';
import { useEngine } from '#lib/runtime/context.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { askedWords } from './asked-words.ts';
import { GRAPHS, HAS_TWIN, MODELS, NET_TITLES, SIDE } from './model.ts';
import { NETS, type NetName, type ViewName } from './names.ts';
import { paintRun, type PaintParts, type PaintRun } from './painting.svelte.ts';
import type { LatentsFields } from './state.ts';
import { FEATURES, TextContexts } from './text-contexts.svelte.ts';

/** Tensors of the strip, by network, in the order they are computed in. */
const STRIP: Readonly<Record<NetName, readonly StripName[]>> = {
  autoencoder: [
    ['x', { en: 'picture', zh: '图片' }],
    ['mean', { en: 'latents', zh: '隐变量' }],
    ['reconstruction', { en: 'decoded', zh: '解码结果' }],
  ],
  text: [
    [TOKENS, { en: 'ids of the text', zh: '文本的词元编号' }],
    [FEATURES, { en: 'features', zh: '文本特征' }],
  ],
  denoiser: [
    ['x', { en: 'noisy latents', zh: '带噪隐变量' }],
    ['context', { en: 'text', zh: '文本' }],
    ['tokens', { en: 'one sequence', zh: '一个序列' }],
    ['prediction', { en: 'prediction', zh: '预测' }],
  ],
  twin: [
    ['x', { en: 'noisy latents', zh: '带噪隐变量' }],
    ['context', { en: 'text', zh: '文本' }],
    ['prediction', { en: 'prediction', zh: '预测' }],
  ],
};
/** Views that need the painting that the reader's settings ask for. */
const PAINTING: readonly ViewName[] = ['paint', 'told', 'attend', 'guide', 'twin', 'break'];
const HERE: Text = {
  en: 'What the reader gave, as the networks take it: a picture of 64 × 64 pixels in numbers from −1 to 1, or the numbers of a text’s tokens.',
  zh: '输入内容在网络里的形式：64 × 64 像素、数值在 −1 到 1 之间的图片，或一段文本的词元编号。',
};

/** What stage, prose, strip and drawer of lesson 15 share. */
export class LatentsViewModel implements ViewModel {
  readonly walkthrough: Walkthrough<LatentsFields>;
  readonly engine: Engine;
  /** The autoencoder whole, at the reader's picture. */
  readonly autoencoder: LiveModel<AutoencoderConfig>;
  /** The same weights, beginning at latents: `inputs = { z }`, in the scale of `mean`. */
  readonly decoder: LiveModel<AutoencoderConfig>;
  /** CLIP, of which the text tower is read. */
  readonly text: LiveModel<CLIPConfig>;
  /** The U-ViT at one state; the call is that of the step on show. */
  readonly denoiser: LiveDenoiser;
  /** Its U-Net twin, where this copy of the site has it. */
  readonly twin: LiveDenoiser | undefined;
  readonly tokens: TextTokens;
  readonly contexts: TextContexts;
  /** What is encoded: the reader's picture, or a sign. */
  readonly given: PictureOrSign;
  /** A panel's own painting, while it is open: transport and progress are its. */
  own = $state.raw<PaintRun>();
  /** The painting that word, style and settings ask for. */
  readonly run: PaintRun;
  /** Latents to look at in place of the run's state: a panel sets it while it is open, in an effect. */
  asked = $state.raw<Call>();
  readonly ofInput = HERE;
  readonly #lang = useLang();

  constructor(walkthrough: Walkthrough<LatentsFields>) {
    this.walkthrough = walkthrough;
    const engine = (this.engine = useEngine());
    this.autoencoder = new LiveModel<AutoencoderConfig>(engine, MODELS.autoencoder, { ahead: false });
    this.decoder = new LiveModel<AutoencoderConfig>(engine, MODELS.autoencoder, { ahead: false });
    this.decoder.variant = { fromLatents: 1 };
    this.text = new LiveModel<CLIPConfig>(engine, MODELS.text, { ahead: false });
    this.denoiser = new LiveDenoiser(engine, MODELS.denoiser);
    this.twin = HAS_TWIN ? new LiveDenoiser(engine, MODELS.twin) : undefined;
    this.tokens = new TextTokens(this.text);
    this.contexts = new TextContexts(this.text, this.tokens);
    this.given = new PictureOrSign(walkthrough, walkthrough.state, SIDE);
    this.run = this.newRun();
    $effect(() => void this.tokens.load());
    $effect(() => {
      const { x } = this;
      this.autoencoder.inputs = x && { x };
    });
    $effect(() => {
      const { ids, painted } = this;
      this.text.inputs = ids && { [TOKENS]: ids, ...(painted && { [PICTURE]: painted }) };
    });
    $effect(() => {
      this.denoiser.call = this.call;
    });
    $effect(() => {
      if (this.twin) this.twin.call = this.call;
    });
    followSpec(this.run, () => this.spec);
    followStep(this.run, this.state);
    timePasses(() => this.denoiser.live);
  }

  get state() {
    return this.walkthrough.state;
  }

  // Pictures and latents.

  /** The picture that is encoded, `[3, S, S]` in −1 … 1: the chosen sign on white, or the reader's picture. */
  get x(): Float32Array | undefined {
    return this.given.x;
  }
  /** One over the deviation of latents; what the denoiser sees is the latents times it. Undefined before it is here. */
  get scalingFactor(): number | undefined {
    return this.autoencoder.config?.config.scalingFactor;
  }

  // Painting.

  /** The models as parts of the program, the U-ViT or its twin painting. */
  parts(net: 'denoiser' | 'twin' = 'denoiser'): PaintParts {
    const { live } = (net === 'twin' ? this.twin : undefined) ?? this.denoiser;
    return { text: this.text, denoiser: live, decoder: this.decoder };
  }
  /** A painting of a panel's own; give it `followSpec`, or cancel it when the panel goes. */
  newRun(net: 'denoiser' | 'twin' = 'denoiser'): PaintRun {
    return paintRun(this.engine, this.parts(net));
  }
  /** The drawing style by index, or null for none. */
  get style(): number | null {
    return styleClass(this.state.style);
  }
  /**
   * What the settings ask of the program, of any word; undefined before the tokenizer is here. Put what differs over it:
   * `{ ...vm.specOf('goat'), guidance: 1 }`.
   */
  specOf(...texts: readonly string[]): WordsToPicture | undefined {
    const rows = this.tokens.rows([...texts, '']);
    if (!rows) return undefined;
    const { m, n, seed, w, dec } = this.state;
    const ids = rows.map((row) => row.ids);
    return {
      ...(dec === 'x' && { decode: ['x0', 'x'] as const }),
      sampler: m,
      steps: n,
      seed,
      guidance: w,
      labels: texts.map(() => this.style),
      words: [{ after: 0, texts: ids.slice(0, -1) }],
      empty: ids.at(-1) ?? [],
    };
  }
  /** What `run` is to paint. */
  readonly spec: WordsToPicture | undefined = $derived.by(() =>
    PAINTING.includes(this.state.view) ? this.specOf(this.state.word) : undefined,
  );
  /** The step on show: the one that `k` names, or the newest; undefined while the noise is on show. */
  get step(): PaintedStep | undefined {
    return this.run.frame?.by;
  }
  /** The picture it stands for as CLIP's picture tower takes it, `[3, S, S]` in −1 … 1; undefined before the first step. */
  readonly painted: Float32Array | undefined = $derived.by(() =>
    this.step?.pictures.x0?.map((v) => Math.min(1, Math.max(-1, v))),
  );
  /** The state on show as a call of the network; of a finished picture the one it was made from. */
  readonly call: Call | undefined = $derived.by(() => {
    if (this.asked) return this.asked;
    const { step, run } = this;
    const frame = step?.t === 0 ? (run.steps.find((one) => one.step === step.step - 1) ?? step) : step;
    if (!frame || frame.t === 0) return undefined;
    return { x: frame.x, t: frame.t, label: this.style, context: frame.context, both: true };
  });

  // Words.

  /** The typed text as the tower is fed it, `[1, T]`; undefined before the tokenizer is here. */
  readonly ids: Float32Array | undefined = $derived.by(() => {
    const row = this.tokens.rows([this.state.word])?.[0];
    return row && Float32Array.from(row.ids);
  });

  // What the lesson page asks for.

  get asking(): Text {
    const { view, word, other } = this.state;
    return view === 'swap' ? askedWords(word, other) : askedWords(word);
  }
  readonly strip: readonly StripItem[] = $derived.by(() => stripOf(this, STRIP[this.state.net]));
  readonly nets = $derived.by(() => ({
    field: 'net',
    options: NETS.filter((net) => net !== 'twin' || HAS_TWIN).map((value) => ({
      value,
      label: NET_TITLES[value][this.#lang()],
    })),
    choose: (value: string) => {
      const net = NETS.find((one) => one === value);
      if (!net) return;
      this.state.net = net;
      const { opened } = this.walkthrough;
      if (opened !== undefined && !GRAPHS[net].values.has(opened))
        this.walkthrough.opened = STRIP[net][0]?.[0];
    },
    of: (name?: string) => (name === undefined ? this.state.net : this.netOf(name)),
  }));
  /** The network a tensor is looked for in: the chosen one, or the one that has it. */
  netOf(name: string): NetName {
    const { net } = this.state;
    return GRAPHS[net].values.has(name) ? net : (NETS.find((one) => GRAPHS[one].values.has(name)) ?? net);
  }
  /** A network's running model; of the twin's where there is one. */
  liveOf(net: NetName): LiveModel {
    if (net === 'autoencoder') return this.autoencoder;
    if (net === 'text') return this.text;
    return (net === 'twin' ? this.twin : undefined)?.live ?? this.denoiser.live;
  }
  readonly #of = {
    autoencoder: byName((name) => tensorOf(this.autoencoder, name, { graph: () => GRAPHS.autoencoder })),
    text: byName((name) => tensorOf(this.text, name, { graph: () => GRAPHS.text })),
    denoiser: byName((name) =>
      tensorOf(this.denoiser.live, name, { graph: () => GRAPHS.denoiser, which: 0 }),
    ),
    twin: byName((name) => tensorOf(this.liveOf('twin'), name, { graph: () => GRAPHS.twin, which: 0 })),
  };
  readonly #inputs: Readonly<Record<string, NamedTensor>> = {
    'autoencoder/x': inputTensor(
      'x',
      () => this.x,
      () => knownOf(GRAPHS.autoencoder, 'x'),
    ),
    [`text/${TOKENS}`]: inputTensor(
      TOKENS,
      () => this.ids,
      () => knownOf(GRAPHS.text, TOKENS),
    ),
  };
  /** A tensor of a network by its name there; undefined for a name that its graph does not have. */
  tensor(net: NetName, name: string): NamedTensor | undefined {
    return this.#inputs[`${net}/${name}`] ?? (GRAPHS[net].values.has(name) ? this.#of[net](name) : undefined);
  }
  named(name: string): NamedTensor | undefined {
    return this.tensor(this.netOf(name), name);
  }
  /** The inspector opens the network at the same picture or words; a state of a run it begins from the same seed. */
  inspected(name: string): Inspected {
    const net = this.netOf(name);
    const { pic, word, seed } = this.state;
    const what = { model: MODELS[net] };
    if (net === 'autoencoder') return { ...what, picture: pic };
    if (net === 'text') return { ...what, texts: [word] };
    return { ...what, class: this.style ?? -1, seed, texts: [word] };
  }
}
