import { describe, expect, it } from 'vitest';
import type { WeightSource } from '#lib/weights/source.ts';
import { chooseNetwork, networksIn } from './networks.ts';

const of = (...names: string[]): WeightSource => ({
  names: () => names,
  get: (name) =>
    names.includes(name) ? { dtype: 'F32', shape: [1], file: 'f', offset: 0, length: 4 } : undefined,
  buffers: new Map(),
});
const patch = 'patch_embed.proj.weight';

describe('networks in one file', () => {
  it('are counted by their patch embeddings, under any names', () => {
    expect(networksIn([patch, 'norm.weight'])).toEqual(['']);
    expect(networksIn(['visual.patch_embed.proj.weight', 'text.token_embedding.weight'])).toEqual(['']);
    expect(networksIn([`student.backbone.${patch}`, `teacher.backbone.${patch}`])).toEqual([
      'student.backbone.',
      'teacher.backbone.',
    ]);
    expect(networksIn(['vit.embeddings.patch_embeddings.projection.weight'])).toEqual(['vit.']);
    expect(networksIn(['model.x_embedder.proj.weight', 'ema.x_embedder.proj.weight'])).toEqual([
      'model.',
      'ema.',
    ]);
    expect(networksIn(['conv1.weight'])).toEqual([]);
  });

  it('the average or the teacher is taken, with what is its own alone', () => {
    const names = ['student', 'teacher'].flatMap((who) => [`${who}.backbone.${patch}`, `${who}.head.weight`]);
    const { source, prefix, others } = chooseNetwork(of(...names));
    expect([prefix, others]).toEqual(['teacher.backbone.', ['student.backbone.']]);
    expect(source.names()).toEqual([`teacher.backbone.${patch}`, 'teacher.head.weight']);
    expect(source.get(`student.backbone.${patch}`)).toBeUndefined();
    expect(chooseNetwork(of(`model.${patch}`, `model_ema.${patch}`)).prefix).toBe('model_ema.');
  });

  it('another is taken when its prefix, or the beginning of it, is asked for', () => {
    const file = of(patch, 'norm.weight', `ema.${patch}`, 'ema.norm.weight');
    expect(chooseNetwork(file, 'ema').source.names()).toEqual([`ema.${patch}`, 'ema.norm.weight']);
    expect(chooseNetwork(file).prefix).toBe('ema.');
    expect(chooseNetwork(file, '').source.names()).toEqual([patch, 'norm.weight']);
    const last = of(`ema.${patch}`, patch);
    expect(chooseNetwork(last, '').source.names()).toEqual([patch]);
    expect(() => chooseNetwork(file, 'teacher.')).toThrow(
      'no network\'s names begin with "teacher."; there are "", "ema."',
    );
  });

  it('one alone is left as it is', () => {
    const file = of(`module.${patch}`, 'epoch');
    expect(chooseNetwork(file)).toEqual({ source: file, prefix: 'module.', others: [] });
  });
});
