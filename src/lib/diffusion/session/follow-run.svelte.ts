import { onDestroy, untrack } from 'svelte';
import { setAwaited } from '#lib/base/awaited.svelte.ts';
import type { AnyRun, PlayedRun, RunState } from './played-run.svelte.ts';

/** Milliseconds without another change after which a run begins. */
const REST = 250;

/**
 * Keeps a run at the spec that is wished for: a newer wish forgets what the older one painted, and begins after a short
 * rest. Undefined pauses it, and what has come stays. Make it while the view model or a panel is made.
 * @param wish read reactively
 */
export function followSpec<S extends { readonly steps: number }>(
  run: PlayedRun<S, RunState>,
  wish: () => S | undefined,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const rest = () => {
    clearTimeout(timer);
    setAwaited(run, false);
  };
  $effect(() => {
    const spec = wish();
    // What setting and stopping read is no reason to do it again.
    untrack(() => {
      rest();
      if (!spec) return run.pause();
      const before = run.settings;
      run.settings = spec;
      if (before === run.settings && (run.busy || run.phase === 'done')) return;
      setAwaited(run, true);
      timer = setTimeout(() => {
        rest();
        void run.play();
      }, REST);
    });
  });
  onDestroy(() => {
    rest();
    run.dispose();
  });
}

/** Where the step on show stands in a link: −1 is the newest. */
interface Shown {
  k: number;
}

/** Keeps the step that a link or the reader asks for on show while others come. */
export function followStep(run: AnyRun, state: Shown): void {
  $effect(() => {
    const { k } = state;
    const { made } = run;
    // What is on show is read and then set: following it would undo the reader's own way through the steps.
    untrack(() => {
      if (k >= 0 && made >= k && run.frame?.step !== k) run.seekStep(k);
      if (k < 0 && !run.following && !run.replaying) run.seek(run.frames.length - 1);
    });
  });
}

/** The step on show was chosen: it goes into the link. */
export function sought(run: AnyRun, state: Shown): void {
  state.k = run.following ? -1 : (run.frame?.step ?? -1);
}
