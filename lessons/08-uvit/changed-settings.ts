import type { RunSettings } from '#lib/diffusion/session/settings.ts';
import type { Fault } from './state.ts';

/** One thing changed in the running model. */
export interface Broken {
  readonly fault: Fault;
  /** Share left of the convolution or the positions, 0 … 1. */
  readonly left: number;
  /** Time on the clock, 0 … 1, that the network is told instead of the true one. */
  readonly held: number;
  /** First step with the other class (1 … N), and the class; null: none. */
  readonly from: number;
  readonly label: number | null;
  /** Heads without output, `block.head` in the order blocks run. */
  readonly cut: readonly string[];
  /** Patches that no token looks at, by index in reading order. */
  readonly hidden: readonly number[];
}

/** What must be known of the model. */
export interface Body {
  readonly tokens: number;
  /** Tokens before the patches. */
  readonly extras: number;
  readonly blocks: number;
  readonly heads: number;
  readonly timeToken: number;
  readonly labelToken: number | undefined;
  /** What the network is fed for a time on the clock. */
  readonly fed: (t: number) => number;
}

/** A mask that takes tokens out of every softmax. What lies outside the sequence changes nothing. */
function without(tokens: number, ...out: readonly (number | undefined)[]): Float32Array {
  return Float32Array.from({ length: tokens }, (_, i) => (out.includes(i) ? 0 : 1));
}

/** A factor on each head's output: 0 for those that are cut. */
function headMask({ blocks, heads }: Body, cut: readonly string[]): Float32Array {
  const out = new Set(cut);
  return Float32Array.from({ length: blocks * heads }, (_, i) =>
    out.has(`${Math.floor(i / heads)}.${i % heads}`) ? 0 : 1,
  );
}

/** The same run (noise, sampler, steps) with one thing changed. */
export function brokenSettings(run: RunSettings, broken: Broken, body: Body): RunSettings {
  const { tokens, extras, timeToken, labelToken, fed } = body;
  switch (broken.fault) {
    case 'conv':
      return { ...run, interventions: { conv_gate: Float32Array.of(broken.left) } };
    case 'pos':
      return { ...run, interventions: { pos_scale: Float32Array.of(broken.left) } };
    case 'time-off':
      return { ...run, interventions: { token_mask: without(tokens, timeToken) } };
    case 'time-held': {
      const time_override = Float32Array.of(fed(broken.held));
      return { ...run, interventions: { time_gate: Float32Array.of(0), time_override } };
    }
    case 'label-off':
      return { ...run, interventions: { token_mask: without(tokens, labelToken) } };
    case 'heads':
      return { ...run, interventions: { head_mask: headMask(body, broken.cut) } };
    case 'patches':
      return {
        ...run,
        interventions: { token_mask: without(tokens, ...broken.hidden.map((patch) => extras + patch)) },
      };
    case 'label-swap':
      return {
        ...run,
        changes: [{ from: Math.min(Math.max(1, broken.from), run.steps), label: broken.label }],
      };
  }
}

/** The same run with the long skips scaled by `gates`, percents. */
export function gatedSettings(run: RunSettings, gates: readonly number[]): RunSettings {
  return { ...run, interventions: { skip_gates: Float32Array.from(gates, (g) => g / 100) } };
}
