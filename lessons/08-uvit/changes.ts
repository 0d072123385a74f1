import type { RunSettings } from '../../src/lib/denoise/settings.ts';
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
}

/** What must be known of the model. */
export interface Body {
  readonly tokens: number;
  readonly timeToken: number;
  readonly labelToken: number | undefined;
  /** The network's time for a time on the clock. */
  readonly networkTime: (t: number) => number;
}

/** A mask that takes token `at` out of every softmax. */
function without(at: number | undefined, tokens: number): Float32Array {
  const mask = new Float32Array(tokens).fill(1);
  if (at !== undefined) mask[at] = 0;
  return mask;
}

/** The same run (noise, sampler, steps) with one thing changed. */
export function brokenRun(run: RunSettings, broken: Broken, body: Body): RunSettings {
  const { tokens, timeToken, labelToken, networkTime } = body;
  switch (broken.fault) {
    case 'conv':
      return { ...run, interventions: { conv_gate: Float32Array.of(broken.left) } };
    case 'pos':
      return { ...run, interventions: { pos_scale: Float32Array.of(broken.left) } };
    case 'time-off':
      return { ...run, interventions: { token_mask: without(timeToken, tokens) } };
    case 'time-held': {
      const time_override = Float32Array.of(networkTime(broken.held));
      return { ...run, interventions: { time_gate: Float32Array.of(0), time_override } };
    }
    case 'label-off':
      return { ...run, interventions: { token_mask: without(labelToken, tokens) } };
    case 'label-swap':
      return {
        ...run,
        changes: [{ from: Math.min(Math.max(1, broken.from), run.steps), label: broken.label }],
      };
  }
}

/** The same run with the long skips scaled by `gates`, percents. */
export function gatedRun(run: RunSettings, gates: readonly number[]): RunSettings {
  return { ...run, interventions: { skip_gates: Float32Array.from(gates, (g) => g / 100) } };
}
