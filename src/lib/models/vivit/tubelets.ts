import type { As, Graph, Value } from '#lib/graph/index.ts';
import { affine } from '../shared/layers.ts';
import { vivitSizes, type VivitConfig } from './config.ts';

/**
 * A clip `x` `[B, F, C, H, W]` cut into tubelets `[B, N, P]`, time by time and in each row by row; the numbers of one are
 * (channel, frame, row, column), as the kernel of a 3-D convolution has them.
 */
export function tubelets(g: Graph, x: Value, c: VivitConfig, as: As): Value {
  const { times, grid, tubelets: count, tubeletValues } = vivitSizes(c);
  const [batch = 1] = x.shape;
  const p = c.patch;
  const shape = [batch, times, c.tubelet, c.channels, grid, p, grid, p];
  const cut = g.reshape(x, shape, ['B', 't', 'f', 'C', 'gh', 'p', 'gw', 'p']);
  const ordered = g.transpose(cut, [0, 1, 4, 6, 3, 2, 5, 7]);
  return g.reshape(ordered, [batch, count, tubeletValues], ['B', 'N', 'P'], as);
}

/** `tubelets · Wᵀ + b` with the kernel of a 3-D convolution, `patch_embed.proj.weight` `[D, C, f, p, p]`: `[B, N, D]`. */
export function embedTubelets(g: Graph, cut: Value, c: VivitConfig, as: As): Value {
  const { dim, channels, tubelet, patch } = c;
  const name = 'patch_embed.proj';
  const shape = [dim, channels, tubelet, patch, patch];
  const kernel = g.initializer(`${name}.weight`, shape, ['D', 'C', 'f', 'p', 'p']);
  const rows = g.reshape(kernel, [dim, vivitSizes(c).tubeletValues], ['D', 'P']);
  return affine(g, cut, rows, g.initializer(`${name}.bias`, [dim], ['D']), as);
}
