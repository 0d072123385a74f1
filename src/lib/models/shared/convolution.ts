import type { As, Graph, Value } from '#lib/graph/index.ts';
import { plainNorm } from './layers.ts';

const PICTURE = ['B', 'C', 'H', 'W'];

/** A learned number a channel, `[C]`, as it broadcasts over `[B, C, H, W]`. */
function perChannel(g: Graph, v: Value): Value {
  return g.reshape(v, [1, v.shape[0] ?? 1, 1, 1], ['1', 'C', '1', '1']);
}

/** Group norm (Wu & He 2018): mean 0 and variance 1 over each group of channels and all pixels, then γ and β by channel. */
export function groupNorm(g: Graph, x: Value, name: string, groups: number, eps: number, as?: As): Value {
  const [batch = 1, channels = 1, rows = 1, cols = 1] = x.shape;
  const one = (channels / groups) * rows * cols;
  const flat = plainNorm(g, g.reshape(x, [batch, groups, one], ['B', 'G', 'S']), eps);
  const gamma = perChannel(g, g.initializer(`${name}.weight`, [channels], ['C']));
  const beta = perChannel(g, g.initializer(`${name}.bias`, [channels], ['C']));
  return g.add(g.mul(g.reshape(flat, x.shape, PICTURE), gamma), beta, as);
}

/** Batch normalisation with the mean and the variance that were kept in training, by channel. */
export function batchNorm(g: Graph, x: Value, name: string, eps: number, as?: As): Value {
  const kept = ['weight', 'bias', 'running_mean', 'running_var'] as const;
  const [weight, bias, mean, variance] = kept.map((part) =>
    g.initializer(`${name}.${part}`, [x.shape[1] ?? 1], ['C']),
  ) as [Value, Value, Value, Value];
  return g.batchNorm(x, { weight, bias, mean, variance }, eps, as);
}
