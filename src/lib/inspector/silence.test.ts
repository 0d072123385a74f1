import { expect, it } from 'vitest';
import { familyIds, familyOf } from '#lib/models/registry.ts';

it('sizes that stand in no paper are not called published', () => {
  const own = familyIds().flatMap((id) => familyOf(id).unpublished ?? []);
  const cifar = own.filter((name) => name.endsWith('-cifar10'));
  expect(cifar.sort()).toEqual(['dit-256-2-cifar10', 'mae-ti-2-cifar10', 'uvit-256-2-cifar10']);
  const others = own.filter((name) => !cifar.includes(name));
  expect(others.sort()).toEqual([
    'clip-ti-8-64',
    'codes-masked-192',
    'codes-raster-192',
    'codes-scales-192',
    'residual-mlp-256',
    'swin-linear-64',
    'swin-multiscale-64',
    'swin-plain-64',
    'swin-shifted-64',
    'swin-window-64',
  ]);
  for (const id of familyIds())
    for (const name of familyOf(id).unpublished ?? [])
      expect(Object.keys(familyOf(id).presets)).toContain(name);
});
