import { useLang, type Text } from '#lib/base/lang.ts';
import { byName } from '#lib/live/by-name.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { inputTensor, knownOf, tensorOf } from '#lib/live/make-tensor.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import { TextTokens } from '#lib/live/text-tokens.svelte.ts';
import type { AutoregressiveConfig } from '#lib/models/autoregressive/config.ts';
import { PICTURE, TOKENS, type CLIPConfig } from '#lib/models/clip/graph.ts';
import type { InputValues } from '#lib/models/family.ts';
import type { ResidualMlpConfig } from '#lib/models/residual-mlp/config.ts';
import type { VqConfig } from '#lib/models/vq/config.ts';
import {
  stripOf,
  type Inspected,
  type StripItem,
  type StripName,
  type ViewModel,
} from '#lib/notebook/view-model.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import { PictureOrSign } from '#lib/pictures/picture-or-sign.svelte.ts';
import { useEngine } from '#lib/runtime/context.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { GRAPHS, MODELS, NET_TITLES, SIDE } from './model.ts';
import { NETS, type NetName, type OrderName, type ViewName } from './names.ts';
import { netsOf } from './nets-of.ts';
import type { CodesFields } from './state.ts';
import type { Fed } from './writing-room.ts';
import { Writing } from './writing.svelte.ts';

/** Views that ask for a picture, or for codes alone, and not for words. */
const PICTURED: readonly ViewName[] = ['nearest', 'book', 'replace', 'rate', 'pyramid'];
const PICTURE_ASKED: Text = { en: 'the picture', zh: '这张图片' };
/** Tensors of the strip, by network, in the order they are computed in. */
const CODED: readonly StripName[] = [
  ['x', { en: 'picture', zh: '图片' }],
  ['quant_conv', { en: 'latents', zh: '隐变量' }],
  ['codes', { en: 'codes', zh: '码字编号' }],
  ['z', { en: 'their entries', zh: '对应的码字' }],
  ['reconstruction', { en: 'decoded', zh: '解码结果' }],
];
const CHOSEN: readonly StripName[] = [
  ['context', { en: 'text', zh: '文本' }],
  ['tokens', { en: 'one sequence', zh: '一个序列' }],
  ['hidden', { en: 'hidden states', zh: '隐藏状态' }],
  ['logits', { en: 'logits', zh: 'logit' }],
];
const STRIP: Readonly<Record<NetName, readonly StripName[]>> = {
  vq: CODED,
  var: CODED,
  text: [
    [TOKENS, { en: 'ids of the text', zh: '文本的词元编号' }],
    ['text.last_hidden_state', { en: 'features', zh: '文本特征' }],
  ],
  raster: CHOSEN,
  masked: CHOSEN,
  scales: CHOSEN,
  hart: [
    ['x', { en: 'noisy rest', zh: '带噪残余' }],
    ['c', { en: 'condition', zh: '条件' }],
    ['prediction', { en: 'prediction', zh: '预测' }],
  ],
};
const HERE: Text = {
  en: 'What the reader gave, as the networks take it: a picture of 64 × 64 pixels in numbers from −1 to 1, or the numbers of a text’s tokens.',
  zh: '输入内容在网络里的形式：64 × 64 像素、数值在 −1 到 1 之间的图片，或一段文本的词元编号。',
};

/** What stage, prose, strip and drawer of lesson 16 share. */
export class CodesViewModel implements ViewModel {
  readonly walkthrough: Walkthrough<CodesFields>;
  readonly engine: Engine;
  /** The autoencoders whole, at the reader's picture: one grid of codes, and six. */
  readonly vq: LiveModel<VqConfig>;
  readonly var: LiveModel<VqConfig>;
  /** CLIP, of which the text tower is read. */
  readonly text: LiveModel<CLIPConfig>;
  /** The networks that choose codes, by their order. */
  readonly choosers: Readonly<Record<OrderName, LiveModel<AutoregressiveConfig>>>;
  readonly hart: LiveModel<ResidualMlpConfig>;
  readonly tokens: TextTokens;
  /** What is encoded: the reader's picture, or a sign. */
  readonly given: PictureOrSign;
  /** What the tensors of the chooser of the state's order are of: a panel or a run sets it while it is on show. */
  asked = $state.raw<Fed>();
  /** What the network for the rest is fed, likewise. */
  rest = $state.raw<InputValues>();
  /** The picture that is written of the reader's words. */
  readonly writing: Writing;
  readonly ofInput = HERE;
  readonly #lang = useLang();

