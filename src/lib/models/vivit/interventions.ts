import type { Text } from '#lib/base/lang.ts';
import type { Graph, Value } from '#lib/graph/index.ts';
import type { InputSpec } from '../family.ts';
import { factors } from '../shared/interventions.ts';
import type { VivitConfig } from './config.ts';

/** Blocks of both encoders. */
const blocksOf = (c: VivitConfig): number =>
  c.depth + (c.attention === 'factorised-encoder' ? c.temporalDepth : 0);

/** What the heads are called whose switches stand in a row. */
function headsTitle({ attention }: VivitConfig): Text {
  if (attention === 'factorised-self-attention')
    return {
      en: 'Heads over space, block by block; press one to cut it',
      zh: '各层的空间注意力头，按一下屏蔽',
    };
  if (attention === 'factorised-dot-product')
    return {
      en: 'Heads, block by block, the first half over space; press one to cut it',
      zh: '各层的注意力头，前一半看空间，后一半看时间，按一下屏蔽',
    };
  if (attention === 'factorised-encoder')
    return {
      en: 'Heads, block by block, those over time last; press one to cut it',
      zh: '各层的注意力头，时间编码器在后，按一下屏蔽',
    };
  return { en: 'Heads, block by block; press one to cut it', zh: '各层的注意力头，按一下屏蔽' };
}

/** What an input without a control is called. */
const TITLES: Readonly<Record<string, Text>> = {
  time_pos_scale: {
    en: 'Scale of what positions say of time',
    zh: '位置编码中时间部分的系数',
  },
};

/** Every input that changes a running network, each with the value that changes nothing. */
export function vivitInterventions(c: VivitConfig): readonly InputSpec[] {
  const { depth, heads } = c;
  const blocks = blocksOf(c);
  const over = {
    en: 'Heads over time, block by block; press one to cut it',
    zh: '各层的时间注意力头，按一下屏蔽',
  };
  return [
    factors('head_mask', [blocks, heads], ['depth', 'h'], { kind: 'heads', title: headsTitle(c) }),
    ...(c.attention === 'factorised-self-attention'
      ? [factors('time_head_mask', [depth, heads], ['depth', 'h'], { kind: 'heads', title: over })]
      : []),
    factors('block_skip', [blocks], ['depth'], {
      kind: 'gates',
      title: { en: 'Blocks; press one to pass over it', zh: '各层，按一下跳过' },
      each: (i) =>
        i < depth
          ? { en: `Block ${i}`, zh: `第 ${i} 层` }
          : { en: `Temporal block ${i - depth}`, zh: `时间编码器第 ${i - depth} 层` },
    }),
    factors('pos_scale', [], [], {
      kind: 'switch',
      title: { en: 'Positions are added', zh: '加上位置编码' },
    }),
    factors('time_pos_scale', [], []),
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
  readonly posScale: Value;
  /** A scalar: factor on what the positions of one place have of their own at each time. */
  readonly timePosScale: Value;
  /** A scalar, 1 / temperature. */
  readonly sharpness: Value;
  /** `[blocks, 1, h, 1, 1]` */
  readonly headMask: Value;
  /** The same of the attention over time, where a block has one of its own. */
  readonly timeHeadMask: Value | undefined;
  /** `[blocks]` */
  readonly blockSkip: Value;
}

/** What one attention sees of them: a factor on each head's output `[1, h, 1, 1]`, and 1 / temperature. */
export interface AttentionLive {
  readonly headMask: Value;
  readonly sharpness: Value;
}

/** What one block sees of them. */
export interface BlockLive {
  /** A scalar. */
  readonly gate: Value;
  readonly attn: AttentionLive;
  readonly attnTime: AttentionLive | undefined;
}

/** Declares the inputs, and prepares what several blocks read. */
export function declareLive(g: Graph, c: VivitConfig): Live {
  const inputs = new Map(
    vivitInterventions(c).map(({ name, shape, dims, control }) => {
      const title = control && 'title' in control ? control.title : TITLES[name];
      return [name, g.input(name, shape, dims, 'float32', title && { title })];
    }),
  );
  const input = (name: string) => inputs.get(name) ?? g.value(name);
  const perHead = (mask: Value) =>
    g.reshape(mask, [mask.shape[0] ?? 1, 1, c.heads, 1, 1], ['depth', '1', 'h', '1', '1']);
  const time = inputs.get('time_head_mask');
  return {
    posScale: input('pos_scale'),
    timePosScale: input('time_pos_scale'),
    sharpness: g.div(g.scalar(1), input('attn_temperature')),
    headMask: perHead(input('head_mask')),
    timeHeadMask: time && perHead(time),
    blockSkip: input('block_skip'),
  };
}

/** The interventions of block `b`, counted over both encoders. */
export function liveAt(g: Graph, live: Live | undefined, b: number): BlockLive | undefined {
  if (!live) return undefined;
  const { sharpness, headMask, timeHeadMask, blockSkip } = live;
  const of = (mask: Value): AttentionLive => ({ sharpness, headMask: g.gather(mask, 0, b) });
  return {
    gate: g.gather(blockSkip, 0, b),
    attn: of(headMask),
    attnTime: timeHeadMask && of(timeHeadMask),
  };
}
