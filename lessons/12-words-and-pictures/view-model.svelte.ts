import type { Text } from '#lib/base/lang.ts';
import { fitPicture, preprocess } from '#lib/images/index.ts';
import { byName } from '#lib/live/by-name.ts';
import { timePasses } from '#lib/live/latest-pass.svelte.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { inputTensor, knownOf, tensorOf } from '#lib/live/make-tensor.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import { TextTokens } from '#lib/live/text-tokens.svelte.ts';
import { PICTURE, TOKENS, type CLIPConfig } from '#lib/models/clip/graph.ts';
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
import type { EncodedText } from '#lib/text/tokenizer.ts';
import { CONFIG, graphFor, MODEL, SPEC } from './model.ts';
import { cosinesWith } from '#lib/analysis/ranking.ts';
import { SignIndex } from '#lib/pictures/sign-index.svelte.ts';
import { SignMap } from './sign-map.svelte.ts';
import { SignSheet } from '#lib/pictures/sign-sheet.svelte.ts';
import type { WordsFields } from './state.ts';
import { TextEmbeddings } from './text-embeddings.svelte.ts';

/** Tensors of the strip: the picture's way, the text's way, and where they meet. */
const WAY: readonly StripName[] = [
  [PICTURE, { en: 'picture', zh: '图片' }],
  ['visual.pooled', { en: 'class token', zh: '分类词元' }],
  ['visual.embedding', { en: 'picture’s direction', zh: '图片的方向' }],
  [TOKENS, { en: 'ids of the text', zh: '文本的词元编号' }],
  ['text.pooled', { en: 'last token', zh: '结束词元' }],
  ['text.embedding', { en: 'text’s direction', zh: '文本的方向' }],
  ['logits', { en: 'scaled cosine', zh: '缩放后的余弦' }],
];
const OWN_PICTURE: Text = { en: 'your picture', zh: '你的图片' };
const NOTHING: Text = { en: 'an empty text', zh: '空文本' };
const HERE: Text = {
  en: 'What the reader gave, as the model takes it: a picture of its size, or the numbers of a text’s tokens.',
  zh: '输入内容在模型里的形式：缩放到模型大小的图片，或一段文本的词元编号。',
};

const SCALE = 'logit_scale';

/** What the text tower last answered, and of which text. */
export interface Answered {
  readonly text: string;
  /** `[E]`, of length 1. */
  readonly embedding: Float32Array;
}
/** What the picture tower last answered, and of which picture: an id of the gallery, or `own`. */
export interface Seen {
  readonly picture: string;
  /** `[E]`, of length 1. */
  readonly embedding: Float32Array;
}

/** What stage, prose, strip and drawer of lesson 12 share. */
export class WordsViewModel implements ViewModel {
  readonly walkthrough: Walkthrough<WordsFields>;
  /** Both towers, at the reader's picture and the typed text. */
  readonly live: LiveModel<CLIPConfig>;
  readonly seen: FollowedPicture;
  readonly tokens: TextTokens;
  /** Embeddings of any further texts. */
  readonly texts: TextEmbeddings;
  /** Signs and photos that a word is compared with. */
  readonly index = new SignIndex(MODEL, CONFIG.embed);
  /** The pixels of the signs; comes with the index, once a sign is drawn: see SignTile. */
  readonly sheet = new SignSheet();
  readonly map = new SignMap();
  readonly ofInput = HERE;
  /** Which text a row of ids is of, and which picture an input. */
  readonly #textOf = new WeakMap<Float32Array, string>();
  readonly #pictureOf = new WeakMap<Float32Array, string>();

  constructor(walkthrough: Walkthrough<WordsFields>) {
    this.walkthrough = walkthrough;
    const engine = useEngine();
    this.live = new LiveModel<CLIPConfig>(engine, MODEL, { ahead: false });
    this.seen = new FollowedPicture<'pic'>(walkthrough, walkthrough.state);
    this.tokens = new TextTokens(this.live);
    this.texts = new TextEmbeddings(this.live, this.tokens);
    $effect(() => void this.tokens.load());
    $effect(() => {
      const { x, ids } = this;
      this.live.inputs = x && ids ? { [PICTURE]: x, [TOKENS]: ids } : undefined;
    });
    $effect(() => this.live.tensors.want('text.embedding'));
    $effect(() => this.live.tensors.want(SCALE));
    timePasses(() => this.live);
  }

