import { useTensor } from '#lib/live/use-tensor.svelte.ts';
import { PLACES, WIDTH } from './model.ts';
import type { CodesViewModel } from './view-model.svelte.ts';

/** A picture, its codes and what is decoded of them: all of one pass. */
export interface Coded {
  /** `[3, S, S]` in −1 … 1. */
  readonly x: Float32Array;
  /** Latents before they are quantised, `[E, s, s]`. */
  readonly latents: Float32Array;
  /** Numbers of the codes, row by row, `[N]`. */
  readonly codes: Float32Array;
  /** Their entries, `[E, s, s]`. */
  readonly z: Float32Array;
  /** `[3, S, S]`, nearly all in −1 … 1. */
  readonly reconstruction: Float32Array;
}

/** The picture through its codes and back. Make it while a component is made: the tensors are wanted as long as it lives. */
export function useCoded(vm: CodesViewModel): { readonly current: Coded | undefined } {
  const named = ['quant_conv', 'codes', 'z', 'reconstruction'].map((name) =>
    useTensor(() => vm.tensor('vq', name)),
  );
  const current: Coded | undefined = $derived.by(() => {
    const x = vm.vq.shown?.inputs.x;
    const [latents, codes, z, reconstruction] = named.map((one) => one.current?.data);
    return x && latents && codes && z && reconstruction && { x, latents, codes, z, reconstruction };
  });
  return {
    get current() {
      return current;
    },
  };
}

/** The numbers of a place in latents `[E, s, s]`. */
export function vectorAt(latents: ArrayLike<number>, place: number): Float32Array {
  return Float32Array.from({ length: WIDTH }, (_, e) => latents[e * PLACES + place] ?? 0);
}
