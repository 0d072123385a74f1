import { useEngine } from '#lib/runtime/context.ts';
import { BorderRun } from './border-run.svelte.ts';
import { Twins } from './twins.svelte.ts';
import type { CheaperViewModel, Trained } from './view-model.svelte.ts';

/** The lesson’s twins, made when their view is opened first. Call it while a component is made. */
export function useTwins({ networks }: CheaperViewModel): NonNullable<Trained['twins']> {
  const engine = useEngine();
  if (networks.twins) return networks.twins;
  let made: Trained['twins'];
  // Outside of the panel that asks: what is derived in them lives on when that is closed.
  $effect.root(() => {
    const all = new Twins(engine);
    made = { all, border: new BorderRun(all) };
  });
  return (networks.twins = made!);
}
