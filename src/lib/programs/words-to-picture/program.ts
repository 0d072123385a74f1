import { sampleModel } from '#lib/diffusion/sampler/loop.ts';
import {
  planOf,
  PREDICTION,
  type Resume,
  type SampleSpec,
  type TextContext,
} from '#lib/diffusion/sampler/spec.ts';
import { between, contextShape } from '#lib/diffusion/sampler/text-context.ts';
import type { ModelConfig, DiffusionModel } from '#lib/models/model-config.ts';
import { familyOf, type Latents } from '#lib/models/registry.ts';
import type { Program, ProgramContext } from '../program.ts';
import { told } from '../told.ts';
import { WORDS_TO_PICTURE, type PaintedStep, type Words, type WordsToPicture } from './call.ts';

export type { PaintedStep, Words, WordsToPicture };

type Running = ProgramContext<WordsToPicture>;

/** How latents of an autoencoder are decoded. */
function latentsOf({ architecture, config }: ModelConfig): Latents {
  return familyOf(architecture).latents!(config);
}

/** @throws RangeError for words that are in no order, or are not of as many pictures as labels are */
function checkWords({ words, labels, steps }: WordsToPicture): void {
  const [first] = words;
  if (!first || first.after !== 0) throw new RangeError('The first words must hold from step 0.');
  words.forEach(({ after, texts, toward }, i) => {
    for (const { length } of [texts, ...(toward ? [toward.texts, toward.share] : [])])
      if (length !== labels.length)
        throw new RangeError(`There are ${length} texts for ${labels.length} pictures.`);
    if (i > 0 && (after <= words[i - 1]!.after || after >= steps))
      throw new RangeError(
        `Other words hold from step ${after} on; that must be a later step of the ${steps}.`,
      );
  });
}

/** Features of the texts, or of what lies between them and others, and of the empty one. */
async function toldOf(running: Running, { texts, toward }: Words): Promise<TextContext> {
  const { spec, models } = running;
  const from = await told(running, texts, spec.empty, models.denoiser!);
  if (!toward) return from;
  const to = await told(running, toward.texts, spec.empty, models.denoiser!);
  return { ...from, told: between(from.told, to.told, toward.share) };
}

/** Latents `[n, C, s, s]` as the denoiser has them, to pictures. */
async function decoded({ models, call }: Running, z: Float32Array, batch: number) {
  const { input, picture, scale, variant } = latentsOf(models.decoder!);
  const latents = z.map((v) => v / scale);
  const inputs = { [input]: latents };
  const { tensors, ms } = await call('decoder', { inputs, outputs: [picture], batch, variant });
  return { data: tensors[0]!.data, ms };
}

/**
 * Pictures from words: a text tower once, then a guided sampling loop in an autoencoder's latents, every step decoded.
 * With `known` (latents as the denoiser has them, and a mask over their cells) the rest is painted around what is known.
 * Sources: Rombach et al. 2022, "High-Resolution Image Synthesis with Latent Diffusion Models", figure 3; Lugmayr et al.
 * 2022, "RePaint", section 4.1, for what is known.
 */
export const PROGRAM: Program<WordsToPicture, PaintedStep> = {
  ...WORDS_TO_PICTURE,
  title: { en: 'Words to picture', zh: '由文字生成图像' },
  parts: {
    text: {
      title: { en: 'Text tower', zh: '文本塔' },
      fits: ({ architecture }) => familyOf(architecture).textFeatures !== undefined,
    },
    denoiser: {
      title: { en: 'Denoiser', zh: '去噪网络' },
      fits: (model) => model.diffusion !== undefined && contextShape(model) !== undefined,
    },
    decoder: {
      title: { en: 'Decoder', zh: '解码器' },
      fits: ({ architecture }) => familyOf(architecture).latents !== undefined,
    },
  },
  outline: {
    kind: 'row',
    of: [
      { kind: 'pass', part: 'text' },
      {
        kind: 'loop',
        of: {
          kind: 'row',
          of: [
            { kind: 'pass', part: 'denoiser' },
            { kind: 'pass', part: 'decoder' },
          ],
        },
      },
    ],
  },
  async *run(context) {
    const { models, spec, call, prepare, until, signal, now } = context;
    checkWords(spec);
    const model = models.denoiser as DiffusionModel;
    let resume = context.resume as Resume | undefined;
    const last = Math.min(until ?? spec.steps, spec.steps);
    for (const [i, words] of spec.words.entries()) {
      const end = Math.min(spec.words[i + 1]?.after ?? spec.steps, last);
      if ((resume?.step ?? 0) >= end) continue;
      const text = await toldOf(context, words);
      const whole: SampleSpec = { ...spec, context: text };
      const { batch, count } = planOf(model, whole);
      const common = { batch, interventions: spec.interventions !== undefined };
      await prepare('denoiser', { ...common, inputs: {}, outputs: [PREDICTION, ...(spec.outputs ?? [])] });
      const steps = sampleModel(
        model,
        whole,
        async (inputs, outputs) => (await call('denoiser', { ...common, inputs, outputs })).tensors,
        { signal, now, until: end, ...(resume && { resume }) },
      );
      for await (const step of steps) {
        const pictures: { x0?: Float32Array; x?: Float32Array } = {};
        let decodeMs = 0;
        for (const which of spec.decode ?? (['x0'] as const)) {
          const { data, ms } = await decoded(context, step[which], count);
          pictures[which] = data;
          decodeMs += ms;
        }
        yield { ...step, pictures, context: text, decodeMs };
        resume = { step: step.step, x: step.x, x0: step.x0, drawn: step.drawn };
      }
    }
  },
};
