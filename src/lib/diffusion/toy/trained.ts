import type { Trained } from '#lib/learning/work.ts';
import { lookAt, type Look, type Looked } from './look.ts';
import { ToyTraining, type ToySpec } from './training.ts';

/** The network of the plane, as a worker trains it. */
export const TOY: Trained<ToySpec, Look, Looked, ToyTraining> = {
  begin: (spec) => new ToyTraining(spec),
  see: lookAt,
};
