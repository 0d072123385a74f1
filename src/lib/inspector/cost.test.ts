import { describe as group, expect, it } from 'vitest';
import { preset } from '#lib/models/registry.ts';
import { graphOf } from '#lib/models/registry.ts';
import { describe } from '#lib/graph/describe.ts';
import { fittingTail, grown, grownConfigs, icicle, power, type Grown } from './cost.ts';

const of = preset('vit-b-16')!;
const description = describe(graphOf(of));

group('the icicle', () => {
  it('adds up: blocks to the model, tensors to their blocks', () => {
    const pieces = icicle(description, 'parameters', 'vit-b-16');
    const sum = (level: number) => pieces.filter((p) => p.level === level).reduce((n, p) => n + p.value, 0);
    expect(pieces[0]).toMatchObject({ name: 'vit-b-16', value: 86_567_656, x0: 0 });
    expect(sum(1)).toBe(86_567_656);
    const block = pieces.find((p) => p.name === 'blocks.3' && p.level === 1)!;
    expect(block.value).toBe(7_087_872);
    const parts = pieces.filter((p) => p.level === 2 && p.name.startsWith('blocks.3.'));
    expect(parts.reduce((n, p) => n + p.value, 0)).toBe(7_087_872);
    for (const p of parts) expect(p.x0 >= block.x0 - 1 && p.x1 <= block.x1 + 1).toBe(true);
  });

  it('shows multiply-adds and bytes by the same rule', () => {
    expect(icicle(description, 'macs', 'm')[0]!.value).toBe(description.macs);
    expect(icicle(description, 'bytes', 'm')[0]!.value).toBe(description.bytes);
  });
});

group('growth', () => {
  const rows: Grown[] = (['image', 'patch', 'depth', 'dim'] as const).flatMap((field) =>
    grownConfigs(of, field).flatMap(({ factor, of: config }) => grown(field, factor, config) ?? []),
  );

  it('follows the formulas: blocks cost 12 D² + 13 D parameters each', () => {
    const depth = rows.filter((r) => r.field === 'depth');
    expect(
      depth.find((r) => r.factor === 2)!.parameters - depth.find((r) => r.factor === 1)!.parameters,
    ).toBe(12 * 7_087_872);
    expect(power(rows, 'dim', 'parameters')).toBeCloseTo(1.97, 1);
    expect(power(rows, 'depth', 'macs')).toBeCloseTo(1, 1);
  });

  it('grows faster than the square with the picture’s side, and falls with the patch’s', () => {
    expect(power(rows, 'image', 'macs')).toBeGreaterThan(2);
    expect(power(rows, 'patch', 'macs')).toBeLessThan(-1.9);
  });

  it('leaves out what cannot be built', () => {
    expect(rows.filter((r) => r.field === 'dim').map((r) => r.factor)).toEqual([0.25, 0.5, 1, 2, 4]);
    const small = preset('vit-ti-16')!;
    expect(grownConfigs(small, 'dim').map((g) => g.factor)).toEqual([1, 2, 4]);
    expect(grown('image', 0.25, { ...of, config: { ...of.config, image: 8 } } as typeof of)).toBeUndefined();
  });
});

it('a name too long for its place is shortened from its beginning, or left out', () => {
  expect(fittingTail('blocks.11', 9)).toBe('blocks.11');
  expect(fittingTail('blocks.11', 8.9)).toBe('11');
  expect(fittingTail('mlp.fc1', 3)).toBe('fc1');
  expect(fittingTail('blocks.11', 1.9)).toBeUndefined();
});
