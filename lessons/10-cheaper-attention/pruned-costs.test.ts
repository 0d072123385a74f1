import { describe as group, expect, it } from 'vitest';
import { describe } from '#lib/graph/index.ts';
import { buildGraph } from '#lib/models/registry.ts';
import { swinPresets } from '#lib/models/swin/presets.ts';
import { prunedCosts, windowsKept } from './pruned-costs.ts';

const config = { ...swinPresets['swin-shifted-64']!, image: 128 };

group('what pruned stages cost', () => {
  it('is what the graph says that computes so many windows', () => {
    const cost = prunedCosts(config);
    for (const shares of [
      [0, 0],
      [0.3, 0],
      [0, 0.5],
      [0.8, 0.8],
      [0.1, 0.7],
    ]) {
      const kept = windowsKept(config, shares);
      expect(cost(kept)).toBe(
        describe(buildGraph({ architecture: 'swin', config: { ...config, kept } })).macs,
      );
    }
  });
  it('leaves out whole windows alone, the number rounded down, and never all', () => {
    expect(windowsKept(config, [0, 0])).toEqual([64, 16]);
    expect(windowsKept(config, [0.3, 0.3])).toEqual([45, 12]);
    expect(windowsKept(config, [0.8, 0.8])).toEqual([13, 4]);
    expect(windowsKept({ ...config, image: 32 }, [0.8, 0.9])).toEqual([1, 1]);
  });
});
