import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { describe as describeGraph } from '#lib/graph/describe.ts';
import { cellOperands } from '#lib/graph/index.ts';
import { seededWeights } from '#lib/graph/seeded.ts';
import { ConfigError } from '#lib/base/config-error.ts';
import { parseSafetensors, writeSafetensors } from '#lib/weights/safetensors.ts';
import { tensorsOf } from '#lib/weights/testing.ts';
import { CHECKPOINT } from './checkpoint.ts';
import { autoencoder, autoencoderConfig, autoencoderPresets, type AutoencoderConfig } from './graph.ts';

const TINY: Partial<AutoencoderConfig> = {
  image: 16,
  factor: 4,
  width: 4,
  multiples: [1, 2, 3],
  resBlocks: 1,
  latent: 2,
  groups: 2,
};

describe('the first stage of Stable Diffusion', () => {
  const g = autoencoder(autoencoderPresets['sd-vae-f8']!);
  const d = describeGraph(g);

  it('has 83.65 million parameters', () => {
    expect(d.parameters).toBe(83_653_863);
  });

  it('makes 32 × 32 × 4 numbers of 256 × 256 × 3, 48 times fewer', () => {
    expect(g.value('mean').shape).toEqual([1, 4, 32, 32]);
    expect(g.value('reconstruction').shape).toEqual([1, 3, 256, 256]);
    expect((256 * 256 * 3) / (32 * 32 * 4)).toBe(48);
  });

  it('its decoder multiplies more than twice as often as its encoder', () => {
    const decoder = describeGraph(autoencoder({ ...autoencoderPresets['sd-vae-f8']!, fromLatents: 1 })).macs;
    expect(decoder).toBeGreaterThan(2 * (d.macs - decoder));
  });
});

describe('docs', () => {
  it.each(['none', 'mid', 'last'] as const)(
    'attention %s: a title in both languages, a formula that parses, a PyTorch line',
    (attention) => {
      const g = autoencoder(autoencoderConfig({ ...TINY, attention }), { interventions: true });
      for (const name of g.tensorNames()) {
        const v = g.value(name);
        expect(v.doc?.title.en, name).toMatch(/^[A-Z0-9]/);
        expect(v.doc?.title.zh, name).toMatch(/[一-鿿]/);
        expect(() => katex.renderToString(v.doc?.formula ?? '', { throwOnError: true })).not.toThrow();
        if (v.kind === 'node') expect(v.doc?.torch, name).toMatch(/=/);
      }
      const last = g.value('decoder.up.1.upsample').shape.map((n) => n - 1);
      expect(cellOperands(g, 'decoder.up.1.upsample', last).length).toBeGreaterThan(0);
    },
  );
});

/** A file with diffusers' names for the graph's, its attention as linear layers. */
function asDiffusers(c: AutoencoderConfig): Uint8Array {
  const levels = c.multiples.length;
  const rename = (name: string): string =>
    name
      .replace(/encoder\.down\.(\d)\.block\.(\d)/, 'encoder.down_blocks.$1.resnets.$2')
      .replace(/encoder\.down\.(\d)\.downsample/, 'encoder.down_blocks.$1.downsamplers.0')
      .replace(
        /decoder\.up\.(\d)\.block\.(\d)/,
        (_, i: string, j: string) => `decoder.up_blocks.${levels - 1 - Number(i)}.resnets.${j}`,
      )
      .replace(
        /decoder\.up\.(\d)\.upsample/,
        (_, i: string) => `decoder.up_blocks.${levels - 1 - Number(i)}.upsamplers.0`,
      )
      .replace('mid.block_1', 'mid_block.resnets.0')
      .replace('mid.block_2', 'mid_block.resnets.1')
      .replace('mid.attn_1.norm', 'mid_block.attentions.0.group_norm')
      .replace('mid.attn_1.proj_out', 'mid_block.attentions.0.to_out.0')
      .replace(/mid\.attn_1\.([qkv])/, 'mid_block.attentions.0.to_$1')
      .replace('nin_shortcut', 'conv_shortcut')
      .replace('norm_out', 'conv_norm_out');
  const tensors = tensorsOf(seededWeights(autoencoder(c), 3)).map(({ shape, ...t }) => ({
    ...t,
    name: rename(t.name),
    shape: /attentions\.0\.to_.*weight$/.test(rename(t.name)) ? shape.slice(0, 2) : shape,
  }));
  return writeSafetensors(tensors);
}

describe('files of others', () => {
  it('diffusers’ AutoencoderKL is recognised, read and bound', () => {
    const c = autoencoderConfig({ ...TINY, scalingFactor: 1 });
    const file = parseSafetensors(asDiffusers(c), 'vae.safetensors');
    expect(CHECKPOINT.recognise(file)).toBeGreaterThan(0);
    const { config, assumed } = CHECKPOINT.infer(file, { image: 16, groups: 2 });
    expect(config).toEqual(c);
    expect(assumed.map(({ field }) => field)).toEqual(['scalingFactor']);
    const bound = CHECKPOINT.bind(file, config);
    const own = seededWeights(autoencoder(c), 3);
    for (const name of own.names()) expect(bound.get(name)?.shape, name).toEqual(own.get(name)?.shape);
  });

  it('a file with a codebook is another network', () => {
    const tensors = tensorsOf(seededWeights(autoencoder(autoencoderConfig(TINY)), 3));
    const book = { ...tensors[0]!, name: 'quantize.embedding.weight' };
    expect(CHECKPOINT.recognise(parseSafetensors(writeSafetensors([...tensors, book])))).toBe(0);
  });
});

describe('configurations that cannot be built', () => {
  it.each<[Partial<AutoencoderConfig>, string]>([
    [{ factor: 6 }, 'factor: must be a power of two'],
    [{ factor: 4 }, 'multiples: must be 3 numbers for a factor of 4'],
    [{ image: 100 }, 'image: a picture of 100 pixels is not divisible by the factor 8.'],
    [{ width: 100 }, 'groups: 100 channels do not divide into 32 groups.'],
    [{ scalingFactor: 0 }, 'scalingFactor: must be a number above 0, not 0.'],
    [{ fromLatents: 2 }, 'fromLatents: must be one of'],
  ])('%j', (change, message) => {
    expect(() => autoencoderConfig(change)).toThrow(ConfigError);
    expect(() => autoencoderConfig(change)).toThrow(message);
  });
});
