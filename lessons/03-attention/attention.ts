import type { PatchGrid } from '#lib/analysis/attention.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { SeenPicture } from '#lib/notebook/seen.svelte.ts';
import type { StateOf } from '#lib/state/schema.ts';
import type { AttentionFields } from './state.ts';

/** The attention on screen, as what is computed from it reads it: part of the lesson's view model. All reactive. */
export interface ShownAttention {
  readonly state: StateOf<AttentionFields>;
  readonly live: LiveModel;
  /** The same model at the patch size of the second map of a difference. */
  readonly other: LiveModel;
  readonly seen: SeenPicture;
  /** Attention of every layer, `[h, T, T]` each, all of one pass. */
  readonly layers: readonly Tensor[] | undefined;
  /** Where the tokens of the maps lie. */
  readonly place: PatchGrid;
  /** The token that asks now. */
  readonly query: number;
  /** Why the model is not asked. */
  readonly silence: string | undefined;
  /** Whether the maps belong to the wished patch size and picture. */
  readonly current: boolean;
  /** One row of one head, `[T]`, over all tokens. */
  row(layer: number, head: number): Float32Array | undefined;
}

/** All tensors of these names, of one pass; undefined while one is missing. */
export function layersOf(live: LiveModel, names: readonly string[]): readonly Tensor[] | undefined {
  const found = names.flatMap((name) => live.tensors.get(name) ?? []);
  const whole = found.length === names.length && found.every((t) => t.data.length === found[0]?.data.length);
  return whole ? found : undefined;
}

/** Row `query` of head `head` of a layer's attention `[h, T, T]`; no copy. */
export function rowOf(layer: Tensor | undefined, head: number, query: number): Float32Array | undefined {
  const tokens = layer?.shape[1] ?? 0;
  if (!layer || query >= tokens) return undefined;
  const at = (head * tokens + query) * tokens;
  return layer.data.subarray(at, at + tokens);
}
