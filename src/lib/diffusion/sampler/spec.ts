import { DEFAULT_SPACING, FEW_STEPS, samplerName } from '../math/samplers/names.ts';
import { checkTime, process, type Process } from '../math/process.ts';
import { timeGrid, type Spacing } from '../math/timesteps.ts';
import type { DiffusionModel } from '#lib/models/model-config.ts';
import { sizeOf } from '#lib/base/tensor.ts';
import { classesOf, inputWith, pictureOf } from '#lib/models/registry.ts';

/** The network's answer in its graph. */
export const PREDICTION = 'prediction';

/** Features of texts, as the network that reads them made them. */
export interface TextContext {
  /** Of the text of each picture, `[n, L, D]`. */
  readonly told: Float32Array;
  /** Of the empty text, `[L, D]`: what guidance leads away from. */
  readonly empty: Float32Array;
}

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
  /** Of a network that is told texts: what one picture each is told, and what the empty text is. */
  readonly context?: TextContext;
  /** How the times are spread; each sampler has its own default. */
  readonly spacing?: Spacing;
  /** η of DDIM, 0 … 1. */
  readonly eta?: number;
  /** First and noisiest time in [0, 1]; default 1, or just below it where there is no signal at all. */
  readonly start?: number;
  /** Last time; default 0. */
  readonly end?: number;
  /** Keep x̂0 within [−1, 1]; default true, but of a network that paints an autoencoder's latents false. */
  readonly clip?: boolean;
  /** The state at `start`, `[n, C, S, S]` flat, instead of seeded noise. */
  readonly x?: Float32Array;
  /**
   * In-painting: where `mask` `[S, S]` is 1, the state is that of `picture` `[n, C, S, S]`, noised to the time. Of a network
   * that paints latents both are latents, scaled as it has them.
   */
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
  /** Features of texts `[batch, L, D]`; undefined for a model that is told none. */
  readonly context: Float32Array | undefined;
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
  const text = contextIn(model, spec, count);
  const { values: y, guided } = labelsOf(model, spec.labels, w, text !== undefined);
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
    clip: (spec.clip ?? model.autoencoder === undefined) ? [-1, 1] : undefined,
    count,
    each,
    guided,
    w,
    batch: guided ? 2 * count : count,
    y,
    context: text && contextFor(text, count, w, guided),
  };
}

/** The texts of a spec, found to fit the model; undefined for a model that is told none. */
function contextIn(model: DiffusionModel, { context }: SampleSpec, count: number): TextContext | undefined {
  const shape = inputWith(model, 'embedding')?.shape;
  if (!shape) {
    if (context) throw new RangeError('The model is told no texts, but features of some are given.');
    return undefined;
  }
  const each = sizeOf(shape);
  if (!context)
    throw new RangeError('The model paints from words; give the features of a text for each picture.');
  for (const [name, { length }, wanted] of [
    ['texts', context.told, count * each],
    ['empty text', context.empty, each],
  ] as const)
    if (length !== wanted)
      throw new RangeError(`The features of the ${name} are ${length} values; the model needs ${wanted}.`);
  return context;
}

/** What each picture of a forward pass is told: the texts, the empty text, or first the one and then the other. */
function contextFor({ told, empty }: TextContext, count: number, w: number, guided: boolean): Float32Array {
  if (!guided && w !== 0) return told;
  const all = new Float32Array((guided ? 2 : 1) * told.length);
  if (guided) all.set(told);
  for (let k = 0; k < count; k++) all.set(empty, all.length - told.length + k * empty.length);
  return all;
}

function labelsOf(
  model: DiffusionModel,
  labels: readonly (number | null)[],
  w: number,
  text: boolean,
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
  // With w = 0, or nothing that is told, one of the two predictions is all there is.
  const mixed = w !== 1 && w !== 0;
  if (classes === 0) {
    if (text) return { values: undefined, guided: mixed };
    if (w !== 1)
      throw new RangeError(`The guidance weight is ${w}; a model without classes cannot be guided.`);
    return { values: undefined, guided: false };
  }
  const asked = labels.map((label) => label ?? classes);
  const guided = mixed && (text || asked.some((label) => label !== classes));
  if (w !== 1 && !nullClass)
    throw new RangeError(`The guidance weight is ${w}; this model has no “no class” to guide away from.`);
  const none = asked.map(() => classes);
  if (guided) return { values: Float32Array.from([...asked, ...none]), guided };
  return { values: Float32Array.from(w === 0 ? none : asked), guided };
}
