import { sampleModel, type SampleStep } from '#lib/diffusion/sampler/loop.ts';
import { planOf, PREDICTION, type Resume, type SampleSpec } from '#lib/diffusion/sampler/spec.ts';
import type { DiffusionModel } from '#lib/models/model-config.ts';
import type { Program } from '../program.ts';
import { SAMPLING } from './call.ts';

/**
 * Pictures from noise: the sampling loop of src/lib/diffusion/sampler around one denoiser. A guided step is one pass with
 * twice the pictures; samplers of second order make two passes a step.
 */
export const PROGRAM: Program<SampleSpec, SampleStep> = {
  ...SAMPLING,
  title: { en: 'Sampling', zh: '采样' },
  parts: {
    denoiser: {
      title: { en: 'Denoiser', zh: '去噪网络' },
      fits: ({ diffusion }) => diffusion !== undefined,
    },
  },
  outline: { kind: 'loop', of: { kind: 'pass', part: 'denoiser' } },
  async *run({ models, spec, call, prepare, resume, until, signal, now }) {
    const model = models.denoiser as DiffusionModel;
    const plan = planOf(model, spec);
    const common = { batch: plan.batch, interventions: spec.interventions !== undefined };
    const outputs = [...new Set([PREDICTION, ...(spec.outputs ?? [])])];
    await prepare('denoiser', { ...common, inputs: {}, outputs });
    yield* sampleModel(
      model,
      spec,
      async (inputs, names) => (await call('denoiser', { ...common, inputs, outputs: names })).tensors,
      {
        signal,
        now,
        ...(resume !== undefined && { resume: resume as Resume }),
        ...(until !== undefined && { until }),
      },
    );
  },
};
