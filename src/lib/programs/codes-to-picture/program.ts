import { familyOf } from '#lib/models/registry.ts';
import type { Program } from '../program.ts';
import { told } from '../told.ts';
import { Asking } from './asking.ts';
import { CODES_TO_PICTURE } from './call.ts';
import { Run } from './run.ts';
import { planOf, type CodesToPicture } from './spec.ts';
import type { CodeStep } from './step.ts';

export type { CodesToPicture, CodeStep };

/**
 * A picture from words by codes: a text tower once, a network that chooses codes (one after another, in rounds, or scale by
 * scale), the decoder they belong to after each pass, and, where there is one, a network that paints what they leave over.
 * Sources: Esser et al. 2021; Chang et al. 2022; Tian et al. 2024; Tang et al. 2024. The same seed draws the same codes as
 * training/codes.
 */
export const PROGRAM: Program<CodesToPicture, CodeStep> = {
  ...CODES_TO_PICTURE,
  title: { en: 'Codes to picture', zh: '由码字生成图像' },
  parts: {
    text: {
      title: { en: 'Text tower', zh: '文本塔' },
      fits: ({ architecture }) => familyOf(architecture).textFeatures !== undefined,
    },
    generator: {
      title: { en: 'Network that chooses codes', zh: '生成码字的网络' },
      fits: ({ architecture }) => familyOf(architecture).codeChooser !== undefined,
    },
    decoder: {
      title: { en: 'Decoder', zh: '解码器' },
      fits: ({ architecture }) => familyOf(architecture).codeBook !== undefined,
    },
    refiner: {
      title: { en: 'Network that paints the rest', zh: '补全残余的网络' },
      fits: ({ architecture }) => familyOf(architecture).codeRefiner !== undefined,
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
            { kind: 'pass', part: 'generator' },
            { kind: 'pass', part: 'decoder' },
          ],
        },
      },
      { kind: 'loop', of: { kind: 'pass', part: 'refiner' } },
    ],
  },
  async *run(context) {
    const { models, spec, call } = context;
    const plan = planOf(models, spec);
    const { words, empty } = spec;
    const text =
      models.text && words && empty ? await told(context, [words], empty, plan.generator) : undefined;
    yield* new Run(context, plan, new Asking(plan, call, text)).steps();
  },
};
