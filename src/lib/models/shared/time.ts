import type { As, Graph, Value } from '#lib/graph/index.ts';
import { doc } from './block-docs.ts';
import { factors } from './interventions.ts';
import type { InputSpec } from '../family.ts';

/** 2π in two parts; the first has so few digits that whole multiples of it up to 4000 are exact in float32. */
const TURN_HIGH = 6.28125;
const TURN_LOW = 2 * Math.PI - TURN_HIGH;

/**
 * Frequencies 10000^(−i / (width/2)), i = 0 … width/2 − 1 (Vaswani et al. 2017, section 3.5), rounded on the way as
 * PyTorch does in float32: at t near 1000 the last digit of a frequency is the fourth of its sine.
 * @param shift 1: −i / (width/2 − 1), so that the last one is 1/10000 (diffusers' `downscale_freq_shift`)
 */
export function frequencies(width: number, shift: 0 | 1 = 0): Float32Array {
  const half = width / 2;
  const rate = Math.fround(-Math.log(10000) / (half - shift));
  return Float32Array.from({ length: half }, (_, i) => Math.exp(Math.fround(i * rate)));
}

/**
 * `t` `[B]` as `[cos(t f), sin(t f)]`, cosines first, `[B, width]`; `width` is even. Angles are brought into one turn
 * beforehand: GPUs promise exact sines there only.
 */
export function sinusoid(g: Graph, t: Value, width: number, dim: string, as: As, shift: 0 | 1 = 0): Value {
  const [batch = 1] = t.shape;
  const half = width / 2;
  const f = g.constant(frequencies(width, shift), [1, half], ['1', dim]);
  const angle = g.mul(g.reshape(t, [batch, 1], ['B', '1']), f);
  const turns = g.floor(g.add(g.mul(angle, g.scalar(0.5 / Math.PI)), g.scalar(0.5)));
  const high = g.sub(angle, g.mul(turns, g.scalar(TURN_HIGH)));
  const within = g.sub(high, g.mul(turns, g.scalar(TURN_LOW)));
  return g.concat([g.cos(within), g.sin(within)], 1, as);
}

/** The input `t` `[B]`: the time as the network is fed it. With interventions it may be replaced by another. */
export function timeInput(g: Graph, batch: number, interventions: boolean): Value {
  const title = doc('Time fed to the network', '输入网络的时刻', 't');
  const t = g.input('t', [batch], ['B'], 'float32', title);
  if (!interventions) return t;
  const gate = g.input('time_gate', [], [], 'float32', {
    title: { en: 'Share of the true time', zh: '真实时刻的份额' },
  });
  const other = g.input('time_override', [], [], 'float32', {
    title: { en: 'Time given instead', zh: '替换用的时刻' },
  });
  return g.add(g.mul(t, gate), g.mul(other, g.sub(g.scalar(1), gate)));
}

/** The interventions of `timeInput`: used time = gate · t + (1 − gate) · override. */
export function timeInterventions(): readonly InputSpec[] {
  const override = { name: 'time_override', role: 'intervention', shape: [], dims: [] } as const;
  return [factors('time_gate', [], []), { ...override, neutral: new Float32Array(1) }];
}

/** The input `y` `[B]`, a class by its index as a whole float, and that row of the table `name` `[rows, D]`: `[B, D]`. */
export function classRow(g: Graph, batch: number, name: string, rows: number, dim: number, as?: As): Value {
  const title = doc('Class index', '类别编号', 'y');
  const y = g.input('y', [batch], ['B'], 'float32', title);
  return g.gather(g.initializer(name, [rows, dim], ['K', 'D']), 0, g.cast(y, 'int32'), as);
}
