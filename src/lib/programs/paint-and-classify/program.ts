import { paintedOf } from '#lib/analysis/painted.ts';
import { preprocess, unpreprocess } from '#lib/images/index.ts';
import type { InputValues } from '#lib/models/family.ts';
import type { ModelConfig } from '#lib/models/model-config.ts';
import { familyOf, inputWith, pictureOf, type Answer, type Blueprint } from '#lib/models/registry.ts';
import { composed, type Scope, type Values, type Wanting } from '../compose.ts';

/** What is painted, and how it is masked. */
export interface PaintAndClassify extends Wanting {
  /** Inputs of the painter: the picture, and which of its patches are seen. */
  readonly painter: InputValues;
}

/** The three pictures that the classifier is shown. */
export const SHOWN = ['whole', 'seen', 'painted'] as const;
export type Shown = (typeof SHOWN)[number];

type Painting = Extract<Answer, { kind: 'painting' }>;
const paintingOf = ({ architecture, config }: Blueprint): Painting | undefined => {
  const answer = familyOf(architecture).answer(config);
  return answer.kind === 'painting' ? answer : undefined;
};
const classesIn = ({ architecture, config }: Blueprint) => {
  const answer = familyOf(architecture).answer(config);
  return answer.kind === 'classes' ? answer : undefined;
};

/** A picture as the painter is fed it, `[C, H, W]`, as the classifier is fed it. */
function handedOver(picture: Float32Array, painter: ModelConfig, classifier: ModelConfig): Float32Array {
  return preprocess(unpreprocess(picture, painter.preprocessing), classifier.preprocessing);
}

/** The picture, what is seen of it and what was painted, each in the classifier's own size and scale. */
function pictures({ values, spec, models }: Scope<PaintAndClassify>): Values {
  const painter = models.painter!;
  const { visible, ...size } = paintingOf(painter)!;
  const x = spec.painter[inputWith(painter, 'picture')!.name]!;
  const { seen, painted } = paintedOf(x, values.answer!, [...spec.painter[visible]!], size);
  const give = (picture: Float32Array) => handedOver(picture, painter, models.classifier!);
  return { whole: give(x), seen: give(seen), painted: give(painted) };
}

/**
 * Two networks in a row: a masked autoencoder paints what it is not shown of a picture, and a classifier says what it
 * sees in the whole picture, in the part that was shown, and in the painted one. The last three stand side by side.
 */
export const PROGRAM = composed<PaintAndClassify>({
  id: 'paint-and-classify',
  title: { en: 'Paint, then classify', zh: '先重建，再分类' },
  parts: {
    painter: {
      title: { en: 'Autoencoder', zh: '自编码器' },
      fits: (model) => paintingOf(model) !== undefined,
    },
    classifier: {
      title: { en: 'Classifier', zh: '分类网络' },
      fits: (model) => {
        const size = inputWith(model, 'picture') && pictureOf(model);
        return classesIn(model) !== undefined && size?.channels === 3;
      },
    },
  },
  check: (spec, { painter, classifier }) => {
    if (!painter || !paintingOf(painter)) throw new RangeError('The painter’s answer is no painted picture.');
    if (!classifier || !classesIn(classifier)) throw new RangeError('The classifier has no classes.');
    for (const { name, role } of familyOf(painter.architecture).inputs(painter.config))
      if (role !== 'intervention' && !spec.painter[name])
        throw new RangeError(`The painter’s input ${name} is missing.`);
  },
  composition: {
    kind: 'row',
    of: [
      {
        kind: 'pass',
        part: 'painter',
        feed: ({ spec }) => spec.painter,
        keep: ({ models }) => ({ answer: paintingOf(models.painter!)!.tensor }),
      },
      { kind: 'make', make: pictures },
      {
        kind: 'beside',
        of: SHOWN.map((which) => ({
          kind: 'pass',
          part: 'classifier',
          feed: ({ values, models }) => ({
            [inputWith(models.classifier!, 'picture')!.name]: values[which]!,
          }),
          keep: ({ models }) => ({ [`${which}.probs`]: classesIn(models.classifier!)!.probs }),
        })),
      },
    ],
  },
});