  constructor(walkthrough: Walkthrough<CodesFields>) {
    this.walkthrough = walkthrough;
    const engine = (this.engine = useEngine());
    const still = { ahead: false };
    this.vq = new LiveModel<VqConfig>(engine, MODELS.vq, still);
    this.var = new LiveModel<VqConfig>(engine, MODELS.var, still);
    this.text = new LiveModel<CLIPConfig>(engine, MODELS.text, still);
    this.choosers = {
      raster: new LiveModel<AutoregressiveConfig>(engine, MODELS.raster, still),
      masked: new LiveModel<AutoregressiveConfig>(engine, MODELS.masked, still),
      scales: new LiveModel<AutoregressiveConfig>(engine, MODELS.scales, still),
    };
    this.hart = new LiveModel<ResidualMlpConfig>(engine, MODELS.hart, still);
    this.tokens = new TextTokens(this.text);
    this.given = new PictureOrSign(walkthrough, walkthrough.state, SIDE);
    this.writing = new Writing(this);
    $effect(() => void this.tokens.load());
    $effect(() => {
      const { x } = this.given;
      this.vq.inputs = x && { x };
      this.var.inputs = x && { x };
    });
    $effect(() => {
      const { ids } = this;
      const { painted } = this.writing;
      this.text.inputs = ids && { [TOKENS]: ids, ...(painted && { [PICTURE]: painted }) };
    });
    $effect(() => {
      const { chooser, asked } = this;
      chooser.batch = asked?.inputs.y?.length ?? 1;
      chooser.interventions = asked?.interventions;
      chooser.inputs = asked?.inputs;
    });
    $effect(() => {
      this.hart.inputs = this.rest;
    });
  }

  get state() {
    return this.walkthrough.state;
  }
  /** The network that chooses codes in the order of the view on show. */
  get chooser(): LiveModel<AutoregressiveConfig> {
    return this.choosers[this.writing.order];
  }
  /** The autoencoder whose codes an order writes. */
  tokenizer(order: OrderName = this.writing.order): LiveModel<VqConfig> {
    return order === 'scales' ? this.var : this.vq;
  }
  /** The typed text as the tower is fed it, `[1, T]`; undefined before the tokenizer of text is here. */
  readonly ids: Float32Array | undefined = $derived.by(() => {
    const row = this.tokens.rows([this.state.word])?.[0];
    return row && Float32Array.from(row.ids);
  });

  // What the lesson page asks for.

  /** Whether the view on show asks for a picture, or for codes alone, and not for words. */
  get pictured(): boolean {
    const { view, cut } = this.state;
    return PICTURED.includes(view) || (view === 'break' && cut === 'half-book');
  }
  get asking(): Text {
    if (this.pictured) return PICTURE_ASKED;
    const word = [...this.state.word.trim()].slice(0, 26).join('');
    return word ? { en: `“${word}”`, zh: `“${word}”` } : { en: 'an empty text', zh: '空文本' };
  }
  readonly strip: readonly StripItem[] = $derived.by(() => stripOf(this, STRIP[this.state.net]));
  readonly nets = $derived.by(() => ({
    field: 'net',
    // Those of the view, and the one that is shown.
    options: NETS.filter((net) => net === this.state.net || netsOf(this.state).includes(net)).map(
      (value) => ({
        value,
        label: NET_TITLES[value][this.#lang()],
      }),
    ),
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
  /** The network a tensor is looked for in: the chosen one, or the first that has it. */
  netOf(name: string): NetName {
    const { net } = this.state;
    return GRAPHS[net].values.has(name) ? net : (NETS.find((one) => GRAPHS[one].values.has(name)) ?? net);
  }
  /** A network's running model. */
  liveOf(net: NetName): LiveModel {
    if (net === 'raster' || net === 'masked' || net === 'scales') return this.choosers[net];
    return { vq: this.vq, var: this.var, text: this.text, hart: this.hart }[net];
  }
  #tensorsOf(net: NetName): (name: string) => NamedTensor {
    return byName((name) => tensorOf(this.liveOf(net), name, { graph: () => GRAPHS[net], which: 0 }));
  }
  readonly #of: Readonly<Record<NetName, (name: string) => NamedTensor>> = {
    vq: this.#tensorsOf('vq'),
    var: this.#tensorsOf('var'),
    text: this.#tensorsOf('text'),
    raster: this.#tensorsOf('raster'),
    masked: this.#tensorsOf('masked'),
    scales: this.#tensorsOf('scales'),
    hart: this.#tensorsOf('hart'),
  };
  readonly #x = inputTensor(
    'x',
    () => this.given.x,
    () => knownOf(GRAPHS.vq, 'x'),
  );
  readonly #ids = inputTensor(
    TOKENS,
    () => this.ids,
    () => knownOf(GRAPHS.text, TOKENS),
  );
  /** A tensor of a network by its name there; undefined for a name that its graph does not have. */
  tensor(net: NetName, name: string): NamedTensor | undefined {
    if ((net === 'vq' || net === 'var') && name === 'x') return this.#x;
    if (net === 'text' && name === TOKENS) return this.#ids;
    return GRAPHS[net].values.has(name) ? this.#of[net](name) : undefined;
  }
  named(name: string): NamedTensor | undefined {
    return this.tensor(this.netOf(name), name);
  }
  /** The inspector opens the network at the same picture or words. */
  inspected(name: string): Inspected {
    const net = this.netOf(name);
    const { pic, word } = this.state;
    const what = { model: MODELS[net] };
    if (net === 'vq' || net === 'var') return { ...what, picture: pic };
    return net === 'hart' ? what : { ...what, texts: [word] };
  }
}
