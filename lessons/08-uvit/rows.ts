import type { Tensor } from '#lib/base/tensor.ts';
import type { UVitViewModel } from './view-model.svelte.ts';

/** The weights that the asking token gives to the patches in one head, `[N]`, as a tensor of its own; undefined before they are here. */
export function rowOf(vm: UVitViewModel, block: number, head: number): Tensor | undefined {
  const whole = fullRow(vm, block, head);
  const name = vm.attention[block];
  if (!whole || name === undefined) return undefined;
  const data = whole.slice(vm.places.prefix);
  return { name, shape: [data.length], dims: ['N'], data };
}

/** The whole row `[T]`, label and time first; no copy. */
export function fullRow(vm: UVitViewModel, block: number, head: number): Float32Array | undefined {
  const tensor = vm.tensor(vm.attention[block] ?? '');
  const tokens = vm.sizes.tokens;
  if (!tensor || tensor.shape.at(-1) !== tokens) return undefined;
  const at = (head * tokens + vm.query) * tokens;
  return tensor.data.subarray(at, at + tokens);
}
