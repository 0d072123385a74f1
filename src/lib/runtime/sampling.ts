import { PREDICTION, sampleModel, type SampleStep } from '#lib/diffusion/sampler/loop.ts';
import { planOf } from '#lib/diffusion/sampler/spec.ts';
import type { RunRequest, RunResult, SampleRequest, SampleResult } from './protocol.ts';

export interface SampleTools {
  /** One forward pass (or, with `prepareOnly`, its session). */
  readonly run: (request: RunRequest) => Promise<RunResult>;
  readonly onStep: (step: SampleStep) => void;
  /** Aborted when nobody wants the rest. */
  readonly signal: AbortSignal;
  readonly now?: () => number;
}

/**
 * A run of a sampler in the worker: each forward pass is a request of its own, so that others come in between.
 * @throws RangeError for a spec that cannot be; the signal's reason; what the passes throw
 */
export async function runSample(request: SampleRequest, tools: SampleTools): Promise<SampleResult> {
  const { model, spec, resume, until } = request;
  const { signal, now = () => performance.now() } = tools;
  const plan = planOf(model.config, spec);
  const common = {
    model,
    batch: plan.batch,
    interventions: spec.interventions !== undefined,
    lasting: true,
  };
  const outputs = [...new Set([PREDICTION, ...(spec.outputs ?? [])])];
  const { device } = await tools.run({ ...common, outputs, inputs: {}, prepareOnly: true });
  const began = now();
  let forwardMs = 0;
  let steps = 0;
  const forward = async (inputs: RunRequest['inputs'], names: readonly string[]) => {
    const result = await tools.run({ ...common, outputs: names, inputs });
    forwardMs += result.ms;
    return result.tensors;
  };
  const options = { signal, now, ...(resume && { resume }), ...(until !== undefined && { until }) };
  for await (const step of sampleModel(model.config, spec, forward, options)) {
    steps++;
    tools.onStep(step);
  }
  return { steps, ms: now() - began, forwardMs, device };
}
