import { describe, expect, it } from 'vitest';
import { vit, vitConfig } from '#lib/models/vit/graph.ts';
import { covers, differingLeaves, inSlot } from './alike.ts';

const at = (patch: number, depth = 2, dim = 12) =>
  vit(vitConfig({ image: 64, patch, dim, depth, heads: 3, classes: 5 }));

describe('differingLeaves', () => {
  it('names the two weights that a patch size changes, and constants where they are used', () => {
    const a = at(16);
    const { names, slots } = differingLeaves(a, at(8))!;
    expect([...names]).toEqual(['patch_embed.proj.weight', 'pos_embed']);
    expect(slots.size).toBeGreaterThan(2);
    for (const slot of slots) expect(inSlot(a, slot)).toMatchObject({ kind: 'constant', dtype: 'int64' });
  });

  it('sees through constants that are equal in one graph alone', () => {
    // 3 · 8² values a patch are as many as the width, so that both reshapes have one constant.
    const [a, b, c] = [at(8, 2, 192), at(16, 2, 192), at(32, 2, 192)];
    const open = differingLeaves(b, a)!;
    expect(open.slots.size).toBe(differingLeaves(b, c)!.slots.size);
    expect(covers(open, differingLeaves(a, c)!)).toBe(true);
    expect(covers(differingLeaves(a, a)!, open)).toBe(false);
  });

  it('finds nothing between equals, and no likeness between graphs of other operations', () => {
    expect(differingLeaves(at(16), at(16))).toEqual({ names: new Set(), slots: new Set() });
    expect(differingLeaves(at(16), at(16, 3))).toBeUndefined();
    // 64 pixels do not divide by 12: the rest is cut off first.
    expect(differingLeaves(at(16), at(12))).toBeUndefined();
  });
});
