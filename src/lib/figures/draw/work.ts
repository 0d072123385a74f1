import { awaiting } from '#lib/base/awaited.svelte.ts';

/** When the page's thread was last taken for this work; undefined: the page has had its turn since. */
let taken: number | undefined;

/** The beginning of the present turn, which all figures share: twelve of them take no longer than one. */
function turn(): number {
  if (taken === undefined) {
    taken = performance.now();
    setTimeout(() => (taken = undefined));
  }
  return taken;
}

/**
 * Goes over `total` values in stretches and gives the page back its thread every few milliseconds, so that
 * no task is long however large the tensors are and however many figures measure theirs at once. The first stretch
 * runs at once where the turn has time left: small tensors never flicker.
 * @returns false if `signal` ended it early
 */
export async function inStretches(
  total: number,
  step: (from: number, to: number) => void,
  { stretch = 32_768, budget = 8, signal }: { stretch?: number; budget?: number; signal?: AbortSignal } = {},
): Promise<boolean> {
  return awaiting(async () => {
    for (let from = 0; from < total; from += stretch) {
      await spare(budget);
      if (signal?.aborted) return false;
      step(from, Math.min(total, from + stretch));
    }
    return !signal?.aborted;
  });
}

/**
 * Does `step` once in each turn of the page until it says that it is done. The first turn is the next one.
 * @returns ends it early
 */
export function inTurns(step: () => boolean): () => void {
  const stop = new AbortController();
  void awaiting(async () => {
    do await rest();
    while (!stop.signal.aborted && !step());
  });
  return () => stop.abort();
}

/** Waits for a turn that has time left: for what follows the stretches and is itself worth a few milliseconds. */
export async function spare(budget = 8): Promise<void> {
  while (performance.now() - turn() > budget) await rest();
}

/** Gives the page its turn: what follows is a task of its own. */
export function rest(): Promise<void> {
  return new Promise((done) => setTimeout(done));
}
