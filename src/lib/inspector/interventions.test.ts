import { describe, expect, it } from 'vitest';
import { preset } from '#lib/models/registry.ts';
import { interventionsOf, NO_CHANGES } from './interventions.ts';

const of = preset('vit-ti-16')!;

describe('changes of a running model', () => {
  it('are no inputs at all when nothing is changed', () => {
    expect(interventionsOf(of, NO_CHANGES)).toBeUndefined();
  });

  it('write what is changed into neutral values', () => {
    const values = interventionsOf(of, { ...NO_CHANGES, cut: ['2.1'], skip: ['11'], pos: false, tau: 0.5 })!;
    expect(values.head_mask?.length).toBe(36);
    expect([...values.head_mask!].flatMap((v, i) => (v === 0 ? [i] : []))).toEqual([7]);
    expect([...values.block_skip!].indexOf(0)).toBe(11);
    expect([...values.pos_scale!, ...values.attn_temperature!]).toEqual([0, 0.5]);
  });

  it('pass over places the model does not have', () => {
    const values = interventionsOf(of, { ...NO_CHANGES, cut: ['12.0', '0.3'], skip: ['40'] })!;
    expect(values.head_mask!.every((v) => v === 1)).toBe(true);
    expect(values.block_skip!.every((v) => v === 1)).toBe(true);
  });
});
