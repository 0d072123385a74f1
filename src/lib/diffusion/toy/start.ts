import { trainingPort, type StartTraining } from '#lib/learning/port.ts';
import type { Look, Looked } from './look.ts';
import type { ToySpec } from './training.ts';

/** Starts a worker that trains a network of the plane. */
export const startToy: StartTraining<ToySpec, Look, Looked> = (onmessage, onfail) =>
  trainingPort(
    new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'patchwork-training' }),
    onmessage,
    onfail,
  );
