import type { Graph, Value } from '#lib/graph/index.ts';
import type { Text } from '#lib/base/lang.ts';
import type { Control, InputSpec } from '../family.ts';
import { factors } from '../shared/interventions.ts';
import { hasBias, hasWindows, isLinear, stagesOf, type Stage, type SwinConfig } from './config.ts';
import { perToken, rolled } from '../shared/windows.ts';

const gate = (title: Text, each: (i: number) => Text): Control => ({ kind: 'gates', title, each });
const on = (en: string, zh: string): Control => ({ kind: 'switch', title: { en, zh } });

/** The windows of a stage that take part, shifted ones or those that are not. */
function keep(s: number, { windows }: Stage, shifted: boolean): InputSpec {
  const title = shifted
    ? {
        en: `Shifted windows of stage ${s}; press one to pass over it`,
        zh: `第 ${s} 阶段的移位窗口，按一下跳过`,
      }
    : { en: `Windows of stage ${s}; press one to pass over it`, zh: `第 ${s} 阶段的窗口，按一下跳过` };
  const place = (i: number): Text => {
    const [row, column] = [Math.floor(i / windows), i % windows];
    return {
      en: `Stage ${s}, ${shifted ? 'shifted ' : ''}window in row ${row}, column ${column}`,
      zh: `第 ${s} 阶段第 ${row} 行第 ${column} 列的${shifted ? '移位' : ''}窗口`,
    };
  };
  return factors(
    `layers.${s}.${shifted ? 'shifted_keep' : 'keep'}`,
    [windows ** 2],
    ['w'],
    gate(title, place),
  );
}

/** Blocks of all stages in the order they run, as `[stage, block]`. */
function blocksIn(c: SwinConfig): readonly (readonly [number, number])[] {
  return c.depths.flatMap((depth, s) => Array.from({ length: depth }, (_, b) => [s, b] as const));
}

/** Every input that changes a running network, each with the value that changes nothing. */
export function swinInterventions(c: SwinConfig): readonly InputSpec[] {
  const stages = stagesOf(c);
  const blocks = blocksIn(c);
  return [
    ...stages.map(({ depth, heads }, s) =>
      factors(`layers.${s}.head_mask`, [depth, heads], ['depth', 'h'], {
        kind: 'heads',
        title: {
          en: `Heads of stage ${s}, block by block; press one to cut it`,
          zh: `第 ${s} 阶段各层的注意力头，按一下屏蔽`,
        },
      }),
    ),
    factors(
      'block_skip',
      [blocks.length],
      ['depth'],
      gate({ en: 'Blocks; press one to pass over it', zh: '各层，按一下跳过' }, (i) => {
        const [s = 0, b = 0] = blocks[i] ?? [];
        return { en: `Stage ${s}, block ${b}`, zh: `第 ${s} 阶段第 ${b} 层` };
      }),
    ),
    ...(hasWindows(c) ? stages.flatMap((stage, s) => windowsOf(stage, s)) : []),
    ...(hasBias(c)
      ? [factors('relative_bias', [], [], on('The relative position bias is added', '加上相对位置偏置'))]
      : []),
    ...(stages.some(({ shift }) => shift > 0)
      ? [factors('shift_mask', [], [], on('Shifted windows are masked', '给移位窗口加掩码'))]
      : []),
    ...(c.positions === 'none'
      ? []
      : [factors('pos_scale', [], [], on('Positions are added', '加上位置编码'))]),
    ...(isLinear(c)
      ? []
      : [
          factors('attn_temperature', [], [], {
            kind: 'slider',
            title: { en: 'Temperature of attention', zh: '注意力的温度' },
            min: 0.05,
            max: 4,
            step: 0.05,
          }),
        ]),
  ];
}

function windowsOf(stage: Stage, s: number): InputSpec[] {
  if (stage.kept !== undefined) return [];
  return stage.shift > 0 ? [keep(s, stage, false), keep(s, stage, true)] : [keep(s, stage, false)];
}

/** What the whole network shares of the interventions. */
export interface Live {
  readonly posScale: Value | undefined;
  readonly relativeBias: Value | undefined;
  readonly shiftMask: Value | undefined;
  /** A scalar, 1 / temperature. */
  readonly sharpness: Value | undefined;
  /** `[depth, 1, h, 1, 1]` of each stage. */
  readonly headMasks: readonly Value[];
  /** `[blocks]` */
  readonly blockSkip: Value;
  /** `[N, 1]` of each stage: 0 for a token of a pruned window, by the windows in their place and by the shifted ones. */
  readonly keeps: readonly { readonly plain?: Value | undefined; readonly shifted?: Value | undefined }[];
}

/** What one block sees of them. */
export interface BlockLive extends Pick<Live, 'relativeBias' | 'shiftMask' | 'sharpness'> {
  /** `[1, h, 1, 1]` */
  readonly headMask: Value;
  /** Factor on both branches: a scalar, or `[N, 1]` where windows may be pruned. */
  readonly gate: Value;
}

/** Declares the inputs, and prepares what several blocks read. */
export function declareLive(g: Graph, c: SwinConfig): Live {
  const inputs = new Map(
    swinInterventions(c).map(({ name, shape, dims, control }) => {
      const title = control && 'title' in control ? control.title : undefined;
      return [name, g.input(name, shape, dims, 'float32', title && { title })];
    }),
  );
  const temperature = inputs.get('attn_temperature');
  const stages = stagesOf(c);
  return {
    posScale: inputs.get('pos_scale'),
    relativeBias: inputs.get('relative_bias'),
    shiftMask: inputs.get('shift_mask'),
    sharpness: temperature && g.div(g.scalar(1), temperature),
    headMasks: stages.map(({ depth, heads }, s) =>
      g.reshape(inputs.get(`layers.${s}.head_mask`)!, [depth, 1, heads, 1, 1], ['depth', '1', 'h', '1', '1']),
    ),
    blockSkip: inputs.get('block_skip')!,
    keeps: stages.map((stage, s) => {
      const [plain, shifted] = ['keep', 'shifted_keep'].map((part) => inputs.get(`layers.${s}.${part}`));
      return {
        plain: plain && perToken(g, plain, stage),
        // The shifted windows lie on the rolled grid, the tokens do not.
        shifted: shifted && rolled(g, perToken(g, shifted, stage), stage.grid, stage.shift),
      };
    }),
  };
}

/** The interventions of block `b` of stage `s`. */
export function liveAt(
  g: Graph,
  c: SwinConfig,
  live: Live | undefined,
  [s, b, shifted]: readonly [stage: number, block: number, shifted: boolean],
): BlockLive | undefined {
  if (!live) return undefined;
  const { relativeBias, shiftMask, sharpness } = live;
  const before = c.depths.slice(0, s).reduce((n, depth) => n + depth, 0);
  const skip = g.gather(live.blockSkip, 0, before + b);
  const keeps = live.keeps[s]?.[shifted ? 'shifted' : 'plain'];
  return {
    relativeBias,
    shiftMask,
    sharpness,
    headMask: g.gather(live.headMasks[s]!, 0, b),
    gate: keeps ? g.mul(keeps, skip) : skip,
  };
}
