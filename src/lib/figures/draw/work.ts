/**
 * Goes over `total` values in stretches and gives the page back its thread every few milliseconds, so that
 * no task is long however large the tensor is. The first stretch runs at once: small tensors never flicker.
 * @returns false if `signal` ended it early
 */
export async function inStretches(
  total: number,
  step: (from: number, to: number) => void,
  { stretch = 32_768, budget = 8, signal }: { stretch?: number; budget?: number; signal?: AbortSignal } = {},
): Promise<boolean> {
  let begun = performance.now();
  for (let from = 0; from < total; from += stretch) {
    if (performance.now() - begun > budget) {
      await rest();
      if (signal?.aborted) return false;
      begun = performance.now();
    }
    step(from, Math.min(total, from + stretch));
  }
  return !signal?.aborted;
}

function rest(): Promise<void> {
  return new Promise((done) => setTimeout(done));
}
