import { ConfigError } from '#lib/base/config-error.ts';
import type { GeluKind } from '../shared/layers.ts';
import {
  checkHeads,
  checkMlp,
  checkPatchConfig,
  MOST_TOKENS,
  oneOf,
  whole,
  type PatchConfig,
} from '../shared/patch-config.ts';
import type { StemConfig } from '../shared/stem-config.ts';

/**
 * The `config` object of a CLIP: a picture tower, whose sizes have the names of a ViT's, and a text tower. Sizes are
 * whole numbers from 1 up unless said otherwise.
 */
export interface CLIPConfig extends PatchConfig {
  /** Width of the MLPs of both towers as a multiple of theirs; the products must be whole. */
  readonly mlpRatio: number;
  /** ε of every LayerNorm. */
  readonly normEps: number;
  /** Ids of the tokenizer. */
  readonly vocabulary: number;
  /** Tokens of a text, T: those of the row, `<start>`, `<end>` and what fills it among them. */
  readonly context: number;
  /** Width, blocks and heads of the text tower. */
  readonly textDim: number;
  readonly textDepth: number;
  readonly textHeads: number;
  /** Dimensions of the space that both towers end in, E. */
  readonly embed: number;
  /** Texts at once, S. Default 1. */
  readonly texts?: number;
  /** The id of `<end>`, which every row has once. Default 2. */
  readonly end?: number;
  /** Default `erf`; OpenAI's models have `sigmoid`. */
  readonly gelu?: GeluKind;
  /** A LayerNorm before the picture tower's blocks, and patches projected without bias, as OpenAI's models have it. */
  readonly preNorm?: boolean;
  /** CLS has a position, too, as in OpenAI's models. Default false. */
  readonly clsPosition?: boolean;
}

/** Fields that a configuration may leave out, as they then are. */
export const CLIP_OPTIONAL = {
  texts: 1,
  end: 2,
  gelu: 'erf',
  preNorm: false,
  clsPosition: false,
} as const satisfies Partial<CLIPConfig>;

/** The notebook's own: vit-flexi's tower at 64 pixels, and four blocks for words of two languages. */
export const CLIP_DEFAULTS: CLIPConfig = {
  image: 64,
  channels: 3,
  patch: 8,
  dim: 192,
  depth: 12,
  heads: 3,
  mlpRatio: 4,
  normEps: 1e-6,
  vocabulary: 4000,
  context: 24,
  textDim: 192,
  textDepth: 4,
  textHeads: 3,
  embed: 128,
};

/** A configuration with what it leaves out filled in. */
export function wholeConfig(c: CLIPConfig) {
  return { ...CLIP_OPTIONAL, ...c };
}

/** What comes before the picture tower's blocks. */
export function stemOf(c: CLIPConfig): StemConfig {
  const { preNorm, clsPosition } = wholeConfig(c);
  return { ...c, positions: 'learned', clsPosition, preNorm, registers: 0 };
}

/** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
export function checkClip(c: CLIPConfig): void {
  checkPatchConfig(c);
  whole(c, ['vocabulary', 'context', 'textDim', 'textDepth', 'textHeads', 'embed'], 1);
  const all = wholeConfig(c);
  whole(all, ['texts'], 1);
  whole(all, ['end'], 0);
  oneOf(all, 'gelu', ['erf', 'tanh', 'sigmoid']);
  oneOf(all, 'preNorm', [true, false]);
  oneOf(all, 'clsPosition', [true, false]);
  checkHeads('textHeads', c.textDim, c.textHeads);
  checkMlp('mlpRatio', c.textDim, c.mlpRatio);
  if (c.context < 3)
    throw new ConfigError('context', `${c.context} tokens leave none for a word; 3 is the least.`);
  if (all.end >= c.vocabulary) {
    throw new ConfigError('end', `${all.end} is none of the ${c.vocabulary} ids of the vocabulary.`);
  }
  if (all.texts * c.context > MOST_TOKENS) {
    const [tokens, most] = [all.texts * c.context, MOST_TOKENS].map((n) => n.toLocaleString('en-US'));
    throw new ConfigError('texts', `make ${tokens} tokens; at most ${most} can be.`);
  }
}

/** Fills a partial configuration with the defaults and checks it. */
export function clipConfig(partial: Partial<CLIPConfig>): CLIPConfig {
  const c: CLIPConfig = { ...CLIP_DEFAULTS, ...partial };
  checkClip(c);
  return c;
}
