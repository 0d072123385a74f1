import { useTensor } from '#lib/live/use-tensor.svelte.ts';
import { tensorOf } from '#lib/live/make-tensor.svelte.ts';
import type { Encoded } from './encoded-picture.svelte.ts';
import { CHANNELS, GRID, GRAPHS } from './model.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

/** One number of a picture's latents, and what is added to it. */
export interface Edit {
  readonly of: Encoded;
  readonly channel: number;
  /** Row by row. */
  readonly cell: number;
  /** In standard deviations of the latents. */
  readonly add: number;
  /** The number as it was and as it is now, in the autoencoder's own scale. */
  readonly before: number;
  readonly after: number;
}
/** An edit with what is decoded of it, `[3, S, S]`. */
export interface Edited extends Edit {
  readonly picture: Float32Array;
}

const CELLS = GRID * GRID;

/** The number that the state names: a channel or cell beyond the last is the last. */
export function latentAt(
  of: Encoded,
  channel: number,
  cell: number,
): { channel: number; cell: number; value: number } {
  const [c, at] = [Math.min(channel, CHANNELS - 1), Math.min(cell, CELLS - 1)];
  return { channel: c, cell: at, value: of.mean[c * CELLS + at] ?? 0 };
}

/**
 * Decodes the picture's latents with one of them changed, as the state says; the newest answer with the edit that it is
 * of. Where nothing is added it is the reconstruction. Make it while a component is made.
 */
export function useEdit(
  vm: LatentsViewModel,
  encoded: { readonly current: Encoded | undefined },
): { readonly current: Edited | undefined; readonly pending: boolean } {
  const edits = new WeakMap<Float32Array, Edit>();
  const wish = $derived.by((): { edit: Edit; z: Float32Array } | undefined => {
    const [of, scale] = [encoded.current, vm.scalingFactor];
    if (!of || scale === undefined) return undefined;
    const { ch, cell: place, add } = vm.state;
    const { channel, cell, value } = latentAt(of, ch, place);
    const edit = { of, channel, cell, add, before: value, after: value + add / scale };
    const z = of.mean.slice();
    z[channel * CELLS + cell] = edit.after;
    edits.set(z, edit);
    return { edit, z };
  });
  $effect(() => {
    if (wish && wish.edit.add !== 0) vm.decoder.inputs = { z: wish.z };
  });
  const decoded = useTensor(() =>
    wish && wish.edit.add !== 0
      ? tensorOf(vm.decoder, 'reconstruction', { graph: () => GRAPHS.autoencoder })
      : undefined,
  );
  const current: Edited | undefined = $derived.by(() => {
    if (!wish) return undefined;
    if (wish.edit.add === 0) return { ...wish.edit, picture: wish.edit.of.reconstruction };
    const z = vm.decoder.shown?.inputs.z;
    const edit = z && edits.get(z);
    return edit && decoded.current ? { ...edit, picture: decoded.current.data } : undefined;
  });
  return {
    get current() {
      return current;
    },
    get pending() {
      return vm.decoder.late || vm.autoencoder.late;
    },
  };
}
