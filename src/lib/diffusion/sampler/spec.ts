import { DEFAULT_SPACING, samplerName } from '../math/samplers/index.ts';
import { FEW_STEPS } from '../math/samplers/dpm.ts';
import { checkTime, process, type Process } from '../math/process.ts';
import { timeGrid, type Spacing } from '../math/timesteps.ts';
import type { DiffusionModel } from '#lib/models/model-config.ts';
import { classesOf, pictureOf } from '#lib/models/registry.ts';

/** What pictures are wanted, and how they are to be made. Plain data, so that it can cross to the worker. */
export interface SampleSpec {
  /** `ddpm`, `ddim`, `euler`, `heun`, `dpmpp-2m` or `sde`. */
  readonly sampler: string;
  /** Sampler steps N, ≥ 1. */
  readonly steps: number;
  /** One picture for each: its class by index, or null for none. */
  readonly labels: readonly (number | null)[];
  /** Picture k begins with stream `first` + k of this seed and takes its later noise from that stream of the next. */
  readonly seed: number;
  /** Default 0. */
  readonly first?: number;
  /** Guidance weight w: ε_∅ + w (ε_c − ε_∅). Default 1: the conditional prediction alone. U-ViT's scale is w − 1. */
  readonly guidance?: number;
  /** How the times are spread; each sampler has its own default. */
  readonly spacing?: Spacing;
  /** η of DDIM, 0 … 1. */
  readonly eta?: number;
  /** First and noisiest time in [0, 1]; default 1, or just below it where there is no signal at all. */
  readonly start?: number;
  /** Last time; default 0. */
  readonly end?: number;
  /** Keep x̂0 within [−1, 1]; default true. */
  readonly clip?: boolean;
  /** The state at `start`, `[n, C, S, S]` flat, instead of seeded noise. */
  readonly x?: Float32Array;
  /** In-painting: where `mask` `[S, S]` is 1, the state is that of `picture` `[n, C, S, S]`, noised to the time. */
  readonly known?: { readonly picture: Float32Array; readonly mask: Float32Array };
  /** Values of the graph's intervention inputs; those left out are neutral. */
  readonly interventions?: Readonly<Record<string, Float32Array>>;
  /** Tensors of the network to hand on with each step. */
  readonly outputs?: readonly string[];
}

/** Where a run that was stopped goes on: after `step`, with what was there then. */
export interface Resume {
  readonly step: number;
  /** The state, `[n, C, S, S]`. */
  readonly x: Float32Array;
  /** x̂0 of that step. */
  readonly x0: Float32Array;
  /** Normals that each picture has drawn. */
  readonly drawn: number;
}

/** A spec that was found right, with everything that follows from it. */
export interface Plan {
  readonly process: Process;
  readonly sampler: ReturnType<typeof samplerName>;
  /** N + 1 falling times. */
  readonly times: readonly number[];
  readonly lastOrder: 1 | 2;
  readonly clip: readonly [number, number] | undefined;
  /** Pictures n. */
  readonly count: number;
  /** Numbers of one picture, C · S · S. */
  readonly each: number;
  /** Two predictions are mixed. */
  readonly guided: boolean;
  readonly w: number;
  /** Pictures at once in a forward pass: n, or 2n where two predictions are mixed (conditional ones first). */
  readonly batch: number;
  /** Class indices `[batch]`; undefined for a model without classes. */
  readonly y: Float32Array | undefined;
}

/** Where the noise is pure (rectified flow at 1), λ has no value; samplers that need one begin here. */
const ALMOST = 0.999;
/** Steps a run may have. */
export const MOST_STEPS = 10_000;

/**
 * Checks a spec against a model.
 * @throws RangeError with one sentence for the first thing that cannot be
 */
export function planOf(model: DiffusionModel, spec: SampleSpec): Plan {
  const { diffusion } = model;
  const p = process(diffusion.process, diffusion.steps ?? 1000);
  const sampler = samplerName(spec.sampler);
  const spacing = spec.spacing ?? DEFAULT_SPACING[sampler];
  const needsLambda = spacing === 'lambda' || sampler === 'dpmpp-2m' || diffusion.prediction === 'eps';
  const start = spec.start ?? (needsLambda && !Number.isFinite(p.halfLogSnr(1)) ? ALMOST : 1);
  checkTime(start);
  if (spec.steps > MOST_STEPS)
    throw new RangeError(`The number of steps is ${spec.steps}; at most ${MOST_STEPS} are taken.`);
  const times = timeGrid(p, { steps: spec.steps, spacing, start, end: spec.end ?? 0 });
  const count = spec.labels.length;
  if (count < 1) throw new RangeError('No picture is asked for; give at least one label (null for none).');
  const { channels, height, width } = pictureOf(model)!;
  const each = channels * height * width;
  const w = spec.guidance ?? 1;
  if (!Number.isFinite(w)) throw new RangeError(`The guidance weight is ${w}; it must be a finite number.`);
  const y = labelsOf(model, spec.labels, w);
  for (const [name, values, length] of [
    ['state x', spec.x, count * each],
    ['known picture', spec.known?.picture, count * each],
    ['mask', spec.known?.mask, height * width],
  ] as const) {
    if (values && values.length !== length)
      throw new RangeError(`The ${name} has ${values.length} values; the model needs ${length}.`);
  }
  return {
    process: p,
    sampler,
    times,
    lastOrder: spec.steps <= FEW_STEPS ? 1 : 2,
    clip: (spec.clip ?? true) ? [-1, 1] : undefined,
    count,
    each,
    guided: y.guided,
    w,
    batch: y.guided ? 2 * count : count,
    y: y.values,
  };
}

function labelsOf(
  model: DiffusionModel,
  labels: readonly (number | null)[],
  w: number,
): { values: Float32Array | undefined; guided: boolean } {
  const { count: classes, none: noClass } = classesOf(model);
  const nullClass = noClass !== undefined;
  for (const label of labels) {
    if (
      label === null ? classes > 0 && !nullClass : !Number.isInteger(label) || label < 0 || label >= classes
    )
      throw new RangeError(
        classes === 0
          ? `The class is ${String(label)}; this model knows no classes.`
          : `The class is ${label ?? 'none'}; it must be a whole number from 0 to ${classes - 1}${nullClass ? ', or none' : ''}.`,
      );
  }
  if (classes === 0) {
    if (w !== 1)
      throw new RangeError(`The guidance weight is ${w}; a model without classes cannot be guided.`);
    return { values: undefined, guided: false };
  }
  const asked = labels.map((label) => label ?? classes);
  // With w = 0, or no class anywhere, one of the two predictions is all there is.
  const guided = w !== 1 && w !== 0 && asked.some((label) => label !== classes);
  if (w !== 1 && !nullClass)
    throw new RangeError(`The guidance weight is ${w}; this model has no “no class” to guide away from.`);
  const none = asked.map(() => classes);
  if (guided) return { values: Float32Array.from([...asked, ...none]), guided };
  return { values: Float32Array.from(w === 0 ? none : asked), guided };
}
