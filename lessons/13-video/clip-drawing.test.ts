import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { drawFrames } from './clip-drawing.ts';
import { drawnOf } from './clip-paths.ts';
import { MOTIONS } from './motions.ts';
import { state } from './state.ts';

/** What training/data/clips.py draws with the page's random numbers; tests/reference.py makes it. */
const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/13-video/tests/golden.safetensors')));
const KEPT = ['right', 'anticlockwise', 'grows', 'right-first', 'backward'] as const;
const settings = { frames: 8, seed: state.fields.seed.default, pace: state.fields.pace.default };
/** A sign as the page has it, RGBA on white. */
const sign = (which: number) => {
  const values = golden.float32('signs').subarray(which * 768, (which + 1) * 768);
  const data = new Uint8ClampedArray(1024).fill(255);
  for (let i = 0; i < 256; i++) for (let c = 0; c < 3; c++) data[4 * i + c] = values[3 * i + c]!;
  return { width: 16, height: 16, data };
};

describe.each(KEPT)('a clip of the class %s', (motion) => {
  const drawn = drawnOf(motion, settings);
  it('goes the ways that training draws', () => {
    const want = golden.float32(`paths.${motion}`);
    drawn.paths.forEach((path, thing) =>
      path.forEach(({ x, y, size, angle }, f) =>
        [x, y, size, angle].forEach((v, i) =>
          expect(v, `${thing} ${f} ${i}`).toBeCloseTo(want[(thing * 8 + f) * 4 + i]!, i === 3 ? 3 : 5),
        ),
      ),
    );
    const none = Array.from({ length: 8 }, (_, f) => want[(drawn.paths.length * 8 + f) * 4 + 2]);
    if (drawn.paths.length < 2) expect(none).toEqual(Array(8).fill(0));
    expect(drawn.paths).toHaveLength(motion === 'right-first' ? 2 : 1);
    [...golden.float32(`paper.${motion}`)].forEach((v, i) => expect(drawn.paper[i]).toBeCloseTo(v, 6));
  });
  it('has the pixels that training draws, to a hundredth of a step of 8 bits', () => {
    const all = drawFrames(drawn, [sign(0), sign(1)], 16);
    const want = golden.float32(`frames.${motion}`);
    const size = 3 * 16 * 16;
    [0, 3, 7].forEach((frame, k) => {
      let most = 0;
      for (let i = 0; i < size; i++)
        most = Math.max(most, Math.abs(all[frame * size + i]! - want[k * size + i]!));
      expect((most * 255) / 2).toBeLessThan(0.01);
    });
  });
});

it('every class can be drawn, at any speed and seed; values stay in the range that networks are fed', () => {
  for (const motion of MOTIONS)
    for (const [seed, pace] of [
      [0, 0],
      [99, 1],
    ] as const) {
      const clip = drawFrames(drawnOf(motion, { frames: 4, seed, pace }), [sign(0), sign(1)], 8);
      expect(clip).toHaveLength(4 * 3 * 64);
      expect(clip.every((v) => v >= -1 && v <= 1)).toBe(true);
      expect(new Set(clip).size).toBeGreaterThan(4);
    }
});
