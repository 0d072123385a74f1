import { trainingPort, type StartTraining } from '#lib/learning/port.ts';
import type { CollapseSeen, CollapseSpec } from './collapse-training.ts';

/** Starts a worker that trains the small encoder. */
export const startCollapse: StartTraining<CollapseSpec, undefined, CollapseSeen> = (onmessage, onfail) =>
  trainingPort(
    new Worker(new URL('./collapse-worker.ts', import.meta.url), {
      type: 'module',
      name: 'patchwork-collapse',
    }),
    onmessage,
    onfail,
  );
