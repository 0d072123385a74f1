import { expect, it } from 'vitest';
import { familyOf, type Blueprint } from '#lib/models/registry.ts';
import { conventionsOf } from './conventions.ts';

const small = { image: 16, patch: 4, dim: 16, depth: 1, heads: 2, classes: 3 };
const vitOf = (more: object): Blueprint => ({
  architecture: 'vit',
  config: { ...familyOf('vit').defaults, ...small, ...more },
});

it('says of a network what bears on it and nothing else', () => {
  const plain = vitOf({});
  const rotary = vitOf({ rotary: 'centred', positions: 'none', clsPosition: false });
  const convolutions: Blueprint = { architecture: 'cnn', config: familyOf('cnn').defaults };
  const said = (...given: Parameters<typeof conventionsOf>) => conventionsOf(...given).map(({ en }) => en);
  const fused = ['blocks.0.attn.qkv.weight'];
  expect(said(plain, fused)).toHaveLength(4);
  expect(said(plain, fused)[0]).toMatch(/queries, keys and values in this order/);
  // Where queries, keys and values have matrices of their own there is no order to be taken for granted.
  expect(said(plain, ['vit.encoder.layer.0.attention.attention.query.weight'])).toHaveLength(3);
  expect(said(rotary, fused).join()).toContain('base 100,');
  expect(said(convolutions, [])).toEqual([]);
  for (const { zh } of conventionsOf(rotary, fused)) expect(zh).toMatch(/\p{Script=Han}/u);
});
