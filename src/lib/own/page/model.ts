import type { ModelConfig, ModelLabel } from '#lib/models/model-config.ts';
import { classesOf, pictureOf, type Blueprint } from '#lib/models/registry.ts';
import type { PreprocessSpec } from '#lib/images/preprocess.ts';
import { ownName } from '../reading/name.ts';
import type { Examined, Recognised } from '../reading/examined.ts';
import type { Corrected } from './corrected.ts';

/** Class names as a reader types or pastes them: one a line, blanks around them off, lines without a word left out. */
export function namesIn(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The name of a class that nobody has named. */
const unnamed = (i: number): ModelLabel => ({ id: `${i}`, en: `class ${i}`, zh: `类别 ${i}` });

/** A name as it was given: the same in both languages, or English and Chinese with ` | ` between them. */
function labelled(name: string, i: number): ModelLabel {
  const [en = name, zh = en] = name.split(/\s+\|\s+/);
  return { id: `${i}`, en, zh };
}

/** A label for each class: the names given, in their order, and for classes beyond them their number. */
export function labelsFor(
  of: Blueprint,
  names: readonly string[],
  told: readonly ModelLabel[],
): readonly ModelLabel[] {
  const { count } = classesOf(of);
  if (names.length === 0)
    return told.length === count ? told : Array.from({ length: count }, (_, i) => unnamed(i));
  return Array.from({ length: count }, (_, i) => {
    const name = names[i];
    return name === undefined ? unnamed(i) : labelled(name, i);
  });
}

/** The preparation of pictures with what was corrected; a network of one channel has one number. */
export function preparationOf(recognised: Recognised, { mean, std, fit }: Corrected): PreprocessSpec {
  const { preprocessing: spec, of } = recognised;
  const colours = pictureOf(of)?.channels === 1 ? 1 : 3;
  return {
    ...spec,
    ...(mean?.length === colours && { mean }),
    ...(std?.length === colours && { std }),
    ...(fit && { fit }),
  };
}

/** A file of the reader's as a model that pages run. Its own weights are read where they are needed, in the worker. */
export function ownConfig(
  examined: Examined,
  recognised: Recognised,
  given: {
    readonly files: readonly File[];
    readonly corrected: Corrected;
    readonly names: readonly string[];
  },
): ModelConfig {
  const { sha256, bytes, prefix } = examined;
  return {
    schema: 'patchwork-model/1',
    name: ownName(sha256),
    ...recognised.of,
    patchSizes: recognised.patchSizes,
    patchResize: 'pi-bilinear',
    imageSizes: recognised.imageSizes,
    preprocessing: preparationOf(recognised, given.corrected),
    labels: labelsFor(recognised.of, given.names, recognised.labels),
    files: { 'model.safetensors': { bytes, sha256 } },
    ...(recognised.diffusion && { diffusion: recognised.diffusion }),
    own: { files: given.files, prefix, sha256 },
  };
}
