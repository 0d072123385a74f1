import { maskingOf } from '#lib/models/mae/graph.ts';
import type { InputValues, Variant } from '#lib/models/family.ts';
import { SIZES, variantFor } from './model.ts';
import type { Masking } from './masks.ts';
import type { CHANGES } from './state.ts';

export type Change = (typeof CHANGES)[number];

/** What the network is fed, and what is changed of it. */
export interface ChangedPass {
  readonly inputs: InputValues;
  readonly interventions: InputValues;
  readonly variant: Variant;
}

/** What the network is fed for a masking. */
export const fedWith = (x: Float32Array, { order, visible }: Masking): InputValues => ({
  x,
  ...maskingOf(order.slice(0, visible), SIZES.patches),
});

/** The place that lies as far from the lower edge as this one from the upper. */
export const mirrored = (place: number, side: number) =>
  (side - 1 - Math.floor(place / side)) * side + (place % side);

/** A masked pass in which one thing is not as the network was trained. */
export function changedPass(change: Change, x: Float32Array, masking: Masking): ChangedPass {
  const inputs = fedWith(x, masking);
  const variant = variantFor(masking.visible);
  const { grid, patches } = SIZES;
  if (change === 'places') {
    const places = Float32Array.from({ length: patches }, (_, n) =>
      masking.hidden[n] ? mirrored(n, grid) : n,
    );
    return { inputs, variant, interventions: { decoder_places: places } };
  }
  if (change === 'bert') {
    const all = { order: Array.from({ length: patches }, (_, n) => n), visible: patches };
    const scale = Float32Array.from(masking.hidden, (hidden) => (hidden ? 0 : 1));
    return {
      inputs: fedWith(x, { ...masking, ...all }),
      variant: variantFor(patches),
      interventions: { patch_scale: scale },
    };
  }
  const mean = change === 'mean' ? 1 : 0;
  return {
    inputs,
    variant,
    interventions: { mask_scale: new Float32Array(1), mask_mean: Float32Array.of(mean) },
  };
}
