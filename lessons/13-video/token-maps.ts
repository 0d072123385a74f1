import type { Tensor } from '#lib/base/tensor.ts';

/** How a clip's tokens lie. */
export interface ClipTokens {
  readonly times: number;
  readonly places: number;
}

/** Which attention of which head is read. */
export interface Asked {
  readonly head: number;
  /** The tubelet, time by time and row by row; undefined: the class token. */
  readonly token: number | undefined;
}

/** One head's weights over a clip, as seen from one token. */
export interface TokenMaps {
  /** Over the places of each time, `[places]`. */
  readonly times: readonly Float32Array[];
  /** Part of the weight that lies on each time, and on the class token. */
  readonly shares: readonly number[];
  readonly cls: number;
}

const sum = (values: Float32Array) => values.reduce((a, v) => a + v, 0);

/**
 * Where a token looks whose sequence holds all tubelets and a class token before them.
 * @param probs `[h, T, T]`, T = 1 + times · places
 */
export function jointMaps(probs: Tensor, { times, places }: ClipTokens, { head, token }: Asked): TokenMaps {
  const tokens = 1 + times * places;
  const row = (head * tokens + (token === undefined ? 0 : 1 + token)) * tokens;
  const maps = Array.from({ length: times }, (_, t) =>
    probs.data.subarray(row + 1 + t * places, row + 1 + (t + 1) * places),
  );
  return { times: maps, shares: maps.map(sum), cls: probs.data[row] ?? NaN };
}

/**
 * Where tokens look that see their own time alone: at each time the class token, or the tubelet at the same place.
 * `shares` are parts of each time's own weight that lie on its tubelets.
 * @param probs `[t, h, T, T]`, T = 1 + places
 */
export function spaceMaps(probs: Tensor, { times, places }: ClipTokens, { head, token }: Asked): TokenMaps {
  const tokens = 1 + places;
  const heads = probs.shape[1] ?? 1;
  const query = token === undefined ? 0 : 1 + (token % places);
  const rows = Array.from({ length: times }, (_, t) => ((t * heads + head) * tokens + query) * tokens);
  const maps = rows.map((row) => probs.data.subarray(row + 1, row + tokens));
  const cls = rows.reduce((all, row) => all + (probs.data[row] ?? NaN), 0) / times;
  return { times: maps, shares: maps.map(sum), cls };
}