  get state() {
    return this.walkthrough.state;
  }
  /** The square the model sees, 0 … 255. */
  readonly square = $derived.by(
    () => this.seen.picture.rgba && fitPicture(this.seen.picture.rgba, SPEC.size, SPEC.fit),
  );
  /** The picture as the model is fed it, `[3, S, S]`. */
  readonly x: Float32Array | undefined = $derived.by(() => {
    const { rgba, shown } = this.seen.picture;
    if (!rgba || shown === undefined) return undefined;
    const x = preprocess(rgba, SPEC);
    this.#pictureOf.set(x, shown);
    return x;
  });
  /** What the tokenizer makes of the typed text; undefined until it is here. */
  readonly row: EncodedText | undefined = $derived.by(() => this.tokens.rows([this.state.word])?.[0]);
  /** The typed text as the model is fed it, `[1, T]`. */
  readonly ids: Float32Array | undefined = $derived.by(() => {
    if (!this.row) return undefined;
    const ids = Float32Array.from(this.row.ids);
    this.#textOf.set(ids, this.state.word);
    return ids;
  });

  /** The newest embedding of a typed text, and the text it is of, which may not be the newest typed. */
  readonly answered: Answered | undefined = $derived.by(() => {
    const ids = this.live.shown?.inputs[TOKENS];
    const text = ids && this.#textOf.get(ids);
    const embedding = this.live.tensors.get('text.embedding')?.data;
    return text !== undefined && embedding ? { text, embedding } : undefined;
  });
  /** The newest embedding of a picture, and the picture it is of. Wants nothing: see `wantPicture`. */
  readonly pictured: Seen | undefined = $derived.by(() => {
    const x = this.live.shown?.inputs[PICTURE];
    const picture = x && this.#pictureOf.get(x);
    const embedding = this.live.tensors.get('visual.embedding')?.data;
    return picture !== undefined && embedding ? { picture, embedding } : undefined;
  });
  /** Asks for the picture's embedding: `$effect(() => vm.wantPicture())`. */
  wantPicture(): () => void {
    return this.live.tensors.want('visual.embedding');
  }
  /** exp(logit_scale), by which cosines are multiplied, as it was learned; undefined until the weights are here. */
  readonly scale: number | undefined = $derived.by(() => {
    const learned = this.live.tensors.get(SCALE)?.data[0];
    return learned === undefined ? undefined : Math.exp(learned);
  });

  /** Fetches the index once the model is here, since a picture is found only by its answer: `$effect(() => vm.wantIndex())`. */
  wantIndex(): void {
    if (this.live.phase === 'ready') void this.index.load();
  }
  /** Cosines of the answered text with every sign and every photo; undefined until both are here. */
  readonly cosines = $derived.by(() => {
    const { answered } = this;
    const { table } = this.index;
    if (!answered || !table) return undefined;
    const { text, embedding } = answered;
    return {
      text,
      signs: cosinesWith(embedding, table.signs),
      photos: cosinesWith(embedding, table.photoRows),
    };
  });

  // What the lesson page asks for.

  get asking(): Text {
    const title = galleryPicture(this.state.pic)?.title ?? OWN_PICTURE;
    const word = this.state.word.trim();
    return word
      ? { en: `“${word}”, ${title.en}`, zh: `“${word}”，${title.zh}` }
      : { en: `${NOTHING.en}, ${title.en}`, zh: `${NOTHING.zh}，${title.zh}` };
  }
  readonly graph = graphFor();
  readonly #inputs: Readonly<Record<string, NamedTensor>> = {
    [PICTURE]: inputTensor(
      PICTURE,
      () => this.x,
      () => knownOf(this.graph, PICTURE),
    ),
    [TOKENS]: inputTensor(
      TOKENS,
      () => this.ids,
      () => knownOf(this.graph, TOKENS),
    ),
  };
  readonly #ofModel = byName((name) => tensorOf(this.live, name, { graph: () => this.graph }));
  named(name: string): NamedTensor | undefined {
    return this.#inputs[name] ?? (this.graph.values.has(name) ? this.#ofModel(name) : undefined);
  }
  readonly strip: readonly StripItem[] = $derived.by(() => stripOf(this, WAY));
  /** The inspector feeds the same picture and the same text. */
  inspected(): Inspected {
    return { model: MODEL, picture: this.state.pic, texts: [this.state.word] };
  }
}
