import { describe, expect, it } from 'vitest';
import { resizePositions } from '#lib/weights/resize.ts';
import { parseSafetensors, writeSafetensors } from '#lib/weights/safetensors.ts';
import { seededWeights } from '#lib/graph/seeded.ts';
import { float32Of, overlay } from '#lib/weights/source.ts';
import { close, numbers } from '#lib/weights/testing.ts';
import { vit, vitConfig, type ViTConfig } from './graph.ts';
import { resizePatch } from './resize.ts';

describe('resizePatch', () => {
  const stored: ViTConfig = {
    image: 12,
    channels: 3,
    patch: 4,
    dim: 2,
    depth: 0,
    heads: 1,
    mlpRatio: 4,
    classes: 1,
    qkvBias: true,
    pool: 'cls',
    normEps: 1e-6,
    gelu: 'erf',
    positions: 'learned',
    clsPosition: true,
    preNorm: false,
    registers: 0,
    layerScale: false,
  };
  const kernel = numbers(2 * 3 * 16);
  const table = numbers(10 * 2, 5);
  const file = parseSafetensors(
    writeSafetensors([
      { name: 'patch_embed.proj.weight', shape: [2, 3, 4, 4], data: kernel },
      { name: 'pos_embed', shape: [1, 10, 2], data: table },
      { name: 'patch_embed.proj.bias', shape: [2], data: Float32Array.of(1, 2) },
    ]),
  );

  it('resizes kernel and grid, keeps the position of CLS and every other tensor in place', () => {
    const { config, weights } = resizePatch(file, stored, 6);
    expect(config).toEqual({ ...stored, patch: 6 });
    expect(weights.get('patch_embed.proj.weight')!.shape).toEqual([2, 3, 6, 6]);
    expect(weights.get('pos_embed')!.shape).toEqual([1, 5, 2]);
    expect(float32Of(weights, 'pos_embed')!.slice(0, 2)).toEqual(table.slice(0, 2));
    close(float32Of(weights, 'pos_embed')!.slice(2), resizePositions(table.subarray(2), 3, 2, 2), 0);
    expect(weights.get('patch_embed.proj.bias')).toEqual(file.get('patch_embed.proj.bias'));
    expect(weights.buffers.get('model.safetensors')).toBe(file.buffers.get('model.safetensors'));
    expect(weights.names().sort()).toEqual(file.names().sort());
  });

  it('answers the same whatever was asked before, and touches nothing at the stored size', () => {
    const direct = float32Of(resizePatch(file, stored, 3).weights, 'patch_embed.proj.weight');
    resizePatch(file, stored, 12);
    expect(float32Of(resizePatch(file, stored, 3).weights, 'patch_embed.proj.weight')).toEqual(direct);
    expect(resizePatch(file, stored, 4).weights).toBe(file);
  });

  it('drops the remainder where the patch does not divide the picture', () => {
    expect(resizePatch(file, stored, 5).weights.get('pos_embed')!.shape).toEqual([1, 1 + 4, 2]);
  });

  it('refuses a patch that is none', () => {
    for (const patch of [0, 13, 2.5, NaN]) expect(() => resizePatch(file, stored, patch)).toThrow(RangeError);
  });
});

it('resizes positions of a picture that is not square along each of its sides', () => {
  const config = vitConfig({ image: 8, imageWidth: 16, patch: 4, dim: 4, depth: 1, heads: 1, classes: 0 });
  const weights = seededWeights(vit(config), 5);
  // One number for each patch that is its column: 0, 1, 2, 3 in both rows. Twice as many columns lie half-way between.
  const table = new Float32Array(9 * 4);
  for (let n = 0; n < 8; n++) table.fill(n % 4, 4 + 4 * n, 8 + 4 * n);
  const placed = overlay(weights, 'p.bin', [
    { name: 'pos_embed', shape: [1, 9, 4], dtype: 'F32', data: table },
  ]);
  const { config: at2, weights: small } = resizePatch(placed, config, 2);
  expect(vit(at2).value('tokens').shape).toEqual([1, 33, 4]);
  const got = float32Of(small, 'pos_embed')!;
  const column = (n: number) => got[4 + 4 * n]!;
  const wanted = [0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3];
  for (let row = 0; row < 4; row++) wanted.forEach((v, i) => expect(column(8 * row + i)).toBeCloseTo(v, 6));
});
