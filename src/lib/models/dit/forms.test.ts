import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSafetensors, writeSafetensors } from '#lib/weights/safetensors.ts';
import { tensorsOf } from '#lib/weights/testing.ts';
import { checkWeights } from '../check.ts';
import { CHECKPOINT } from './checkpoint.ts';

const FILE = 'tests/fixtures/foreign/diffusers-dit/diffusion_pytorch_model.safetensors';
const file = parseSafetensors(readFileSync(FILE), 'd.safetensors');
const tensors = tensorsOf(file);
const open = (list: typeof tensors) => parseSafetensors(writeSafetensors(list), 'd.safetensors');
const set = { image: 8, heads: 2 };

describe('a DiT in diffusers’ names', () => {
  it('tells its configuration; the frequencies of its time are said', () => {
    const { config, assumed } = CHECKPOINT.infer(file, set);
    expect(config).toMatchObject({
      dim: 8,
      depth: 2,
      patch: 2,
      channels: 4,
      classes: 10,
      nullClass: true,
      learnSigma: true,
    });
    expect(config.timeShift).toBe(1);
    expect(assumed.find(({ field }) => field === 'timeShift')?.why).toContain('as in diffusers');
  });

  it('has one embedder of time and class in every block; copies are left out, and said', () => {
    const { config } = CHECKPOINT.infer(file, set);
    const { leftOut } = checkWeights(file, { architecture: 'dit', config });
    expect(leftOut.map(({ tensor }) => tensor).sort()).toEqual(
      file
        .names()
        .filter((name) => name.startsWith('transformer_blocks.1.norm1.emb.'))
        .sort(),
    );
    expect(new Set(leftOut.map(({ why }) => why))).toEqual(
      new Set(['copies of the first block’s embedders of time and class']),
    );
  });

  it('refuses copies that are none', () => {
    const { config } = CHECKPOINT.infer(file, set);
    const name = 'transformer_blocks.1.norm1.emb.timestep_embedder.linear_2.bias';
    const changed = tensors.map((t) =>
      t.name === name ? { ...t, data: Uint8Array.from(t.data as Uint8Array, (b) => b ^ 1) } : t,
    );
    expect(() => CHECKPOINT.bind(open(changed), config)).toThrow(
      `"${name}": its values are not those of "transformer_blocks.0.norm1.emb.timestep_embedder.linear_2.bias"`,
    );
    const extra = [...tensors, { ...tensors[0]!, name: 'adaln_single.linear.weight' }];
    expect(() => CHECKPOINT.bind(open(extra), config)).toThrow(
      '"adaln_single.linear.weight": the configuration has no place for it',
    );
  });

  it('is not taken for one where the embedder of the time is missing', () => {
    const less = open(tensors.filter(({ name }) => !name.includes('timestep_embedder')));
    expect(CHECKPOINT.recognise(less)).toBe(0);
  });
});
