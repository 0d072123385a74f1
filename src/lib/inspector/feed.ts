import type { RunSettings } from '#lib/diffusion/session/settings.ts';
import { addNoise, process as processOf } from '#lib/diffusion/math/index.ts';
import { startNoise } from '#lib/diffusion/math/picture-noise.ts';
import type { DiffusionSpec } from '#lib/diffusion/math/spec.ts';
import {
  classesOf,
  familyOf,
  inputsOf,
  neutralOf,
  pictureOf,
  pixelInputOf,
  type Blueprint,
  type Given,
  type InputValues,
} from '#lib/models/registry.ts';
import { preprocess, type PreprocessSpec } from '#lib/images/preprocess.ts';
import type { Rgba } from '#lib/images/rgba.ts';
import { pixelSpec } from '#lib/pictures/small.svelte.ts';
import type { InspectorState } from './state.ts';

/** What the reader sets beside the picture. */
export type Conditions = Pick<InspectorState, 'at' | 'y' | 'seed' | 'keep'> &
  Partial<Pick<InspectorState, 'mv'>>;

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

/**
 * What the model is fed, by input name, as its family makes it of what the reader gives.
 * @param given the preprocessed picture in the input's shape, or a state of a sampling run; tokens of texts
 * @returns undefined while what the model needs is not given
 */
export function feedOf(
  { blueprint, diffusion }: Fed,
  given: Pick<Given, 'picture' | 'state' | 'tokens'>,
  wish: Conditions,
): InputValues | undefined {
  return familyOf(blueprint.architecture).feed(blueprint.config, {
    ...given,
    time: wish.at,
    class: wish.y,
    seed: wish.seed,
    visible: wish.keep.map(Number),
    pace: wish.mv,
    diffusion,
  });
}

/** Shows a masked patch; the patch that has been seen longest is masked in its place. The other way round likewise. */
export function swapPatch(seen: readonly number[], patch: number, patches: number): number[] {
  if (!seen.includes(patch)) return [...seen.slice(1), patch];
  const hidden = Array.from({ length: patches }, (_, i) => i).find((i) => i > patch && !seen.includes(i));
  const other = hidden ?? Array.from({ length: patches }, (_, i) => i).find((i) => !seen.includes(i));
  return other === undefined ? [...seen] : [...seen.filter((n) => n !== patch), other];
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
  const { count } = classesOf(blueprint);
  const settings: RunSettings = {
    sampler: wish.run,
    steps: wish.rn,
    labels: [wish.y >= 0 && wish.y < count ? wish.y : firstLabel(blueprint)],
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

/** What a denoiser is told where the reader has named no class of it: none, or where it knows no "none" its first. */
function firstLabel(of: Blueprint): number | null {
  const { count, none } = classesOf(of);
  return count === 0 || none !== undefined ? null : 0;
}

/** The texts that a model is fed: the reader's, or where there are none the empty text. */
export function textsOf(typed: readonly string[]): readonly string[] {
  return typed.length > 0 ? typed : [''];
}

/** The choice of patches that a model is fed, and the input that says it; undefined where there is none. */
export function patchChoiceOf(of: Blueprint) {
  const input = inputsOf(of).find(({ role }) => role === 'visible');
  return input?.control?.kind === 'patches' ? { ...input.control, input: input.name } : undefined;
}
export type PatchesChoice = NonNullable<ReturnType<typeof patchChoiceOf>>;

/** The frames that a model is fed: how many, and how far a picture can move in one step before it is round. */
export function framesOf(of: Blueprint): { readonly count: number; readonly width: number } | undefined {
  const { role, shape = [] } = pixelInputOf(of) ?? {};
  const [count, width] = [shape[1], shape.at(-1)];
  return role === 'frames' && count !== undefined && width !== undefined ? { count, width } : undefined;
}

/** Whether a model has heads that can be cut. */
export function cutsHeads(of: Blueprint): boolean {
  return Object.hasOwn(neutralOf(of), 'head_mask');
}

/** Whether a photo can be fed to a network: in colour, or in shades of grey. */
export function takesPhotos(channels: number): boolean {
  return channels === 3 || channels === 1;
}

/**
 * A picture as a network is fed it.
 * @param spec how it wants its pictures; undefined: from −1 to 1, as denoisers do
 * @returns `[C, height, width]`, flat; undefined for a network that is fed no picture
 */
export function pictureFed(
  rgba: Rgba,
  of: Blueprint,
  spec: PreprocessSpec | undefined,
): Float32Array | undefined {
  const size = pictureOf(of);
  const sides = size && ([size.height, size.width] as const);
  return sides && preprocess(rgba, spec ? { ...spec, size: sides } : pixelSpec(sides, size.channels));
}
