import { describe, expect, it } from 'vitest';
import { vit, vitConfig } from '#lib/models/vit/graph.ts';
import { differingLeaves } from './alike.ts';

const at = (patch: number, depth = 2) =>
  vit(vitConfig({ image: 64, patch, dim: 12, depth, heads: 3, classes: 5 }));

describe('differingLeaves', () => {
  it('names the two weights that a patch size changes, and constants beside them', () => {
    const a = at(16);
    const differing = [...differingLeaves(a, at(8))!];
    const kinds = (kind: string) => differing.filter((name) => a.value(name).kind === kind);
    expect(kinds('weight')).toEqual(['patch_embed.proj.weight', 'pos_embed']);
    expect(kinds('constant').length).toBeGreaterThan(2);
    expect(kinds('constant').every((name) => a.value(name).dtype === 'int64')).toBe(true);
    expect(kinds('input')).toEqual([]);
  });

  it('finds nothing between equals, and no likeness between graphs of other operations', () => {
    expect(differingLeaves(at(16), at(16))?.size).toBe(0);
    expect(differingLeaves(at(16), at(16, 3))).toBeUndefined();
    // 64 pixels do not divide by 12: the rest is cut off first.
    expect(differingLeaves(at(16), at(12))).toBeUndefined();
  });
});
