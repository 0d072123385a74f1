import type { WordsToPicture } from '#lib/programs/words-to-picture/program.ts';
import { gatesFor } from './break-math.ts';
import { followSpec } from '#lib/diffusion/session/follow-run.svelte.ts';
import type { PaintRun } from './painting.svelte.ts';
import { SKIPS } from './twin-levels.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

/** One network's paintings of the reader's words: as it is, and with skips cut. */
export interface CutRuns {
  readonly net: 'denoiser' | 'twin';
  readonly whole: PaintRun;
  readonly cut: PaintRun;
  /** Skips of it that are cut. */
  readonly count: number;
}

/** The paintings of a network with the skips cut that the state names. Make it while a component is made. */
export function useCutRuns(vm: LatentsViewModel, net: 'denoiser' | 'twin'): CutRuns {
  const cut = vm.newRun(net);
  const whole = net === 'denoiser' ? vm.run : vm.newRun(net);
  const gates = $derived(gatesFor(vm.state.cut, SKIPS[net]));
  const asked: WordsToPicture | undefined = $derived.by(() => vm.specOf(vm.state.word));
  const wish: WordsToPicture | undefined = $derived.by(
    () => asked && { ...asked, interventions: { skip_gates: gates } },
  );
  if (whole !== vm.run) followSpec(whole, () => asked);
  followSpec(cut, () => wish);
  return {
    net,
    whole,
    cut,
    get count() {
      return gates.filter((gate) => gate === 0).length;
    },
  };
}
