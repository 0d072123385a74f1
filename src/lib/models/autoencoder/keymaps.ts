import type { WeightSource } from '#lib/weights/source.ts';
import { mapNames, type NameMap, type Naming, type Target } from '../shared/naming.ts';

/** A tensor that every such file has, by the graph's names. */
export const LANDMARK = 'encoder.down.0.block.0.norm1.weight';
/** The same under diffusers'. */
const DIFFUSERS_LANDMARK = 'encoder.down_blocks.0.resnets.0.norm1.weight';

/** What was needed in training alone. */
const LEAVES: Naming['leaves'] = [
  [/^loss\./, 'the loss of training: a discriminator and a perceptual network'],
];

/** The graph's names are those of the published code (github.com/CompVis/latent-diffusion). */
const PUBLISHED: Naming = {
  id: 'published',
  title: 'the published code',
  landmark: LANDMARK,
  leaves: LEAVES,
};

/** Levels, and blocks of one, that are looked for. */
const [MOST_LEVELS, MOST_BLOCKS] = [8, 8];

type Names = Record<string, string | Target>;

/** A residual block of diffusers' behind `from`. */
function blockNames(from: string, to: string): Names {
  const parts = ['norm1', 'conv1', 'norm2', 'conv2'].map((part) => [`${from}.${part}`, `${to}.${part}`]);
  return Object.fromEntries([...parts, [`${from}.conv_shortcut`, `${to}.nin_shortcut`]]) as Names;
}

/** The middle of a half; its attention is stored as linear layers, or as convolutions in older files. */
function middleNames(half: string): Names {
  const [from, to] = [`${half}.mid_block.attentions.0`, `${half}.mid.attn_1`];
  const pairs = [
    ['to_q', 'q'],
    ['to_k', 'k'],
    ['to_v', 'v'],
    ['to_out.0', 'proj_out'],
    ['query', 'q'],
    ['key', 'k'],
    ['value', 'v'],
    ['proj_attn', 'proj_out'],
  ] as const;
  const linear = pairs.flatMap(([name, own]): [string, string | Target][] => [
    [`${from}.${name}.weight`, { to: `${to}.${own}.weight`, trailing: 2 }],
    [`${from}.${name}.bias`, `${to}.${own}.bias`],
  ]);
  return {
    ...blockNames(`${half}.mid_block.resnets.0`, `${half}.mid.block_1`),
    ...blockNames(`${half}.mid_block.resnets.1`, `${half}.mid.block_2`),
    [`${from}.group_norm`]: `${to}.norm`,
    ...Object.fromEntries(linear),
    [`${half}.conv_norm_out`]: `${half}.norm_out`,
  };
}

/** Every level's blocks; diffusers numbers those of the decoder from the latents. */
function levelNames(levels: number): Names {
  const all: Names[] = [middleNames('encoder'), middleNames('decoder')];
  for (let i = 0; i < levels; i++) {
    const up = levels - 1 - i;
    for (let j = 0; j < MOST_BLOCKS; j++) {
      all.push(blockNames(`encoder.down_blocks.${i}.resnets.${j}`, `encoder.down.${i}.block.${j}`));
      all.push(blockNames(`decoder.up_blocks.${i}.resnets.${j}`, `decoder.up.${up}.block.${j}`));
    }
    all.push({
      [`encoder.down_blocks.${i}.downsamplers.0.conv`]: `encoder.down.${i}.downsample.conv`,
      [`decoder.up_blocks.${i}.upsamplers.0.conv`]: `decoder.up.${up}.upsample.conv`,
    });
  }
  for (const name of ['encoder.conv_in', 'encoder.conv_out', 'decoder.conv_in', 'decoder.conv_out'])
    all.push({ [name]: name });
  all.push({ quant_conv: 'quant_conv', post_quant_conv: 'post_quant_conv' });
  return Object.assign({}, ...all) as Names;
}

/** diffusers' `AutoencoderKL` of so many levels. */
const diffusers = (levels: number): Naming => ({
  id: 'diffusers',
  title: 'diffusers',
  landmark: DIFFUSERS_LANDMARK,
  names: levelNames(levels),
});

/** How many levels a file of diffusers' has; 0 where it is none. */
function levelsOf(names: readonly string[]): number {
  const found = names.map((name) => /(?:^|\.)decoder\.up_blocks\.(\d+)\./.exec(name)?.[1]);
  return Math.min(MOST_LEVELS, 1 + Math.max(-1, ...found.filter((n) => n !== undefined).map(Number)));
}

/** Landmarks under all names. */
export const LANDMARKS: readonly string[] = [LANDMARK, DIFFUSERS_LANDMARK];

/** What tells such a file from others with the same encoder: nothing is quantised. */
const NEEDED = [LANDMARK, 'decoder.conv_in.weight', 'quant_conv.weight', 'post_quant_conv.weight'];

/** A file's names as the graph's; undefined for what is no such autoencoder. */
export function autoencoderNames(source: WeightSource): NameMap | undefined {
  const names = source.names();
  if (names.some((name) => name.endsWith('quantize.embedding.weight'))) return undefined;
  const map = mapNames(names, [PUBLISHED, diffusers(levelsOf(names))]);
  return map && NEEDED.every((name) => map.origins.has(name)) ? map : undefined;
}

/** How many tensors tell such a file from others. */
export const TELLING = NEEDED.length;
