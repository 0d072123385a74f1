import { untrack } from 'svelte';
import type { LiveModel } from './live-model.svelte.ts';

/** How long the newest forward pass of this page took, for the device badge. Whoever runs a model writes it. */
class Pass {
  /** Milliseconds; undefined before the first pass. */
  ms = $state<number>();
}

export const pass = new Pass();

/** Writes down how long a model's passes take. Call it while the component is made. */
export function timePasses(of: () => LiveModel | undefined): void {
  $effect(() => {
    const live = of();
    // A whole pass is timed. Tensors fetched later for the same wish take a part of one: their time is not followed.
    if (live && live.tensors.generation > 0) pass.ms = untrack(() => live.ms);
  });
}
