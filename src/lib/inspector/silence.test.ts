import { expect, it } from 'vitest';
import { FAMILY_IDS, familyOf } from '#lib/models/registry.ts';

it('sizes for CIFAR-10 that stand in no paper are not called published', () => {
  const own = FAMILY_IDS.flatMap((id) => familyOf(id).unpublished ?? []);
  expect(own.sort()).toEqual(['dit-256-2-cifar10', 'mae-ti-2-cifar10', 'uvit-256-2-cifar10']);
  for (const id of FAMILY_IDS)
    for (const name of familyOf(id).unpublished ?? [])
      expect(Object.keys(familyOf(id).presets)).toContain(name);
});
