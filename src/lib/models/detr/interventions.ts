import type { Graph, Value } from '#lib/graph/index.ts';
import type { InputSpec } from '../family.ts';
import { factors } from '../shared/interventions.ts';
import type { DetrConfig } from './config.ts';

/** Every input that changes a running network, each with the value that changes nothing. */
export function detrInterventions({
  encoderDepth,
  decoderDepth,
  heads,
  queries,
}: DetrConfig): readonly InputSpec[] {
  const headsOf = (name: string, depth: number, en: string, zh: string) =>
    factors(name, [depth, heads], ['depth', 'h'], { kind: 'heads', title: { en, zh } });
  const switchOf = (name: string, en: string, zh: string) =>
    factors(name, [], [], { kind: 'switch', title: { en, zh } });
  return [
    switchOf('query_attention', 'Queries see one another', '查询之间相互注意（解码器自注意力）'),
    switchOf('query_spread', 'Queries differ from each other', '各个查询互不相同'),
    switchOf('pos_scale', 'Positions in the encoder', '编码器中加上位置编码'),
    switchOf('key_pos_scale', 'Positions on the keys that queries look at', '查询所注意的键加上位置编码'),
    factors('query_mask', [queries], ['Q'], {
      kind: 'gates',
      title: { en: 'Queries; press one to take it out', zh: '各个查询，按一下去掉' },
      each: (i) => ({ en: `Query ${i}`, zh: `查询 ${i}` }),
    }),
    headsOf(
      'head_mask',
      encoderDepth,
      'Heads of the encoder, layer by layer; press one to cut it',
      '编码器各层的注意力头，按一下屏蔽',
    ),
    headsOf(
      'query_head_mask',
      decoderDepth,
      'Heads among the queries, layer by layer; press one to cut it',
      '解码器各层的自注意力头，按一下屏蔽',
    ),
    headsOf(
      'cross_head_mask',
      decoderDepth,
      'Heads from queries to the picture, layer by layer; press one to cut it',
      '解码器各层的交叉注意力头，按一下屏蔽',
    ),
    factors('attn_temperature', [], [], {
      kind: 'slider',
      title: { en: 'Temperature of attention', zh: '注意力的温度' },
      min: 0.05,
      max: 4,
      step: 0.05,
    }),
  ];
}

/** What the whole network shares of the interventions. */
export interface Live {
  /** Scalars: factors on the queries' attention to each other, on how far they differ, on positions. */
  readonly queryAttention: Value;
  readonly querySpread: Value;
  readonly posScale: Value;
  readonly keyPosScale: Value;
  /** `[Q]`: 0, or −10⁹ for a query that is taken out, added to the scores of its key. */
  readonly queryBias: Value;
  /** `[Q, K + 1]`: the same on every class but “no object”. */
  readonly classBias: Value;
  /** A scalar, 1 / temperature. */
  readonly sharpness: Value;
  /** `[depth, 1, h, 1, 1]` each */
  readonly headMask: Value;
  readonly queryHeadMask: Value;
  readonly crossHeadMask: Value;
}

/** What one attention sees of them. */
export interface AttentionLive {
  /** `[1, h, 1, 1]`: factor on each head's output. */
  readonly headMask: Value;
  readonly sharpness: Value;
  /** Added to the scores of a key. */
  readonly keyBias?: Value;
}

/** Declares the inputs, and prepares what several layers read. */
export function declareLive(g: Graph, c: DetrConfig): Live {
  const inputs = new Map(
    detrInterventions(c).map(({ name, shape, dims, control }) => {
      const title = control && 'title' in control ? control.title : undefined;
      return [name, g.input(name, shape, dims, 'float32', title && { title })];
    }),
  );
  const input = (name: string) => inputs.get(name) ?? g.value(name);
  const perHead = (name: string) => {
    const mask = input(name);
    return g.reshape(mask, [mask.shape[0] ?? 1, 1, c.heads, 1, 1], ['depth', '1', 'h', '1', '1']);
  };
  const queryBias = g.mul(g.sub(input('query_mask'), g.scalar(1)), g.scalar(1e9));
  const others = Float32Array.from({ length: c.classes + 1 }, (_, k) => (k < c.classes ? 1 : 0));
  const column = g.reshape(queryBias, [c.queries, 1], ['Q', '1']);
  return {
    queryAttention: input('query_attention'),
    querySpread: input('query_spread'),
    posScale: input('pos_scale'),
    keyPosScale: input('key_pos_scale'),
    queryBias,
    classBias: g.mul(column, g.constant(others, [1, c.classes + 1], ['1', 'K'])),
    sharpness: g.div(g.scalar(1), input('attn_temperature')),
    headMask: perHead('head_mask'),
    queryHeadMask: perHead('query_head_mask'),
    crossHeadMask: perHead('cross_head_mask'),
  };
}

/** What the attention of layer `i` with that mask of heads sees. */
export function attentionLive(
  g: Graph,
  live: Live | undefined,
  mask: 'headMask' | 'queryHeadMask' | 'crossHeadMask',
  i: number,
): AttentionLive | undefined {
  if (!live) return undefined;
  const { sharpness, queryBias } = live;
  const headMask = g.gather(live[mask], 0, i);
  return { headMask, sharpness, ...(mask === 'queryHeadMask' && { keyBias: queryBias }) };
}
