/** A worker of its own that finds the components of a table (map-worker.ts). */
export const startMapWorker = (): Worker =>
  new Worker(new URL('./map-worker.ts', import.meta.url), { type: 'module', name: 'patchwork-map' });
