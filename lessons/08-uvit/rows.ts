import type { Tensor } from '#lib/base/tensor.ts';
import type { UVitRoom } from './room.svelte.ts';

/** The weights that the asking token gives to the patches in one head, `[N]`, as a tensor of its own; undefined before they are here. */
export function rowOf(room: UVitRoom, block: number, head: number): Tensor | undefined {
  const whole = fullRow(room, block, head);
  const name = room.attention[block];
  if (!whole || name === undefined) return undefined;
  const data = whole.slice(room.places.prefix);
  return { name, shape: [data.length], dims: ['N'], data };
}

/** The whole row `[T]`, label and time first; no copy. */
export function fullRow(room: UVitRoom, block: number, head: number): Float32Array | undefined {
  const tensor = room.tensor(room.attention[block] ?? '');
  const tokens = room.sizes.tokens;
  if (!tensor || tensor.shape.at(-1) !== tokens) return undefined;
  const at = (head * tokens + room.query) * tokens;
  return tensor.data.subarray(at, at + tokens);
}
