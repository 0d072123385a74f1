import type { LiveModel } from '#lib/live/live-model.svelte.ts';

/**
 * Decodes a grid of codes, `[N]`, beside what is shown.
 * @returns the picture `[3, S, S]`
 * @throws Fault those of a run
 */
export async function decodeCodes(
  live: LiveModel,
  codes: ArrayLike<number>,
  signal: AbortSignal,
): Promise<Float32Array | undefined> {
  const { tensors } = await live.pass(
    { inputs: { codes: Float32Array.from(codes) }, outputs: ['reconstruction'], variant: { fromCodes: 1 } },
    { signal },
  );
  return tensors[0]?.data;
}
