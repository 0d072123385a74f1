import { programOf } from '#lib/programs/registry.ts';
import type { Pass, ProgramStep } from '#lib/programs/program.ts';
import type { ProgramRequest, ProgramResult, RunRequest, RunResult } from './protocol.ts';

export interface ProgramTools {
  /** One forward pass (or, with `prepareOnly`, its session). */
  readonly run: (request: RunRequest) => Promise<RunResult>;
  readonly onStep: (step: ProgramStep) => void;
  /** Gives up the cache of a key, which the passes of a part have filled. */
  readonly drop?: (key: string) => void;
  /** Aborted when nobody wants the rest. */
  readonly signal: AbortSignal;
  readonly now?: () => number;
}

let runs = 0;

/**
 * A run of a program in the worker: each forward pass is a request of its own, so that others come in between.
 * @throws RangeError for a spec that cannot be; Fault `run-failed` for an unknown program; the signal's reason; what the
 *   passes throw
 */
export async function runProgram(request: ProgramRequest, tools: ProgramTools): Promise<ProgramResult> {
  const { models, spec, resume, until } = request;
  const { signal, now = () => performance.now() } = tools;
  const program = programOf(request.program);
  const key = `program-${++runs}`;
  let began = now();
  let forwardMs = 0;
  let device: ProgramResult['device'] = 'wasm';
  const passOf = (part: string, { carry, ...pass }: Pass): RunRequest => ({
    ...pass,
    model: models[part]!,
    lasting: true,
    ...(carry && { carry: { key: `${key} ${part}`, feeds: carry } }),
  });
  const steps = program.run({
    models: Object.fromEntries(Object.entries(models).map(([part, { config }]) => [part, config])),
    spec,
    call: async (part, pass) => {
      const result = await tools.run(passOf(part, pass));
      ({ device } = result);
      forwardMs += result.ms;
      return result;
    },
    prepare: async (part, pass) => {
      ({ device } = await tools.run({ ...passOf(part, pass), prepareOnly: true }));
      began = now();
    },
    signal,
    now,
    resume,
    until,
  });
  let made = 0;
  try {
    for await (const step of steps) {
      made++;
      tools.onStep(step);
    }
  } finally {
    for (const part of Object.keys(models)) tools.drop?.(`${key} ${part}`);
  }
  return { steps: made, ms: now() - began, forwardMs, device };
}
