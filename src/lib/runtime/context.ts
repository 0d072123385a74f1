import { getContext, onDestroy, onMount, setContext } from 'svelte';
import { takeEngine } from './ahead.ts';
import type { Engine } from './engine.svelte.ts';
import { isolate } from './isolate.ts';

const KEY = Symbol('engine');

/** Makes the page's engine known to all components below; set once, in the `[lang]` layout. Downloads nothing itself. */
export function provideEngine(): Engine {
  const engine = takeEngine();
  setContext(KEY, engine);
  onMount(() => void isolate());
  onDestroy(() => engine.dispose());
  return engine;
}

/** The page's engine. */
export function useEngine(): Engine {
  const engine = getContext<Engine | undefined>(KEY);
  if (!engine) throw new Error('useEngine: no provideEngine() above this component');
  return engine;
}
