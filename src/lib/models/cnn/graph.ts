import { Graph, type Doc, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { batchNorm } from '../shared/convolution.ts';
import { gelu, linear } from '../shared/layers.ts';
import { checkCnn, cnnWidths, STAGES, UNITS, WHITENED, type CnnConfig } from './config.ts';
import { HEAD, STEM, unitDocs } from './docs.ts';

const named = (name: string, doc: Doc) => ({ name, doc });
const PICTURE = ['B', 'C', 'H', 'W'];

/** ε of every batch normalisation: PyTorch's. */
const NORM_EPS = 1e-5;
/** Logits are scaled so, which slows the head while it is trained. */
const SOFTENED = 1 / 9;

/**
 * A unit to `out` channels: 3 × 3 convolution, in the first unit of a stage the largest of every 2 × 2, batch
 * normalisation, GELU. The last unit's result is the stage's.
 */
function unit(g: Graph, x: Value, stage: number, index: number, out: number): Value {
  const pools = index === 0;
  const name = `body.${stage}.${index}`;
  const docs = unitDocs({ stage, unit: index, pools });
  const kernel = g.initializer(`${name}.0.weight`, [out, x.shape[1] ?? 1, 3, 3], ['D', 'C', 'k', 'k']);
  const padded = { pads: [1, 1, 1, 1] } as const;
  const conv = g.conv(x, kernel, undefined, padded, { ...named(`${name}.0`, docs.conv), dims: PICTURE });
  const pooled = pools ? g.maxPool(conv, 2, 2, named(`${name}.1`, docs.pool)) : conv;
  const norm = `${name}.${pools ? 2 : 1}`;
  const normed = batchNorm(g, pooled, norm, NORM_EPS, named(norm, docs.norm));
  return gelu(g, normed, 'erf', named(index === UNITS - 1 ? `body.${stage}` : name, docs.out));
}

/**
 * A small convolutional classifier in the form of Jordan 2024 ("94% on CIFAR-10 in 3.29 Seconds on a Single GPU",
 * sections 3 and A), narrower: whitened 2 × 2 patches, three stages of two units, the largest of each channel, a linear
 * head. Input `x` `[B, C, S, S]`; weights have the names of the PyTorch modules, tensors those of the modules that make
 * them, up to `probs` `[B, K]`. Throws ConfigError for a configuration that cannot be built.
 */
export function cnn(config: CnnConfig, { batch = 1 }: BuildOptions = {}): Graph {
  checkCnn(config);
  const { image, channels, classes, width } = config;
  const g = new Graph(`cnn ${image} W${width}`);
  const [first, ...widths] = cnnWidths(config);
  const x = g.input('x', [batch, channels, image, image], PICTURE, 'float32', STEM.x);
  const kernel = g.initializer('whiten.weight', [first, channels, WHITENED, WHITENED], ['D', 'C', 'k', 'k']);
  const bias = g.initializer('whiten.bias', [first], ['D']);
  const patches = g.conv(x, kernel, bias, {}, { ...named('whiten.conv', STEM.conv), dims: PICTURE });
  let stream = gelu(g, patches, 'erf', named('whiten', STEM.out));
  for (let stage = 0; stage < STAGES; stage++)
    for (let index = 0; index < UNITS; index++) stream = unit(g, stream, stage, index, widths[stage]!);

  const [, last = 1, rows = 1] = stream.shape;
  const largest = g.maxPool(stream, rows, 1);
  const features = g.reshape(largest, [batch, last], ['B', 'C'], named('features', HEAD.features));
  const scores = linear(g, features, 'head', { size: classes, dim: 'K' }, { bias: false });
  const logits = g.mul(scores, g.scalar(SOFTENED), named('logits', HEAD.logits));
  g.softmax(logits, -1, named('probs', HEAD.probs));
  return g;
}
