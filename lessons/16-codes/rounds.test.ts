import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { autoregressiveSizes } from '#lib/models/autoregressive/config.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { LADDERS, ladderTask } from './ladder-exercise.ts';
import { CHOOSER_CONFIGS, PLACES, SCALES, TOLD } from './model.ts';
import { costOf, SCALES_ONCE } from './order-costs.ts';
import { PUBLISHED } from './published-orders.ts';
import { givenBack, minus, placeSizes } from './rest-math.ts';
import { maskedAfter, surenessOf } from './round-states.ts';
import { fedMaps, levelGroups, scaleStarts, sees, seenShare } from './scale-levels.ts';

/** What PyTorch says of the same: tests/reference_rounds.py. */
const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/16-codes/tests/golden.safetensors')));
const tiny = (name: string) => parseSafetensors(readFileSync(`models/${name}/golden.safetensors`));

describe('masked rounds', () => {
  it('leave as many masks as the cosine says, and as PyTorch leaves', () => {
    expect(maskedAfter(PLACES, 8)).toEqual([64, 62, 59, 53, 45, 35, 24, 12, 0]);
    expect(maskedAfter(PLACES, 64).every((left, round) => left === PLACES - round)).toBe(true);
    expect(maskedAfter(16, 4).slice(1)).toEqual([...golden.float32('rounds.masked')]);
  });

  it('tell what was known, kept and thrown away, with ln p of what was drawn', () => {
    // Four places, three codes: place 0 was known, 2 is kept.
    const step = {
      codes: Int32Array.of(1, -1, 2, -1),
      places: [2],
      drawn: [0, 1, 2, 0],
      logs: Float32Array.from({ length: 12 }, (_, i) => -i),
    };
    expect(surenessOf(step, 4, 3)).toEqual([
      { state: 'known', code: 1 },
      { state: 'open', code: 1, log: -4 },
      { state: 'kept', code: 2, log: -8 },
      { state: 'open', code: 0, log: -9 },
    ]);
    expect(surenessOf(undefined, 2, 3).map(({ state }) => state)).toEqual(['none', 'none']);
  });
});

describe('scale by scale', () => {
  it('tokens of one level follow each other to the end of the sequence', () => {
    const groups = levelGroups(SCALES, TOLD);
    expect(groups.map(({ from, to }) => to - from)).toEqual([TOLD + 1, 4, 9, 16, 36, 64]);
    expect(groups.at(-1)?.to).toBe(autoregressiveSizes(CHOOSER_CONFIGS.scales).tokens);
    expect([sees(2, 2), sees(2, 1), sees(1, 2)]).toEqual([true, true, false]);
    expect(seenShare(levelGroups([1, 2, 3, 4], 4))).toBeCloseTo(golden.float32('scales.seen')[0] ?? NaN, 6);
  });

  it('a scale is fed its own rows of the sums', () => {
    const sums = tiny('scales-tiny').float32('g/sums');
    const [sides, width] = [[1, 2, 3, 4], 4] as const;
    expect(scaleStarts(sides)).toEqual([0, 1, 5, 14, 30]);
    const maps = fedMaps(sums, sides, 2, width);
    expect(maps.map(({ length }) => length)).toEqual([9, 9, 9, 9]);
    // Token 5 of the codes is token 4 of those that are fed: the first is read off the style.
    expect(maps[3]?.[0]).toBe(sums[4 * width + 3]);
    expect(maps[0]?.[8]).toBe(sums[12 * width]);
  });
});

describe('the rest', () => {
  it('has a size at each place, and is given back by what lies near it', () => {
    const hart = tiny('hart-tiny');
    const [rest, other] = [hart.float32('s/ddim/residual'), hart.float32('s/dpmpp-2m/residual')];
    const sizes = placeSizes(rest, 16);
    sizes.forEach((size, i) => expect(size).toBeCloseTo(golden.float32('rest.sizes')[i] ?? NaN, 5));
    expect(givenBack(rest, minus(rest, other))).toBeCloseTo(golden.float32('rest.back')[0] ?? NaN, 4);
    expect(givenBack(rest, rest)).toBe(0);
  });
});

describe('what an order costs', () => {
  it('is passes and tokens, with a cache in raster order alone', () => {
    expect(costOf('raster', 8)).toEqual({ passes: 64, tokens: 143 });
    expect(costOf('masked', 8)).toEqual({ passes: 8, tokens: 648 });
    expect(costOf('scales', 8)).toEqual({ passes: 6, tokens: 876 });
    expect(SCALES_ONCE).toBe(146);
    // The prose says 81 tokens of a masked pass, and 64 of 130 codes in the last grid.
    expect(autoregressiveSizes(CHOOSER_CONFIGS.masked).tokens).toBe(81);
    expect((SCALES.at(-1) ?? 0) ** 2).toBe(64);
  });

  it('and a ladder of grids is asked with its usual mistakes told apart', () => {
    expect(LADDERS.map((sides) => ladderTask(sides).codes)).toEqual([85, 130, 341, 680]);
    for (const sides of LADDERS) {
      const { codes, passes, mistakes } = ladderTask(sides);
      const said = (a: number, b: number) =>
        mistakes.find(({ when }) => when([a, b], [codes, passes]))?.say.en;
      expect(said(codes, passes)).toBeUndefined();
      expect(
        said(
          sides.reduce((a, b) => a + b, 0),
          passes,
        ),
      ).toContain('added up the sides');
      expect(said((sides.at(-1) ?? 0) ** 2, passes)).toContain('finest grid alone');
      expect(said(codes, codes)).toContain('raster order');
      expect(said(codes, passes - 1)).toContain('single code');
    }
  });
});

describe('published networks', () => {
  it('raster order takes a pass for each code, and VAR those of its ladder', () => {
    for (const { way, tokens, passes } of PUBLISHED) if (way === 'raster') expect(passes).toBe(tokens);
    const { codes, passes } = ladderTask(LADDERS.at(-1) ?? []);
    for (const one of PUBLISHED.filter(({ way }) => way === 'scales'))
      expect([one.tokens, one.passes]).toEqual([codes, passes]);
    expect(new Set(PUBLISHED.map(({ id }) => id)).size).toBe(PUBLISHED.length);
  });

  it('bear out what the prose says of them', () => {
    const fid = (id: string) => Number(PUBLISHED.find((one) => one.id === id)?.fid);
    expect(fid('llamagen-3b')).toBeLessThan(fid('dit'));
    expect(fid('maskgit')).toBeLessThan(fid('vqgan'));
    expect(fid('vqgan') / fid('llamagen-b')).toBeGreaterThan(2.5);
  });
});
