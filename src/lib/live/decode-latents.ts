import type { LiveModel } from './live-model.svelte.ts';

/**
 * Decodes latents one after another, in the session that a painting of one picture uses: an autoencoder, of one kind or another,
 * whose graph can begin at latents.
 * @param latents `[C, s, s]` each, in the autoencoder's own scale
 * @returns pictures `[3, S, S]`
 * @throws Fault those of a run
 */
export async function decodeLatents(
  decoder: LiveModel,
  latents: readonly Float32Array[],
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const pictures: Float32Array[] = [];
  for (const z of latents) {
    const { tensors } = await decoder.pass(
      { inputs: { z }, outputs: ['reconstruction'], variant: { fromLatents: 1 } },
      { signal },
    );
    const [picture] = tensors;
    if (picture) pictures.push(picture.data);
  }
  return pictures;
}
