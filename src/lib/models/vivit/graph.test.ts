import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { cellOperands } from '#lib/graph/index.ts';
import { gaussian } from '#lib/graph/seeded.ts';
import { torchScript } from '#lib/graph/torch.ts';
import { movingFrames } from '../shared/frames.ts';
import { apart, computed, expectNeutral, lively, neutralFeeds, runAll } from '../held.testing.ts';
import { FORMS, type Form } from './config.ts';
import { FAMILY } from './family.ts';
import { vivit, vivitConfig, type VivitConfig } from './graph.ts';

const TINY: Partial<VivitConfig> = {
  frames: 6,
  image: 8,
  tubelet: 2,
  patch: 4,
  dim: 8,
  depth: 1,
  temporalDepth: 1,
  heads: 2,
  classes: 3,
};
const tiny = (attention: Form, change: Partial<VivitConfig> = {}) =>
  vivitConfig({ ...TINY, attention, ...change });
const clip = (c: VivitConfig, batch = 1, seed = 11) =>
  Float32Array.from({ length: batch * c.frames * c.channels * c.image ** 2 }, gaussian(seed));

describe('whom a token sees', () => {
  /** Which of the twelve tokens after the block change with the pixels of token 0: time 0, place 0. */
  const reached = async (attention: Form) => {
    const c = tiny(attention);
    const g = vivit(c);
    const weights = lively(g);
    const x = clip(c);
    const other = x.slice();
    // The first row of the first frame's upper left patch.
    for (let column = 0; column < 4; column++) other[column] = 3;
    const name = attention === 'factorised-encoder' ? 'norm' : 'blocks.0';
    const [a, b] = await Promise.all(
      [x, other].map(async (fed) => (await runAll(g, { x: fed }, weights))[name]!),
    );
    const { shape, data } = a!;
    const rows = data.length / c.dim;
    const row = (d: Float32Array, n: number) => d.slice(n * c.dim, (n + 1) * c.dim);
    const changed = Array.from({ length: rows }, (_, n) => n).filter(
      (n) => apart(row(data, n), row(b!.data, n)) > 0,
    );
    return { changed, shape };
  };

  it('every other one where attention is joint', async () => {
    const { changed, shape } = await reached('joint');
    expect(shape).toEqual([1, 13, 8]);
    expect(changed).toHaveLength(13);
  });

  it('those of its time alone in the encoder over space', async () => {
    const { changed, shape } = await reached('factorised-encoder');
    expect(shape).toEqual([1, 3, 5, 8]);
    expect(changed).toEqual([0, 1, 2, 3, 4]);
  });

  it('all of them after space, then time', async () => {
    expect((await reached('factorised-self-attention')).changed).toHaveLength(12);
  });

  it('those of its time and of its place where heads are divided', async () => {
    // Time 0 is tokens 0 to 3; place 0 is tokens 0, 4 and 8.
    expect((await reached('factorised-dot-product')).changed).toEqual([0, 1, 2, 3, 4, 8]);
  });
});

