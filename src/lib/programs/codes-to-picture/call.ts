import type { ProgramCall } from '../program.ts';
import type { CodeStep, Resume } from './step.ts';

export type { CodesToPicture } from './spec.ts';
export type { CodeStep } from './step.ts';

/** The program as a page calls it: its passes and its loop stay with the worker. */
export const CODES_TO_PICTURE: ProgramCall<CodeStep> = {
  id: 'codes-to-picture',
  resume: ({ kind, pass, step, passes, tokens, codes }): Resume => ({
    pass: kind === 'codes' ? pass + 1 : Number.MAX_SAFE_INTEGER,
    step,
    passes,
    tokens,
    codes,
  }),
};
