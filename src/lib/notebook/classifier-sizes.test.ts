import { expect, it } from 'vitest';
import { CONFIG, TRAINED } from './patch-shapes.ts';
import { DEPTH, DIM, HEADS, patchField, PATCHES, SIDE } from './classifier-sizes.ts';

it('are those of the model', () => {
  expect({ SIDE, PATCHES, DEPTH, HEADS, DIM }).toEqual({
    SIDE: CONFIG.image,
    PATCHES: TRAINED,
    DEPTH: CONFIG.depth,
    HEADS: CONFIG.heads,
    DIM: CONFIG.dim,
  });
});

it('let a link name every patch size the model was trained for and no other', () => {
  const { parse } = patchField(16);
  expect(TRAINED.map((p) => parse(String(p)))).toEqual(TRAINED);
  expect([parse('10'), parse('016'), parse('')]).toEqual([undefined, undefined, undefined]);
});
