import { useTensor } from '#lib/live/use-tensor.svelte.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

/** A picture, its latents and what is decoded of them: all of one pass. */
export interface Encoded {
  /** `[3, S, S]` in −1 … 1. */
  readonly x: Float32Array;
  /** Latents in the autoencoder's own scale, `[C, s, s]`. */
  readonly mean: Float32Array;
  /** `[3, S, S]`, nearly all in −1 … 1. */
  readonly reconstruction: Float32Array;
}

/** The picture there and back. Make it while a component is made: the tensors are wanted as long as it lives. */
export function useEncoded(vm: LatentsViewModel): { readonly current: Encoded | undefined } {
  const mean = useTensor(() => vm.tensor('autoencoder', 'mean'));
  const decoded = useTensor(() => vm.tensor('autoencoder', 'reconstruction'));
  const current: Encoded | undefined = $derived.by(() => {
    const x = vm.autoencoder.shown?.inputs.x;
    if (!x || !mean.current || !decoded.current) return undefined;
    return { x, mean: mean.current.data, reconstruction: decoded.current.data };
  });
  return {
    get current() {
      return current;
    },
  };
}
