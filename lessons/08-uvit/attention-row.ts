import type { Tensor } from '#lib/base/tensor.ts';
import { ATTENTION, PLACES, SIZES } from './model.ts';
import type { UVitViewModel } from './view-model.svelte.ts';

/** The weights that the asking token gives to the patches in one head, `[N]`, as a tensor of its own; undefined before they are here. */
export function rowOf(vm: UVitViewModel, block: number, head: number): Tensor | undefined {
  const whole = fullRow(vm, block, head);
  const name = ATTENTION[block];
  if (!whole || name === undefined) return undefined;
  const data = whole.slice(PLACES.prefix);
  return { name, shape: [data.length], dims: ['N'], data };
}

/** The whole row `[T]`, label and time first; no copy. */
export function fullRow(vm: UVitViewModel, block: number, head: number): Float32Array | undefined {
  const tensor = vm.named(ATTENTION[block] ?? '')?.value;
  const tokens = SIZES.tokens;
  if (!tensor || tensor.shape.at(-1) !== tokens) return undefined;
  const at = (head * tokens + vm.query) * tokens;
  return tensor.data.subarray(at, at + tokens);
}
