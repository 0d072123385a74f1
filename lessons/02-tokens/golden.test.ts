import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sincos2d } from '#lib/models/shared/positions.ts';
import { rowVariances } from '#lib/analysis/embed.ts';
import { principalComponents } from '#lib/analysis/pca.ts';
import { permutation } from '#lib/analysis/permute.ts';
import { similarityRow, unitRows } from '#lib/analysis/similarity.ts';
import { resizePositions } from '#lib/weights/resize.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { ladder, positionTable } from './ladder.ts';
import { PRESETS } from '#lib/notebook/patch-shapes.ts';

const open = (path: string) => parseSafetensors(new Uint8Array(readFileSync(path)));
const golden = open('lessons/02-tokens/tests/golden.safetensors');
const weights = open('models/vit-flexi/model.safetensors');
const D = 192;

function close(got: ArrayLike<number>, wanted: ArrayLike<number>, within: number) {
  expect(got.length).toBe(wanted.length);
  let most = 0;
  for (let i = 0; i < got.length; i++) most = Math.max(most, Math.abs(got[i]! - wanted[i]!));
  expect(most).toBeLessThan(within);
}

describe('the numbers of lesson 2 are those of PyTorch', () => {
  it('shuffles alike', () => expect([...permutation(196, 1)]).toEqual([...golden.float32('order')]));

  it('cosines of learned, written and resized positions', () => {
    const table = weights.float32('pos_embed');
    for (const [key, rows] of [
      ['near-learned', table],
      ['near-sincos', sincos2d(14, 14, D)],
    ] as const) {
      const unit = unitRows(rows, D);
      const got = [0, 109, 195].flatMap((n) => [...similarityRow(unit, D, n)]);
      close(got, golden.float32(key), 1e-5);
    }
    const small = unitRows(resizePositions(table, 14, 7, D), D);
    close(similarityRow(small, D, 26), golden.float32('near-resized'), 1e-4);
  });

  it('variance of the filters and shares of their components', () => {
    const kernel = weights.float32('patch_embed.proj.weight');
    close(rowVariances(kernel, 768), golden.float32('weight-variance'), 1e-9);
    const pca = principalComponents(kernel, 768, { count: 32 });
    close(
      pca.variance.map((v) => v / pca.total),
      golden.float32('share-weights'),
      1e-6,
    );
  });
});

describe('the ladder', () => {
  it('of ViT-B/16 has the published counts', () => {
    const { rungs, all } = ladder(PRESETS.b.preset, 16);
    expect(rungs.map((r) => [r.name, r.shape.join('×'), r.parameters])).toEqual([
      ['x', '3×224×224', 0],
      ['patches', '196×768', 0],
      ['patch_embed', '196×768', 590_592],
      ['cls_cat', '197×768', 768],
      ['tokens', '197×768', 151_296],
    ]);
    expect(all).toBe(86_567_656);
    expect(positionTable(PRESETS.b.preset, 16).shape).toEqual([1, 197, 768]);
  });
  it('of the model here adds positions before the class token', () => {
    const { rungs } = ladder({ ...PRESETS.ti.preset, clsPosition: false }, 16);
    expect(rungs.map((r) => [r.name, r.shape[0], r.parameters])).toEqual([
      ['x', 3, 0],
      ['patches', 196, 0],
      ['patch_embed', 196, 147_648],
      ['pos_added', 196, 37_632],
      ['cls_cat', 197, 192],
    ]);
  });
});
