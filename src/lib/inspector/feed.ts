import { architectureOf, type Blueprint } from '#lib/models/registry.ts';
import { maeSizes, maskingOf, type MaeConfig } from '#lib/models/mae/graph.ts';
import type { Frame } from '#lib/diffusion/session/frames.ts';
import type { RunSettings } from '#lib/diffusion/session/settings.ts';
import {
  addNoise,
  networkTime,
  normals,
  process as processOf,
  type Process,
} from '#lib/diffusion/math/index.ts';
import { startNoise } from '#lib/diffusion/sampler/noise.ts';
import type { DiffusionSpec } from '#lib/models/model-config.ts';
import type { InspectorState } from './state.ts';

/** What the reader sets beside the picture: time, class and noise of a denoiser, the masking of an autoencoder. */
export type Conditions = Pick<InspectorState, 'at' | 'y' | 'seed' | 'keep'>;

/** The model that is fed. */
export interface Fed {
  readonly blueprint: Blueprint;
  readonly diffusion?: DiffusionSpec | undefined;
}

/** The run whose state is fed. */
export type Sampled = Pick<
  InspectorState,
  'run' | 'rn' | 'rk' | 'rw' | 'reta' | 'rclip' | 'rs' | 'y' | 'seed'
>;

/** Everything a forward pass takes. */
export interface Feed {
  /** The picture; for a denoiser with its noise, x_t. */
  readonly x: Float32Array;
  /** The inputs beside it, by name; undefined where there are none. */
  readonly more: Readonly<Record<string, Float32Array>> | undefined;
}

/** The process of a diffusion model, and a time of it that its network can be fed. */
export function momentOf(spec: DiffusionSpec, at: number): { process: Process; t: number; fed: number } {
  const process = processOf(spec.process, spec.steps);
  const t = process.schedule ? Math.max(at, 1 / process.schedule.steps) : at;
  return { process, t, fed: networkTime(spec.time, t, process) };
}

/** The row of the class table: the class chosen, "no class" for −1 where there is one, and never outside the table. */
export function classRowOf({ config }: Blueprint, y: number): number {
  const { classes = 0 } = config;
  const none = 'nullClass' in config && config.nullClass;
  if (y < 0 || y >= classes) return none ? classes : 0;
  return y;
}

/** Patches an autoencoder sees: those of the link where they are as many as it takes, else drawn by the seed. */
export function visiblePatches(
  config: MaeConfig,
  { keep, seed }: Pick<Conditions, 'keep' | 'seed'>,
): number[] {
  const { patches, visible } = maeSizes(config);
  const chosen = [...new Set(keep.map(Number))].filter((n) => n < patches);
  if (chosen.length === visible) return chosen;
  // He et al. 2022, section 3: noise for every patch, the first of the sorted ones are seen.
  const noise = normals(seed, 0, patches);
  const order = Array.from({ length: patches }, (_, i) => i).sort((a, b) => noise[a]! - noise[b]!);
  return order.slice(0, visible).sort((a, b) => a - b);
}

/** Shows a masked patch; the patch that has been seen longest is masked in its place. The other way round likewise. */
export function swapPatch(seen: readonly number[], patch: number, patches: number): number[] {
  if (!seen.includes(patch)) return [...seen.slice(1), patch];
  const hidden = Array.from({ length: patches }, (_, i) => i).find((i) => i > patch && !seen.includes(i));
  const other = hidden ?? Array.from({ length: patches }, (_, i) => i).find((i) => !seen.includes(i));
  return other === undefined ? [...seen] : [...seen.filter((n) => n !== patch), other];
}

/**
 * What the model is fed for a picture.
 * @param x0 the preprocessed picture, `[C, S, S]` flat
 */
export function feedOf({ blueprint, diffusion }: Fed, x0: Float32Array, wish: Conditions): Feed {
  if (blueprint.architecture === 'mae') {
    const { patches } = maeSizes(blueprint.config);
    return { x: x0, more: maskingOf(visiblePatches(blueprint.config, wish), patches) };
  }
  if (!diffusion) return { x: x0, more: undefined };
  const { process, t } = momentOf(diffusion, wish.at);
  const x = addNoise(process, t, x0, startNoise(wish.seed, 1, x0.length));
  return feedOfFrame({ blueprint, diffusion }, { x, t }, wish.y);
}

/**
 * The sampling run a link names: one picture, the seed's first stream. Undefined where none is named or the model is no
 * denoiser, and for a run that begins with the picture until that is here.
 * @param x0 the preprocessed picture, `[C, S, S]` flat
 */
export function samplingOf(
  { blueprint, diffusion }: Fed,
  x0: Float32Array | undefined,
  wish: Sampled,
): RunSettings | undefined {
  if (!diffusion || wish.run === 'none') return undefined;
  const { classes = 0 } = blueprint.config;
  const row = classRowOf(blueprint, wish.y);
  const settings: RunSettings = {
    sampler: wish.run,
    steps: wish.rn,
    labels: [classes > 0 && row < classes ? row : null],
    seed: wish.seed,
    guidance: wish.rw,
    clip: wish.rclip,
    ...(wish.run === 'ddim' && { eta: wish.reta }),
  };
  if (wish.rs >= 1) return settings;
  const p = processOf(diffusion.process, diffusion.steps);
  return (
    x0 && {
      ...settings,
      start: wish.rs,
      x: addNoise(p, wish.rs, x0, startNoise(wish.seed, 1, x0.length)),
    }
  );
}

/** What the network is fed at a state of a run. */
export function feedOfFrame({ blueprint, diffusion }: Fed, frame: Pick<Frame, 'x' | 't'>, y: number): Feed {
  if (!diffusion) return { x: frame.x, more: undefined };
  const { fed } = momentOf(diffusion, frame.t);
  const { classes = 0 } = blueprint.config;
  return {
    x: frame.x,
    more: { t: Float32Array.of(fed), ...(classes > 0 && { y: Float32Array.of(classRowOf(blueprint, y)) }) },
  };
}

/** Whether a model has heads that can be cut. */
export function cutsHeads(of: Blueprint): boolean {
  return Object.hasOwn(architectureOf(of.architecture).neutral(of.config), 'head_mask');
}
