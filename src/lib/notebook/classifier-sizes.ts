import { pair, type Field } from '#lib/state/schema.ts';

/**
 * The sizes of the model that Part I runs, as the links of its lessons count in them. Written down, so that the map of
 * lessons, which reads every state, needs no graph; a test holds them to the model's configuration.
 */
/** Pixels a side of what the model sees. */
export const SIDE = 224;
/** Patch sizes the model was trained for. */
export const PATCHES: readonly number[] = [8, 14, 16, 28, 32];
/** Blocks; depth 0 is the stream before the first one. */
export const DEPTH = 12;
export const HEADS = 3;
export const DIM = 192;

/** A patch size the model was trained for. */
export function patchField(value: number): Field<number> {
  return {
    default: value,
    print: String,
    parse: (raw) => PATCHES.find((p) => String(p) === raw),
  };
}

/** A pixel (row, column) of what the model sees. */
export const pixelField = (value: readonly [number, number]) => pair(value, { min: 0, max: SIDE - 1 });
