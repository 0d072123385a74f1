import { describe, expect, it } from 'vitest';
import { vit, vitPresets } from '#lib/models/vit/graph.ts';
import { layoutOf, plateOf } from './layout.ts';
import { mapOf } from './surface.ts';
import { bytesOf, wantedOf } from './wanted.ts';

const layout = layoutOf(vit(vitPresets['vit-ti-16']!), { aspect: 1.5 });
const whole = { x: 0, y: 0, width: layout.width, height: layout.height };
const total = layout.plates.reduce((n, p) => (p.kind === 'tensor' ? n + bytesOf(p) : n), 0);
const spent = (names: readonly string[]) => names.reduce((n, name) => n + bytesOf(plateOf(layout, name)!), 0);

describe('what is asked of the model', () => {
  it('is everything that is computed, where it fits, wherever one looks', () => {
    const all = wantedOf(layout.plates, { x: 0, y: 0, width: 1, height: 1 }, 40, total);
    expect(all).toContain('blocks.11.attn.probs');
    expect(all).not.toContain('x');
    expect(all.every((name) => plateOf(layout, name)?.kind === 'tensor')).toBe(true);
  });

  it('is else what is in sight, the small before the large, within the budget', () => {
    const some = wantedOf(layout.plates, whole, 0.1, total / 3);
    expect(spent(some)).toBeLessThanOrEqual(total / 3);
    expect(some).toContain('blocks.0');
    expect(some).not.toContain('blocks.0.attn.probs');
    const probs = plateOf(layout, 'blocks.7.attn.probs')!;
    const near = wantedOf(layout.plates, probs, 1, total / 3);
    expect(near).toContain('blocks.7.attn.probs');
    expect(near.every((name) => name.startsWith('blocks.7'))).toBe(true);
  });
});

describe('colours', () => {
  const stats = { count: 9, min: -1, max: 8, mean: 0, std: 1, nan: 0, infinite: 0 };
  it('run both ways from zero, to three times the root mean square at most', () => {
    expect(mapOf({ shares: false }, stats, 'light')).toMatchObject({ kind: 'diverging', low: -3, high: 3 });
    expect(mapOf({ shares: false }, { ...stats, max: 2 }, 'light')).toMatchObject({ low: -2, high: 2 });
  });
  it('of shares begin at none', () => {
    const shares = { ...stats, min: 0, max: 0.2, mean: 0.1 };
    expect(mapOf({ shares: true }, shares, 'dark')).toMatchObject({ kind: 'sequential', low: 0, high: 0.2 });
  });
});
