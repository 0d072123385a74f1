import type { Graph, Value } from '../graph/index.ts';
import { vitSizes, type VitConfig } from './vit-config.ts';

/** Graph inputs that change a running ViT; see `neutralInterventions` for the values that change nothing. */
export interface VitInterventions {
  /** `[depth, h]`: factor on a head's output before the heads are merged. 1 keeps it, 0 cuts it. */
  readonly headMask: Value;
  /** `[T]` turned into what is added to the scores of a key: 0 keeps it, −10⁹ takes it out of the softmax. */
  readonly keyBias: Value;
  /** A scalar: factor on the positions. */
  readonly posScale: Value;
  /** A scalar, 1 / temperature. */
  readonly sharpness: Value;
  /** `[depth]`: factor on both branches of a block. 1 runs it, 0 passes the tokens through. */
  readonly blockSkip: Value;
}

/** Declares the inputs and what every block shares of them. */
export function declareInterventions(g: Graph, c: VitConfig): VitInterventions {
  const { tokens } = vitSizes(c);
  const headMask = g.input('head_mask', [c.depth, c.heads], ['depth', 'h'], 'float32', {
    title: { en: 'Head mask', zh: '注意力头掩码（head mask）' },
  });
  const tokenMask = g.input('token_mask', [tokens], ['T'], 'float32', {
    title: { en: 'Token mask', zh: 'token 掩码（token mask）' },
  });
  const posScale = g.input('pos_scale', [], [], 'float32', {
    title: { en: 'Scale of the positions', zh: '位置编码的系数' },
  });
  const temperature = g.input('attn_temperature', [], [], 'float32', {
    title: { en: 'Attention temperature', zh: '注意力温度（temperature）' },
  });
  const blockSkip = g.input('block_skip', [c.depth], ['depth'], 'float32', {
    title: { en: 'Block gates', zh: '各块的开关' },
  });
  return {
    headMask: g.reshape(headMask, [c.depth, 1, c.heads, 1, 1], ['depth', '1', 'h', '1', '1']),
    keyBias: g.mul(g.sub(tokenMask, g.scalar(1)), g.scalar(1e9)),
    posScale,
    sharpness: g.div(g.scalar(1), temperature),
    blockSkip,
  };
}

/** Values of the intervention inputs that leave the model as it is, by input name. */
export function neutralInterventions(c: VitConfig): Record<string, { data: Float32Array; shape: number[] }> {
  const ones = (shape: number[]) => ({
    data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1),
    shape,
  });
  return {
    head_mask: ones([c.depth, c.heads]),
    token_mask: ones([vitSizes(c).tokens]),
    pos_scale: ones([]),
    attn_temperature: ones([]),
    block_skip: ones([c.depth]),
  };
}
