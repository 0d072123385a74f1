import type { LiveModel } from './live-model.svelte.ts';

/** Wants several tensors of a model while the component lives; the list may change. */
export function useWants(live: () => LiveModel, names: () => readonly string[]): void {
  $effect(() => {
    const stops = names().map((name) => live().tensors.want(name));
    return () => {
      for (const stop of stops) stop();
    };
  });
}
