import { startNoise } from '../math/picture-noise.ts';
import { planOf, type Plan, type SampleSpec } from '../sampler/spec.ts';
import type { DiffusionModel } from '#lib/models/model-config.ts';

/** Values of the graph's intervention inputs, flat; those left out are neutral. */
export type Changes = Readonly<Record<string, Float32Array>>;

/** What is different from one step of a run to another. What it leaves out stays as the settings say. */
export interface Change {
  /** First step it holds for, 1 … N. */
  readonly from: number;
  /** Last step it holds for; by default the run's last. */
  readonly to?: number;
  /** The label of every picture: a class by index, or null for none. */
  readonly label?: number | null;
  /** Guidance weight w. */
  readonly guidance?: number;
  /** Put over the settings' own interventions, input by input. */
  readonly interventions?: Changes;
}

/** What a reader chose for a run: the sampler's spec, and what changes on the way. A later change wins over an earlier. */
export interface RunSettings extends Omit<SampleSpec, 'outputs'> {
  readonly changes?: readonly Change[];
}

/** Steps of a run made under one and the same spec: `from` … `to`, both counted from 1. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly spec: SampleSpec;
}

/**
 * A run as stretches of equal specs, in order. Each can be had with `resume` and `until` of the sampling loop.
 * @throws RangeError for a change that begins or ends outside the run
 */
export function segmentsOf(settings: RunSettings): Segment[] {
  const { changes = [], ...spec } = settings;
  const { steps } = spec;
  const starts = new Set([1]);
  for (const { from, to = steps } of changes) {
    if (!Number.isInteger(from) || !Number.isInteger(to) || from < 1 || to > steps || from > to)
      throw new RangeError(`A change holds from step ${from} to ${to}; the run has steps 1 to ${steps}.`);
    starts.add(from);
    if (to < steps) starts.add(to + 1);
  }
  const sorted = [...starts].sort((a, b) => a - b);
  return sorted.map((from, i) => ({
    from,
    to: (sorted[i + 1] ?? steps + 1) - 1,
    spec: specAt(settings, from),
  }));
}

/** The spec that a step (1 … N) is made under. */
export function specAt(settings: RunSettings, step: number): SampleSpec {
  const { changes = [], ...spec } = settings;
  let now: SampleSpec = spec;
  for (const { from, to = spec.steps, label, guidance, interventions } of changes) {
    if (step < from || step > to) continue;
    now = {
      ...now,
      ...(label !== undefined && { labels: now.labels.map(() => label) }),
      ...(guidance !== undefined && { guidance }),
      ...(interventions && { interventions: { ...now.interventions, ...interventions } }),
    };
  }
  return now;
}

/**
 * Checks settings against a model, step ranges and all.
 * @throws RangeError with one sentence for the first thing that cannot be
 */
export function planOfRun(model: DiffusionModel, settings: RunSettings): Plan {
  const plan = planOf(model, specAt(settings, 0));
  for (const { spec } of segmentsOf(settings)) planOf(model, spec);
  return plan;
}

/** The state a run sets out with, `[n, C, S, S]`: the given one, or the seed's normals. */
export function startOf(settings: RunSettings, plan: Plan): Float32Array {
  return settings.x ?? startNoise(settings.seed, plan.count, plan.each, settings.first);
}

/** Whether two settings ask for the same run. Large arrays are compared by identity first, then by value. */
export function sameSettings(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Float32Array || b instanceof Float32Array) {
    if (!(a instanceof Float32Array && b instanceof Float32Array) || a.length !== b.length) return false;
    return a.every((v, i) => Object.is(v, b[i]));
  }
  const [left, right] = [given(a), given(b)];
  return (
    left.length === right.length &&
    left.every(([key, value]) => sameSettings(value, (b as Record<string, unknown>)[key]))
  );
}

const given = (of: object) => Object.entries(of).filter(([, value]) => value !== undefined);
