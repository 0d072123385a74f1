import { ConfigError } from '#lib/base/config-error.ts';
import {
  checkEps,
  checkHeads,
  checkSincos,
  flags,
  MOST_TOKENS,
  oneOf,
  whole,
  wholes,
} from '../shared/patch-config.ts';

/** What makes tokens of a picture: one convolution of patches, a few small ones, or a ResNet as in the paper. */
export const STEMS = ['patches', 'cnn', 'resnet'] as const;
export type Stem = (typeof STEMS)[number];

/** Groups of the group norms in the stem of small convolutions. */
export const GROUPS = 8;

/** The `config` object of a detector of the DETR form. Sizes are whole numbers from 1 up unless said otherwise. */
export interface DetrConfig {
  /** Height of the picture in pixels. */
  readonly image: number;
  /** Width of the picture in pixels; the same as its height where there is none. */
  readonly imageWidth?: number;
  readonly channels: number;
  readonly stem: Stem;
  /** Pixels of the picture, across and down, that one token stands for. */
  readonly stride: number;
  /** Bottlenecks of each stage of the ResNet, for that stem alone; by default those of ResNet-50. */
  readonly blocks?: readonly number[];
  /** Channels of the ResNet's first convolution, for that stem alone; 64 by default. */
  readonly width?: number;
  /** Width D. */
  readonly dim: number;
  readonly heads: number;
  /** Width M of the feed-forward layers. */
  readonly ffn: number;
  /** Layers of the encoder. */
  readonly encoderDepth: number;
  /** Layers of the decoder. */
  readonly decoderDepth: number;
  /** Queries Q: as many answers there are, each an object or none. */
  readonly queries: number;
  /** Classes K, without “no object”. */
  readonly classes: number;
  /**
   * The sines are added to the tokens once, too, not to queries and keys alone: the variant “at input” of the paper's
   * table 3. Without it, and without a deep ResNet whose padded borders show far inside, no value tells where it is from.
   */
  readonly positionsAtInput: boolean;
  /** ε of every LayerNorm and group norm. */
  readonly normEps: number;
}

/** DETR with ResNet-50 (Carion et al. 2020, section 4.1 and table 1), for a square picture. */
export const DETR_DEFAULTS: DetrConfig = {
  image: 800,
  channels: 3,
  stem: 'resnet',
  stride: 32,
  dim: 256,
  heads: 8,
  ffn: 2048,
  encoderDepth: 6,
  decoderDepth: 6,
  queries: 100,
  classes: 91,
  positionsAtInput: false,
  normEps: 1e-5,
};

/** Bottlenecks of each stage of ResNet-50 (He et al. 2016, table 1), and how its width grows from stage to stage. */
export const RESNET_50: readonly number[] = [3, 4, 6, 3];
export const RESNET_WIDTH = 64;
/** Pixels that a place of the last stage stands for. */
export const RESNET_STRIDE = 32;

/** Longest side of a picture in pixels: the first maps of a larger one fit into no page. */
const LONGEST = 2048;

/** Sizes that follow from a configuration. */
export interface DetrSizes {
  readonly height: number;
  readonly width: number;
  /** Rows and columns of the map whose places are the tokens. */
  readonly rows: number;
  readonly columns: number;
  /** Tokens N = rows · columns. */
  readonly tokens: number;
  /** Channels after each convolution of the stem of small ones; the last has D. */
  readonly convolutions: readonly number[];
  /** Channels of the map before the projection to D. */
  readonly features: number;
  /** Of the ResNet, or nothing. */
  readonly resnet: { readonly blocks: readonly number[]; readonly width: number };
}

export function detrSizes(c: DetrConfig): DetrSizes {
  const width = c.imageWidth ?? c.image;
  // Patches leave out what fills none; convolutions are padded.
  const along = (side: number): number => Math[c.stem === 'patches' ? 'floor' : 'ceil'](side / c.stride);
  const [rows, columns] = [along(c.image), along(width)];
  const count = c.stem === 'cnn' ? Math.round(Math.log2(c.stride)) : 0;
  const resnet = { blocks: c.blocks ?? RESNET_50, width: c.width ?? RESNET_WIDTH };
  return {
    height: c.image,
    width,
    rows,
    columns,
    tokens: rows * columns,
    convolutions: Array.from({ length: count }, (_, i) => c.dim / 2 ** (count - 1 - i)),
    // The last of its stages, four times as wide outside of its bottlenecks.
    features: c.stem === 'resnet' ? 4 * resnet.width * 2 ** (resnet.blocks.length - 1) : c.dim,
    resnet,
  };
}

/** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
export function checkDetr(c: DetrConfig): void {
  whole(
    c,
    [
      'image',
      'channels',
      'stride',
      'dim',
      'heads',
      'ffn',
      'encoderDepth',
      'decoderDepth',
      'queries',
      'classes',
    ],
    1,
  );
  if (c.imageWidth !== undefined) whole(c, ['imageWidth'], 1);
  for (const [field, side] of [
    ['image', c.image],
    ['imageWidth', c.imageWidth ?? c.image],
  ] as const) {
    if (side > LONGEST) throw new ConfigError(field, `must be ${LONGEST} at the most, not ${side}.`);
  }
  oneOf(c, 'stem', STEMS);
  flags(c, ['positionsAtInput']);
  checkHeads('heads', c.dim, c.heads);
  checkSincos('dim', c.dim);
  checkEps(c);
  if (c.stem === 'resnet') checkResnet(c);
  else checkOwnStem(c);
  const { tokens } = detrSizes(c);
  if (tokens > MOST_TOKENS) {
    const count = (n: number): string => n.toLocaleString('en-US');
    throw new ConfigError('image', `makes ${count(tokens)} tokens; at most ${count(MOST_TOKENS)} can be.`);
  }
}

function checkResnet(c: DetrConfig): void {
  if (c.blocks !== undefined) wholes(c, 'blocks');
  if (c.width !== undefined) whole(c, ['width'], 1);
  if (c.blocks !== undefined && c.blocks.length !== RESNET_50.length)
    throw new ConfigError('blocks', `must be ${RESNET_50.length} numbers, not ${c.blocks.length}.`);
  if (c.stride !== RESNET_STRIDE)
    throw new ConfigError(
      'stride',
      `must be ${RESNET_STRIDE} where a ResNet makes the tokens, not ${c.stride}.`,
    );
}

/** Rules of the stems without a ResNet: a patch at least, or convolutions that halve the sides. */
function checkOwnStem(c: DetrConfig): void {
  const shorter = Math.min(c.image, c.imageWidth ?? c.image);
  if (c.stem === 'patches' && c.stride > shorter)
    throw new ConfigError('stride', `a patch of ${c.stride} pixels is larger than the picture, ${shorter}.`);
  if (c.stem !== 'cnn') return;
  if (c.stride < 2 || !Number.isInteger(Math.log2(c.stride)))
    throw new ConfigError(
      'stride',
      `must be 2, 4, 8 and so on, since each convolution halves the sides, not ${c.stride}.`,
    );
  const [first = 0] = detrSizes(c).convolutions;
  if (!Number.isInteger(first) || first % GROUPS !== 0) {
    const rule = `makes the first of ${Math.log2(c.stride)} convolutions ${first} channels wide, which ${GROUPS} groups do not divide.`;
    throw new ConfigError('dim', rule);
  }
}

/** Fills a partial configuration with the defaults (ResNet-50) and checks it. */
export function detrConfig(partial: Partial<DetrConfig>): DetrConfig {
  const c: DetrConfig = { ...DETR_DEFAULTS, ...partial };
  checkDetr(c);
  return c;
}
