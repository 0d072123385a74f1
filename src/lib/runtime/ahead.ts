import { Engine } from './engine.svelte.ts';
import { fetchConfig } from './fetch-config.ts';
import { modelFolder } from './addresses.ts';

/** The engine of the page that is opening, until its layout takes it. */
let opening: Engine | undefined;

/** Whether the reader has asked the browser for little data: then nothing comes before it is asked for. */
function savesData(): boolean {
  const { connection } = navigator as { connection?: { readonly saveData?: boolean } };
  return connection?.saveData === true;
}

/**
 * Begins what a page will ask for, before its components are there: runtime and weights side by side, in the worker,
 * while the page's own scripts still come to life. Whoever asks for the model takes its download over (`Engine.ahead`).
 */
export function fetchAhead(name: string, engine: Engine = new Engine()): void {
  if (savesData()) return;
  opening = engine;
  // What goes wrong is told when it is asked for.
  engine.start().catch(() => {});
  const url = modelFolder(name);
  fetchConfig(url).then(
    (config) => engine.ahead({ url, config }),
    () => {},
  );
}

/** The engine for the page's components: the one that has begun, once, else a new one. */
export function takeEngine(): Engine {
  const engine = opening ?? new Engine();
  opening = undefined;
  return engine;
}
