import type { SampleStep } from '#lib/diffusion/sampler/loop.ts';
import type { Resume } from '#lib/diffusion/sampler/spec.ts';
import type { ProgramCall } from '../program.ts';

/** The program as a page calls it: its loop stays with the worker. */
export const SAMPLING: ProgramCall<SampleStep> = {
  id: 'sampling',
  resume: ({ step, x, x0, drawn }): Resume => ({ step, x, x0, drawn }),
};
