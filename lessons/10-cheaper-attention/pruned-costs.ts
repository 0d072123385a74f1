import { describe } from '#lib/graph/index.ts';
import { buildGraph, know } from '#lib/models/registry.ts';
import { stagesOf, type SwinConfig } from '#lib/models/swin/config.ts';
import { FAMILY } from '#lib/models/swin/family.ts';

know(FAMILY);

/** Windows of each stage that are computed where these parts, 0 up to below 1, are left out: ⌊share · windows⌋ go. */
export function windowsKept(config: SwinConfig, shares: readonly number[]): readonly number[] {
  return stagesOf(config).map(({ windows }, s) => {
    const all = windows ** 2;
    return Math.max(1, all - Math.floor((shares[s] ?? 0) * all));
  });
}

const macsOf = (config: SwinConfig): number => describe(buildGraph({ architecture: 'swin', config })).macs;

/**
 * Multiply-adds of one pass by the windows of each stage that are computed. The work of a stage's blocks is in
 * proportion to their number, so that one graph more than stages says it for all.
 */
export function prunedCosts(config: SwinConfig): (kept: readonly number[]) => number {
  const all = windowsKept(config, []);
  const whole = macsOf(config);
  const each = all.map((count, s) =>
    count > 1 ? whole - macsOf({ ...config, kept: all.map((n, at) => (at === s ? n - 1 : n)) }) : 0,
  );
  return (kept) => each.reduce((sum, one, s) => sum - one * (all[s]! - (kept[s] ?? all[s]!)), whole);
}
