import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { maePresets, maeSizes } from '#lib/models/mae/graph.ts';
import { maskingOf } from './masks.ts';
import { costFor, SIZES } from './model.ts';
import lesson from './lesson.ts';
import { RATIOS } from './ratio-sweep.svelte.ts';
import { state } from './state.ts';

/** What the prose says was to be seen, held to what PyTorch gives for the lesson's first picture. */
const golden = parseSafetensors(
  new Uint8Array(readFileSync('lessons/11-masked-autoencoders/tests/golden.safetensors')),
);
const one = (key: string) => golden.float32(key)[0]!;
const rounded = (key: string, digits = 3) => one(key).toFixed(digits);
const prose = readFileSync('lessons/11-masked-autoencoders/en.md', 'utf8');
const sweepAt = (ratio: number, key = 'sweep') => golden.float32(key)[RATIOS.findIndex((r) => r === ratio)]!;
const seenAt = (ratio: number) => SIZES.patches - Math.round(ratio * SIZES.patches);

it('page and reference hide the same patches', () => {
  for (const kind of ['random', 'block', 'grid'] as const) {
    const { hidden } = maskingOf(kind, { ratio: 0.75, seed: state.fields.seed.default, side: SIZES.grid });
    expect(hidden.map(Number), kind).toEqual([...golden.float32(`${kind}.hidden`)]);
  }
});

describe('on the golden retriever', () => {
  it('hidden pixels have 0.049 at 50 %, 0.078 at 90 %; one flat colour 0.107', () => {
    expect([sweepAt(0.5).toFixed(3), sweepAt(0.9).toFixed(3), rounded('variance')]).toEqual([
      '0.049',
      '0.078',
      '0.107',
    ]);
    expect(prose).toContain('0.049 with 50 % hidden and 0.078 with 90 %');
  });
  it('seen patches are repeated worse than hidden ones are guessed; a grid is easy, blocks are hard', () => {
    expect(['seen', 'random.loss', 'grid.loss', 'block.loss'].map((key) => rounded(key))).toEqual([
      '0.123',
      '0.067',
      '0.052',
      '0.131',
    ]);
  });
  it('straight lines are better below a half, the model above it', () => {
    expect(RATIOS.map((r) => sweepAt(r) < sweepAt(r, 'sweep.lines'))).toEqual(RATIOS.map((r) => r >= 0.5));
    const said = [0.1, 0.75, 0.9].map((r) => [sweepAt(r, 'sweep.lines').toFixed(3), sweepAt(r).toFixed(3)]);
    expect(said).toEqual([
      ['0.023', '0.044'],
      ['0.079', '0.067'],
      ['0.131', '0.078'],
    ]);
    expect([sweepAt(0.5, 'sweep.lines').toFixed(2), sweepAt(0.5).toFixed(2)]).toEqual(['0.05', '0.05']);
  });
  it('the flatter half makes 32 % of the loss in pixels and 65 % in normalised ones', () => {
    expect([one('share'), one('norm.share')].map((v) => Math.round(100 * v))).toEqual([32, 65]);
    expect([rounded('norm.loss', 2), rounded('norm.pattern', 2)]).toEqual(['1.37', '0.55']);
  });
  it('wrong places, the mean and encoded masks break it, zeros hardly; each break opens with what breaks', () => {
    const changes = ['places', 'mean', 'bert', 'zeros'].map((name) => rounded(`change.${name}`));
    expect(changes).toEqual(['0.132', '0.116', '0.180', '0.069']);
    const opened = ['places', 'token', 'bert'].map(
      (id) => lesson.steps.find((step) => step.id === id)?.set?.change,
    );
    expect(opened).toEqual(['places', 'mean', 'bert']);
    for (const change of opened) expect(one(`change.${change}`)).toBeGreaterThan(1.5 * one('random.loss'));
  });
});

describe('the costs', () => {
  it('of the encoder: 439 million multiply-adds, 107 at 75 %, 4.1 times less; the decoder hardly changes', () => {
    const [whole, quarter] = [costFor(SIZES.patches), costFor(seenAt(0.75))];
    expect([whole.encoder / 1e6, quarter.encoder / 1e6].map(Math.round)).toEqual([439, 107]);
    expect((whole.encoder / quarter.encoder).toFixed(1)).toBe('4.1');
    expect(whole.decoder / quarter.decoder).toBeLessThan(1.05);
  });
  it('tokens: 144, 36, 37 and 145 here; 50 and 197 of the published one', () => {
    expect([SIZES.patches, seenAt(0.75), seenAt(0.75) + 1, SIZES.decoderTokens]).toEqual([144, 36, 37, 145]);
    const published = maeSizes(maePresets['mae-b-16']!);
    expect([published.tokens, published.decoderTokens]).toEqual([50, 197]);
    const { dim, depth } = maePresets['mae-b-16']!;
    const blocks = (tokens: number) => depth * (12 * tokens * dim ** 2 + 2 * tokens ** 2 * dim);
    expect([50, 197].map((tokens) => (blocks(tokens) / 1e9).toFixed(2))).toEqual(['4.29', '17.45']);
  });
});
