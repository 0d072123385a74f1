import { useWants } from '#lib/live/use-wants.svelte.ts';
import { PREDICTION } from '#lib/diffusion/sampler/spec.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

/** The state of the painting that the shown tensors are of, and what the network was told there. */
export interface ShownState {
  /** Token ids of the text, as many as the text tower reads. */
  readonly ids: readonly number[];
  /** The style by index; null for none. */
  readonly style: number | null;
  /** Steps made before this state, and its time. */
  readonly step: number;
  readonly t: number;
  /** Decoded x̂0 of the step that made it, `[3, S, S]` flat. */
  readonly picture: Float32Array | undefined;
}

/**
 * Which state the denoiser's shown tensors answer: the newest painting may be further, or of other words. Call it while
 * a component is made. Reactive.
 */
export function useShownState(vm: LatentsViewModel): { readonly current: ShownState | undefined } {
  const known = new WeakMap<Float32Array, ShownState>();
  $effect(() => {
    const { call, run } = vm;
    const by = call && run.steps.find(({ x }) => x === call.x);
    const ids = run.settings?.words[0]?.texts[0];
    if (call && by && ids)
      known.set(call.x, { ids, style: call.label, step: by.step, t: by.t, picture: by.pictures.x0 });
  });
  useWants(
    () => vm.denoiser.live,
    () => [PREDICTION],
  );
  return {
    get current() {
      const { said } = vm.denoiser;
      return said && known.get(said.call.x);
    },
  };
}
