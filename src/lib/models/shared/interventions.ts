import type { Graph, Value } from '#lib/graph/index.ts';
import { sizeOf } from '#lib/base/tensor.ts';
import type { Control, InputSpec } from '../family.ts';

/** Sizes that the common interventions have. */
export interface Extent {
  readonly blocks: number;
  readonly heads: number;
  readonly tokens: number;
}

/** Graph inputs that change a running transformer; see `commonInterventions` for the values that change nothing. */
export interface Interventions {
  /** `[blocks, h]`: factor on a head's output before the heads are merged. 1 keeps it, 0 cuts it. */
  readonly headMask: Value;
  /** `[T]` turned into what is added to the scores of a key: 0 keeps it, −10⁹ takes it out of the softmax. */
  readonly keyBias: Value;
  /** A scalar: factor on the positions. */
  readonly posScale: Value;
  /** A scalar, 1 / temperature. */
  readonly sharpness: Value;
  /** `[blocks]`: factor on both branches of a block. 1 runs it, 0 passes the tokens through. */
  readonly blockSkip: Value;
}

/** What one block sees of the interventions. */
export interface BlockInterventions {
  /** `[1, h, 1, 1]` */
  readonly headMask: Value;
  readonly keyBias: Value;
  readonly sharpness: Value;
  /** A scalar. */
  readonly gate: Value;
}

/** Declares the inputs and what every block shares of them. */
export function declareInterventions(g: Graph, { blocks, heads, tokens }: Extent): Interventions {
  const headMask = g.input('head_mask', [blocks, heads], ['depth', 'h'], 'float32', {
    title: { en: 'Head mask', zh: '注意力头掩码（head mask）' },
  });
  const tokenMask = g.input('token_mask', [tokens], ['T'], 'float32', {
    title: { en: 'Token mask', zh: '词元掩码（token mask）' },
  });
  const posScale = g.input('pos_scale', [], [], 'float32', {
    title: { en: 'Scale of the positions', zh: '位置编码的系数' },
  });
  const temperature = g.input('attn_temperature', [], [], 'float32', {
    title: { en: 'Attention temperature', zh: '注意力温度（temperature）' },
  });
  const blockSkip = g.input('block_skip', [blocks], ['depth'], 'float32', {
    title: { en: 'Block gates', zh: '各层的开关' },
  });
  return {
    headMask: g.reshape(headMask, [blocks, 1, heads, 1, 1], ['depth', '1', 'h', '1', '1']),
    keyBias: g.mul(g.sub(tokenMask, g.scalar(1)), g.scalar(1e9)),
    posScale,
    sharpness: g.div(g.scalar(1), temperature),
    blockSkip,
  };
}

/** The interventions of block `b`, counted over all blocks in the order they run. */
export function atBlock(
  g: Graph,
  live: Interventions | undefined,
  b: number,
): BlockInterventions | undefined {
  if (!live) return undefined;
  const { keyBias, sharpness } = live;
  return {
    keyBias,
    sharpness,
    headMask: g.gather(live.headMask, 0, b),
    gate: g.gather(live.blockSkip, 0, b),
  };
}

/** An intervention with a factor of 1 for every cell as its neutral value. */
export function factors(
  name: string,
  shape: readonly number[],
  dims: readonly string[],
  control?: Control,
): InputSpec {
  const neutral = new Float32Array(sizeOf(shape)).fill(1);
  return { name, role: 'intervention', shape, dims, neutral, ...(control && { control }) };
}

/** The inputs that `declareInterventions` declares, each with the value that changes nothing. */
export function commonInterventions({ blocks, heads, tokens }: Extent): readonly InputSpec[] {
  return [
    factors('head_mask', [blocks, heads], ['depth', 'h'], {
      kind: 'heads',
      title: { en: 'Heads, block by block; press one to cut it', zh: '各层的注意力头，按一下屏蔽' },
    }),
    factors('token_mask', [tokens], ['T']),
    factors('block_skip', [blocks], ['depth'], {
      kind: 'gates',
      title: { en: 'Blocks; press one to pass over it', zh: '各层，按一下跳过' },
      each: (i) => ({ en: `Block ${i}`, zh: `第 ${i} 层` }),
    }),
    factors('pos_scale', [], [], {
      kind: 'switch',
      title: { en: 'Positions are added', zh: '加上位置编码' },
    }),
    factors('attn_temperature', [], [], {
      kind: 'slider',
      title: { en: 'Temperature of attention', zh: '注意力的温度' },
      min: 0.05,
      max: 4,
      step: 0.05,
    }),
  ];
}
