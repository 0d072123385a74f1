import { describe, expect, it } from 'vitest';
import { familyIds, familyOf, graphOf, type Blueprint } from './registry.ts';
import { seededWeights } from '#lib/graph/seeded.ts';
import { bindWeights } from './bind.ts';
import { sincos2d } from './shared/positions.ts';
import { parseSafetensors, writeSafetensors } from '#lib/weights/safetensors.ts';
import { bytesOf } from '#lib/weights/source.ts';
import { tensorsOf } from '#lib/weights/testing.ts';

const small = {
  image: 16,
  patch: 4,
  dim: 8,
  depth: 2,
  heads: 2,
  decoderDim: 8,
  decoderDepth: 1,
  decoderHeads: 2,
  width: 4,
  vocabulary: 16,
  context: 4,
  textDim: 8,
  textDepth: 1,
  textHeads: 2,
  embed: 8,
  stem: 'patches',
  stride: 4,
  ffn: 16,
  encoderDepth: 1,
  queries: 3,
  factor: 4,
  multiples: [1, 2, 3],
  resBlocks: 1,
  latent: 4,
  groups: 2,
  codes: 8,
  scales: [1, 2, 4],
};
const blueprint = (id: string): Blueprint => {
  const { defaults } = familyOf(id);
  // A network in stages has a number of heads for each of them, and windows that fill the picture.
  const staged = { image: 16, patch: 2, depths: [2, 2], heads: [2, 2], window: 2 };
  const values = 'depths' in defaults ? { ...small, ...staged } : small;
  const fitting = Object.entries(values).filter(([field]) => field in defaults);
  return {
    architecture: id,
    config: { ...defaults, classes: 3, ...Object.fromEntries(fitting) },
  };
};

describe('bindWeights', () => {
  it.each(familyIds())('%s: published names, with and without a prefix', (id) => {
    const of = blueprint(id);
    const tensors = tensorsOf(seededWeights(graphOf(of), 1));
    for (const prefix of ['', 'module.']) {
      const file = parseSafetensors(writeSafetensors(tensors.map((t) => ({ ...t, name: prefix + t.name }))));
      const bound = bindWeights(file, of);
      for (const { name, data } of tensors) expect(bytesOf(bound, bound.get(name)!), name).toEqual(data);
    }
  });

  it.each(['uvit', 'dit', 'mae'] as const)(
    '%s: says which tensor is missing, misshapen or without a place',
    (id) => {
      const of = blueprint(id);
      const tensors = tensorsOf(seededWeights(graphOf(of), 1));
      const bind = (list: typeof tensors) => () => bindWeights(parseSafetensors(writeSafetensors(list)), of);
      const last = tensors.at(-1)!;
      expect(bind(tensors.slice(0, -1))).toThrow(`tensor "${last.name}": it is missing`);
      const extra = { name: 'blocks.9.extra', shape: [1], data: Float32Array.of(1) };
      expect(bind([...tensors, extra])).toThrow(
        'tensor "blocks.9.extra": the configuration has no place for it',
      );
      const longer = { ...last, shape: [...last.shape, 1] };
      expect(bind([...tensors.slice(0, -1), longer])).toThrow(`tensor "${last.name}": its shape is [`);
      if (id !== 'uvit') {
        const before = id === 'mae' ? 8 : 0;
        const data = new Float32Array(before + 16 * 8);
        data.set(sincos2d(4, 4, 8), before);
        const table = { name: 'pos_embed', shape: [1, data.length / 8, 8], data };
        expect(bind([...tensors, table])).not.toThrow();
        const other = { ...table, data: data.map((v, i) => (i === before + 9 ? v + 0.5 : v)) };
        expect(bind([...tensors, other])).toThrow('"pos_embed": its values are not those of the fixed table');
        const short = { ...table, shape: [1, 4, 8], data: data.slice(0, 32) };
        expect(bind([...tensors, short])).toThrow(
          '"pos_embed": its shape is [1, 4, 8], the configuration needs [1',
        );
      }
    },
  );
});
