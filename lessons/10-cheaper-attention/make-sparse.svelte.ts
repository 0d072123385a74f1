import { useEngine } from '#lib/runtime/context.ts';
import { ADAPTED, STARTED } from './pruning-file.ts';
import { SparseRun } from './sparse-run.svelte.ts';
import type { CheaperViewModel, Trained } from './view-model.svelte.ts';

/** The lesson’s sparse networks, made when their view is opened first. Call it while a component is made. */
export function useSparse({ networks }: CheaperViewModel): NonNullable<Trained['sparse']> {
  const engine = useEngine();
  if (networks.sparse) return networks.sparse;
  let made: Trained['sparse'];
  // Outside of the panel that asks: what is derived in them lives on when that is closed.
  $effect.root(() => {
    made = { adapted: new SparseRun(engine, ADAPTED), started: new SparseRun(engine, STARTED) };
  });
  return (networks.sparse = made!);
}