describe.each(FORMS)('%s', (attention) => {
  it('a batch of two is two clips', async () => {
    const c = tiny(attention);
    const weights = lively(vivit(c));
    const x = clip(c, 2);
    const g = vivit(c, { batch: 2 });
    const both = await runAll(g, { x }, weights);
    for (const which of [0, 1]) {
      const half = x.length / 2;
      const one = await runAll(vivit(c), { x: x.slice(which * half, (which + 1) * half) }, weights);
      for (const name of computed(g)) {
        const { length } = one[name]!.data;
        const part = both[name]!.data.slice(which * length, (which + 1) * length);
        expect(apart(part, one[name]!.data), name).toBeLessThan(2e-5);
      }
    }
  });

  it('probabilities of every token sum to 1', async () => {
    const c = tiny(attention, { qkvBias: false, gelu: 'tanh', channels: 1 });
    const g = vivit(c);
    const got = await runAll(g, { x: clip(c) }, lively(g));
    const maps = computed(g).filter((name) => name.endsWith('.probs'));
    expect(maps.length).toBeGreaterThan(0);
    for (const name of maps) {
      const { data, shape } = got[name]!;
      const width = shape.at(-1)!;
      for (let at = 0; at < data.length; at += width)
        expect(data.subarray(at, at + width).reduce((a, v) => a + v, 0)).toBeCloseTo(1, 5);
    }
  });

  it('neutral interventions change nothing, and are those that the family lists', async () => {
    const c = tiny(attention);
    expectNeutral(FAMILY, c);
    const g = vivit(c, { interventions: true });
    const weights = lively(vivit(c));
    const x = clip(c);
    const plain = await runAll(vivit(c), { x }, weights);
    const live = await runAll(g, { x, ...neutralFeeds(FAMILY, c) }, weights);
    for (const name of computed(vivit(c)))
      expect(apart(live[name]!.data, plain[name]!.data), name).toBeLessThan(1e-6);
  });

  it('a head that is cut gives nothing, a block that is passed over changes nothing', async () => {
    const c = tiny(attention);
    const g = vivit(c, { interventions: true });
    const weights = lively(vivit(c));
    const neutral = neutralFeeds(FAMILY, c);
    const x = clip(c);
    const split = attention === 'factorised-dot-product';
    const blocks = attention === 'factorised-encoder' ? 2 : 1;
    const last = Array.from({ length: blocks * 2 }, (_, i) => (i === blocks * 2 - 1 ? 0 : 1));
    const cut = await runAll(g, { x, ...neutral, head_mask: last }, weights);
    const prefix = attention === 'factorised-encoder' ? 'temporal.blocks.0.attn' : 'blocks.0.attn';
    const { data } = cut[split ? `${prefix}.time.out` : `${prefix}.out`]!;
    if (split) {
      expect(data.every((v) => v === 0)).toBe(true);
      expect(cut[`${prefix}.space.out`]!.data.every((v) => v !== 0)).toBe(true);
    } else {
      // `[B, h, T, d]` and `[B, t, h, s, d]`: head 1 is the second half of each time's.
      const { shape } = g.value(`${prefix}.out`);
      const one = shape.slice(-2).reduce((a, b) => a * b, 1);
      data.forEach((v, i) => expect(v === 0, String(i)).toBe(Math.floor(i / one) % 2 === 1));
    }
    const skipped = await runAll(g, { x, ...neutral, block_skip: Array<number>(blocks).fill(0) }, weights);
    expect(apart(skipped['blocks.0']!.data, skipped.tokens!.data)).toBe(0);
    const bare = await runAll(g, { x, ...neutral, pos_scale: [0] }, weights);
    const before = attention === 'joint' || attention === 'factorised-encoder' ? 'cls_cat' : 'patch_embed';
    expect(apart(bare.tokens!.data, bare[before]!.data)).toBe(0);
  });

  it('without time in its positions a place has at all times the mean of them; CLS keeps its own', async () => {
    const c = tiny(attention);
    const g = vivit(c, { interventions: true });
    const encoder = attention === 'factorised-encoder';
    const cls = encoder || attention === 'joint';
    const name = encoder ? 'temporal.tokens' : 'tokens';
    const before = encoder ? 'temporal.cls_cat' : cls ? 'cls_cat' : 'patch_embed';
    const feeds = { x: clip(c), ...neutralFeeds(FAMILY, c) };
    const weights = lively(vivit(c));
    const added = async (scale: number) => {
      const got = await runAll(g, { ...feeds, time_pos_scale: [scale] }, weights);
      return got[name]!.data.map((v, i) => v - got[before]!.data[i]!);
    };
    const [own, off, half] = [await added(1), await added(0), await added(0.5)];
    const prefix = cls ? c.dim : 0;
    const each = encoder ? c.dim : 4 * c.dim;
    const [times, rest] = [3, own.slice(prefix)];
    expect(rest).toHaveLength(times * each);
    expect(apart(own.slice(0, prefix), off.slice(0, prefix))).toBe(0);
    for (let i = 0; i < each; i++) {
      const mean = [0, 1, 2].reduce((sum, t) => sum + rest[t * each + i]!, 0) / times;
      for (let t = 0; t < times; t++) {
        const at = prefix + t * each + i;
        expect(off[at]).toBeCloseTo(mean, 5);
        expect(half[at]).toBeCloseTo((mean + own[at]!) / 2, 5);
      }
    }
    expect(apart(own, off)).toBeGreaterThan(1e-3);
  });

  it.each([false, true])(
    'every tensor has a doc, a cell that says what it is made of, and lines in PyTorch: live %s',
    (interventions) => {
      const g = vivit(tiny(attention, { depth: 2 }), { interventions });
      for (const name of g.tensorNames()) {
        const { doc, kind, shape } = g.value(name);
        expect(doc?.title.en, name).toMatch(/^[A-Z0-9]/);
        expect(doc?.title.zh, name).toMatch(/[\u4e00-\u9fff]/);
        if (doc?.formula)
          expect(() => katex.renderToString(doc.formula!, { throwOnError: true })).not.toThrow();
        if (kind !== 'node') continue;
        expect(doc?.torch, name).toMatch(/=/);
        expect(
          cellOperands(
            g,
            name,
            shape.map((n) => n - 1),
          ).length,
          name,
        ).toBeGreaterThan(0);
        expect(torchScript(g, name, { title: 't' }).code).toContain('result');
      }
    },
  );
});

it('heads over time have switches of their own where they have an attention of their own', async () => {
  const c = tiny('factorised-self-attention');
  const g = vivit(c, { interventions: true });
  const feeds = { x: clip(c), ...neutralFeeds(FAMILY, c), time_head_mask: [0, 0] };
  const got = await runAll(g, feeds, lively(vivit(c)));
  expect(got['blocks.0.attn_time.out']!.data.every((v) => v === 0)).toBe(true);
  expect(got['blocks.0.attn.out']!.data.every((v) => v !== 0)).toBe(true);
});

describe('the frames that one picture makes', () => {
  const size = { frames: 3, channels: 2, height: 1, width: 4 };
  const picture = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);

  it('are that picture, standing still', () => {
    expect([...movingFrames(picture, size)]).toEqual([...picture, ...picture, ...picture]);
  });

  it('moving to the right, and in again at the left', () => {
    const second = [4, 1, 2, 3, 8, 5, 6, 7];
    const third = [3, 4, 1, 2, 7, 8, 5, 6];
    expect([...movingFrames(picture, size, 1)]).toEqual([...picture, ...second, ...third]);
    expect([...movingFrames(picture, size, 5)]).toEqual([...movingFrames(picture, size, 1)]);
    expect([...movingFrames(picture, size, -3)]).toEqual([...movingFrames(picture, size, 1)]);
  });

  it('are what the family feeds, once there is a picture', () => {
    const c = tiny('joint');
    const given = { time: 0, class: -1, seed: 0, visible: [] };
    expect(FAMILY.feed(c, given)).toBeUndefined();
    const one = clip(c).subarray(0, 3 * 8 * 8);
    const { x } = FAMILY.feed(c, { ...given, picture: one, pace: 2 })!;
    expect(x).toEqual(movingFrames(one, { frames: 6, channels: 3, height: 8, width: 8 }, 2));
  });
});
