import type { WeightSource } from '#lib/weights/source.ts';
import type { Inferred } from '../family.ts';
import { completed, headsOf, Shapes, usual, type Guess } from '../shared/infer.ts';
import { LANDMARK, namedSwin } from './bind.ts';
import { stepOf, swinConfig, SWIN_DEFAULTS, type Attention, type SwinConfig } from './config.ts';

/** What the tensors of the first block say of its attention. */
interface FirstBlock {
  readonly attention: Attention | undefined;
  /** Side of a window, where a bias table tells it. */
  readonly window: number | undefined;
  readonly heads: readonly (number | undefined)[];
}

/**
 * The configuration of a bare weights file. A bias table tells windows and heads, the kernels of a second scale tell
 * linear attention; whether windows are shifted, and how large the picture is, nothing tells: the published habits are
 * assumed, and said.
 * @throws WeightsError for shapes that contradict each other, and naming the fields that must be set; ConfigError for
 *   values that cannot be
 */
export function inferSwin(
  source: WeightSource,
  set: Readonly<Record<string, unknown>>,
): Inferred<SwinConfig> {
  const shapes = new Shapes(namedSwin(source), LANDMARK);
  const { dim, channels, patch } = shapes.kernel(LANDMARK);
  const stages = shapes.count('layers');
  const depths = Array.from({ length: stages }, (_, s) => shapes.count(`layers.${s}.blocks`));
  const block = firstBlock(shapes, depths.length, dim);
  const first = 'layers.0.blocks.0';
  const known = block.heads.every((n) => n !== undefined);
  const read = {
    channels,
    patch,
    dim,
    depths,
    relativeBias: block.window !== undefined,
    mlp: shapes.has(`${first}.mlp.dwconv.weight`) ? 'depthwise' : 'plain',
    mlpRatio: (shapes.of(`${first}.mlp.fc1.weight`, 2)[0] ?? 0) / dim,
    classes: shapes.of('head.fc.weight', 2)[0] ?? 0,
    qkvBias: shapes.has(`${first}.attn.qkv.bias`),
    ...(block.window !== undefined && { window: block.window }),
    ...(block.attention === 'multi-scale-linear' && { attention: block.attention }),
    ...(known && { heads: block.heads }),
  };
  const before = completed<SwinConfig>(read, set, {
    ...usual(SWIN_DEFAULTS.normEps, SWIN_DEFAULTS.gelu),
    attention: block.attention && { value: block.attention, why: 'windows as published' },
    window: { value: SWIN_DEFAULTS.window, why: 'as published' },
    positions: { value: 'none', why: 'positions are never stored' },
    heads: headsGuess(dim, stages),
  });
  const whole = completed<SwinConfig>({ ...before.config }, set, {
    image: imageGuess(before.config),
  });
  return { config: swinConfig(whole.config), assumed: [...before.assumed, ...whole.assumed] };
}

function firstBlock(shapes: Shapes, stages: number, dim: number): FirstBlock {
  const attn = (s: number) => `layers.${s}.blocks.0.attn`;
  const all = Array.from({ length: stages }, (_, s) => s);
  const table = (s: number) => `${attn(s)}.relative_position_bias_table`;
  if (shapes.has(table(0))) {
    const span = shapes.side(table(0), shapes.of(table(0), 2)[0] ?? 0);
    if (span % 2 === 0) shapes.fail(table(0), `${span} offsets along a side are no window’s`);
    return {
      attention: 'shifted-window',
      window: (span + 1) / 2,
      heads: all.map((s) => shapes.of(table(s), 2)[1]),
    };
  }
  const mix = (s: number) => `${attn(s)}.aggreg.1.weight`;
  if (shapes.has(mix(0))) {
    const heads = all.map((s) => (dim * 2 ** s) / (shapes.of(mix(s), 4)[1] ?? 1));
    return { attention: 'multi-scale-linear', window: undefined, heads };
  }
  return { attention: undefined, window: undefined, heads: all.map(() => undefined) };
}

/** Heads of 32 values each, as in all published sizes. */
function headsGuess(dim: number, stages: number): Guess | undefined {
  const first = headsOf(dim, 32);
  if (!first) return undefined;
  const value = Array.from({ length: stages }, (_, s) => Number(first.value) * 2 ** s);
  return { value, why: first.why };
}

/** The side at which the last stage is one window: 224 for Swin-T. */
function imageGuess(c: SwinConfig): Guess {
  const value = stepOf({ ...c, attention: 'window' });
  return { value, why: 'the last stage is then one window, as published' };
}
