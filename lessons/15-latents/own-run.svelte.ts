import { untrack } from 'svelte';
import type { Call } from '#lib/diffusion/session/live-denoiser.svelte.ts';
import type { PaintedFrame } from '#lib/diffusion/session/painting-session.svelte.ts';
import { LATENTS } from './model.ts';
import type { PaintRun } from './painting.svelte.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

/** A picture of a batch, `each` values of `[n, …]` flat; undefined where there is none. */
export function pictureOf(
  values: Float32Array | undefined,
  which: number,
  each: number,
): Float32Array | undefined {
  return values && values.length >= (which + 1) * each
    ? values.subarray(which * each, (which + 1) * each)
    : undefined;
}

/**
 * The first picture's state at a frame as a call of the network; of a finished picture the state it was made from.
 * Undefined before the first step, since what the network is told is known from its answer on.
 */
export function callAt(
  frames: readonly PaintedFrame[],
  frame: PaintedFrame | undefined,
  style: number | null,
): Call | undefined {
  const at = frame && frame.t === 0 ? frames[frames.indexOf(frame) - 1] : frame;
  const by = at && (at.by ?? frames[frames.indexOf(at) + 1]?.by);
  if (!at || !by) return undefined;
  const told = by.context.told.slice(0, by.context.empty.length);
  return {
    x: at.x.slice(0, LATENTS),
    t: at.t,
    label: style,
    context: { told, empty: by.context.empty },
    both: true,
  };
}

/**
 * While the component lives, the transport plays its own run, and strip and drawer show the first picture of it. Call it
 * while the component is made.
 * @param run which one, if there are several; read reactively
 */
export function showOwn(vm: LatentsViewModel, run: () => PaintRun): void {
  const call = $derived(callAt(run().frames, run().frame, vm.style));
  $effect(() => {
    vm.own = run();
    vm.asked = call;
  });
  $effect(() => () => untrack(() => (vm.own = vm.asked = undefined)));
}
