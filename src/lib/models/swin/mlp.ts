import type { Doc, Graph, Value } from '#lib/graph/index.ts';
import { gelu, linear } from '../shared/layers.ts';
import { asPictures, asTokens } from './grid.ts';

export interface DepthwiseOptions {
  /** Width M of the hidden layer. */
  readonly mlp: number;
  readonly gelu: 'erf' | 'tanh';
  readonly grid: number;
}

/**
 * An MLP whose hidden channels look at their neighbours: linear layer, GELU, a 3 × 3 convolution of every channel for
 * itself, GELU, linear layer, after EfficientViT's MBConv; `[B, N, D]` to `[B, N, D]`. Weights `name.fc1`, `name.dwconv`
 * `[M, 1, 3, 3]`, `name.fc2`.
 */
export function depthwiseMlp(
  g: Graph,
  x: Value,
  name: string,
  options: DepthwiseOptions,
  docs: Readonly<Record<'fc1' | 'gelu' | 'dwconv' | 'gelu2' | 'fc2', Doc>>,
): Value {
  const as = (part: keyof typeof docs) => ({ name: `${name}.${part}`, doc: docs[part] });
  const { mlp: width, grid } = options;
  const hidden = linear(g, x, `${name}.fc1`, { size: width, dim: 'M' }, { as: as('fc1') });
  const first = gelu(g, hidden, options.gelu, as('gelu'));
  const kernel = g.initializer(`${name}.dwconv.weight`, [width, 1, 3, 3], ['M', '1', 'k', 'k']);
  const bias = g.initializer(`${name}.dwconv.bias`, [width], ['M']);
  const seen = g.conv(asPictures(g, first, grid), kernel, bias, { pads: [1, 1, 1, 1], group: width });
  const second = gelu(g, asTokens(g, seen, 'M', as('dwconv')), options.gelu, as('gelu2'));
  return linear(g, second, `${name}.fc2`, { size: x.shape[2] ?? 1, dim: 'D' }, { as: as('fc2') });
}
