import type { DiTConfig } from '#lib/models/dit/config.ts';
import { contextOf, uvitSizes, type UViTConfig } from '#lib/models/uvit/config.ts';

/** Weights of a network, and multiply-adds of one pass with one state. */
export interface Counts {
  readonly parameters: number;
  readonly macs: number;
}

/** A linear layer with a bias from `from` to `to` numbers, at `times` places. */
const linear = (from: number, to: number, times = 1): Counts => ({
  parameters: from * to + to,
  macs: from * to * times,
});
const sum = (parts: readonly Counts[]): Counts => ({
  parameters: parts.reduce((all, { parameters }) => all + parameters, 0),
  macs: parts.reduce((all, { macs }) => all + macs, 0),
});
const times = (n: number, { parameters, macs }: Counts): Counts => ({
  parameters: n * parameters,
  macs: n * macs,
});
const weights = (parameters: number): Counts => ({ parameters, macs: 0 });

/** Attention and MLP of a block of width D on T tokens; `norms`: weights of its two LayerNorms. */
function block(T: number, D: number, M: number, qkvBias: boolean, norms: number): Counts {
  return sum([
    weights(norms + (qkvBias ? 3 * D : 0)),
    { parameters: 3 * D * D, macs: 3 * D * D * T + 2 * T * T * D },
    linear(D, D, T),
    linear(D, M, T),
    linear(M, D, T),
  ]);
}

/**
 * What a U-ViT comes to, in closed form; large graphs take long to build. For time as a sinusoid, skips that are
 * concatenated and learned positions, as all published ones have them (Bao et al. 2023).
 */
export function uvitCounts(c: UViTConfig): Counts {
  const { tokens: T, extras, half, blocks, mlp, labels, patchValues: P } = uvitSizes(c);
  const [D, N, text] = [c.dim, T - extras, contextOf(c)];
  return sum([
    weights(labels * D + T * D + 2 * D),
    linear(P, D, N),
    ...(text.tokens > 0 ? [linear(text.dim, D, text.tokens)] : []),
    times(blocks, block(T, D, mlp, c.qkvBias, 4 * D)),
    times(half, linear(2 * D, D, T)),
    linear(D, P, T),
    ...(c.conv
      ? [{ parameters: 9 * c.channels ** 2 + c.channels, macs: 9 * c.channels ** 2 * c.image ** 2 }]
      : []),
  ]);
}

/** What a DiT with adaLN-Zero comes to (Peebles & Xie 2023). */
export function ditCounts(c: DiTConfig): Counts {
  const [D, P, N] = [c.dim, c.patch ** 2 * c.channels, (c.image / c.patch) ** 2];
  const out = P * (c.learnSigma ? 2 : 1);
  return sum([
    weights((c.classes + (c.nullClass ? 1 : 0)) * D),
    linear(c.timeFrequencies, D),
    linear(D, D),
    linear(P, D, N),
    times(c.depth, sum([block(N, D, c.mlpRatio * D, c.qkvBias, 0), linear(D, 6 * D)])),
    linear(D, 2 * D),
    linear(D, out, N),
  ]);
}
