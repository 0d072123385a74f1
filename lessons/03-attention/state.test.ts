import { expect, it } from 'vitest';
import { TRAINED } from '#lib/notebook/patch-shapes.ts';
import { readLink } from '#lib/state/permalink.ts';
import { state } from './state.ts';

it('takes every patch size the model was trained for and no other', () => {
  for (const p of TRAINED) expect(readLink(state, `?p=${p}`).problems).toEqual([]);
  expect(readLink(state, '?p=10').problems).toMatchObject([{ kind: 'value', field: 'p' }]);
});

it('refuses masks that are none', () => {
  for (const link of ['?off=xyz', '?off=0123456789', '?mask=14', '?mask=2-fff'])
    expect(readLink(state, link).problems).toHaveLength(1);
  expect(readLink(state, '?off=8&mask=2-f').problems).toEqual([]);
});
