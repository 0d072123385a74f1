import { architectureOf, type Blueprint } from '../architectures/index.ts';
import { maeSizes, maskingOf, type MaeConfig } from '../architectures/mae.ts';
import { addNoise, networkTime, normals, process as processOf, type Process } from '../diffusion/index.ts';
import type { DiffusionSpec } from '../weights/config.ts';
import type { InspectorState } from './state.ts';

/** What the reader sets beside the picture: time, class and noise of a denoiser, the masking of an autoencoder. */
export type Conditions = Pick<InspectorState, 'at' | 'y' | 'seed' | 'keep'>;

/** The model that is fed. */
export interface Fed {
  readonly blueprint: Blueprint;
  readonly diffusion?: DiffusionSpec | undefined;
}

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
  const { process, t, fed } = momentOf(diffusion, wish.at);
  const noise = normals(wish.seed, 0, x0.length);
  const { classes = 0 } = blueprint.config;
  return {
    x: addNoise(process, t, x0, noise),
    more: {
      t: Float32Array.of(fed),
      ...(classes > 0 && { y: Float32Array.of(classRowOf(blueprint, wish.y)) }),
    },
  };
}

/** Whether a model has heads that can be cut. */
export function cutsHeads(of: Blueprint): boolean {
  return Object.hasOwn(architectureOf(of.architecture).neutral(of.config), 'head_mask');
}
