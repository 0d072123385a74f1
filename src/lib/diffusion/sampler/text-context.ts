import { inputWith, type Blueprint } from '#lib/models/registry.ts';
import type { TextContext } from './spec.ts';

/** Tokens L and values D of a text that a network is told; undefined for one that is told none. */
export function contextShape(of: Blueprint): { readonly tokens: number; readonly dim: number } | undefined {
  const [, tokens, dim] = inputWith(of, 'embedding')?.shape ?? [];
  return tokens === undefined || dim === undefined ? undefined : { tokens, dim };
}

/**
 * What a network is told of texts: of each the features of its first L tokens. A text tower is causal, so that a shorter
 * row would have given the same.
 * @param features `[n + 1, T, D]`, the empty text last
 * @throws RangeError where the tower's texts have fewer tokens than the network reads, or others of another width
 */
export function contextOf(
  features: { readonly data: Float32Array; readonly shape: readonly number[] },
  of: Blueprint,
): TextContext {
  const [texts = 0, long = 0, wide = 0] = features.shape;
  const { tokens, dim } = contextShape(of) ?? { tokens: 0, dim: wide };
  if (tokens > long || dim !== wide)
    throw new RangeError(
      `The network reads ${tokens} tokens of ${dim} values; the text tower gives ${long} of ${wide}. Choose the tower it was trained with.`,
    );
  const row = (k: number) => features.data.subarray(k * long * wide, k * long * wide + tokens * wide);
  const told = new Float32Array((texts - 1) * tokens * wide);
  for (let k = 0; k < texts - 1; k++) told.set(row(k), k * tokens * wide);
  return { told, empty: row(texts - 1).slice() };
}

/**
 * Features between those of two texts, token by token on the straight line: a + u (b − a). A network that is told texts
 * begins with a linear layer on each token, so that what it makes of the middle is the middle of what it makes of the ends.
 * Source of walks between two conditions: Ramesh et al. 2022, "Hierarchical Text-Conditional Image Generation with CLIP
 * Latents", section 3.2 (there along the sphere, between two embeddings of length 1).
 * @param a `[n, L, D]`, flat
 * @param b as `a`
 * @param share u of each of the n pictures, 0 … 1
 * @throws RangeError for arrays that do not fit, and for a part of the way outside 0 … 1
 */
export function between(a: Float32Array, b: Float32Array, share: readonly number[]): Float32Array {
  if (a.length !== b.length || a.length % Math.max(1, share.length) !== 0)
    throw new RangeError(
      `Features of ${a.length} and of ${b.length} values cannot be mixed for ${share.length} pictures.`,
    );
  const wrong = share.find((u) => !(u >= 0 && u <= 1));
  if (wrong !== undefined)
    throw new RangeError(`The part of the way between two texts is ${wrong}; it must be from 0 to 1.`);
  const each = a.length / share.length;
  return a.map((v, i) => v + share[Math.floor(i / each)]! * (b[i]! - v));
}
