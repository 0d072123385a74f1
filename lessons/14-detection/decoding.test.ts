import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { boxAt, inPixels } from '#lib/analysis/detection/boxes.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { decoded, shareInside } from './decoding.ts';

/** What PyTorch computes; tests/reference.py makes it. */
const golden = parseSafetensors(
  new Uint8Array(readFileSync('lessons/14-detection/tests/golden.safetensors')),
);

it('decodes every box as the network does', () => {
  const [raw, boxes] = [golden.float32('raw'), golden.float32('boxes')];
  for (let q = 0; q < boxes.length / 4; q++) {
    const box = decoded([...raw.slice(4 * q, 4 * q + 4)], 64);
    box.shares.forEach((v, i) => expect(v, `${q} ${i}`).toBeCloseTo(boxes[4 * q + i]!, 5));
    const corners = inPixels(boxAt(boxes, q), 64, 64);
    for (const edge of ['x0', 'y0', 'x1', 'y1'] as const)
      expect(box.corners[edge]).toBeCloseTo(corners[edge], 3);
  }
});

it('an even attention has as much in a box as there are tokens; all of it may lie there', () => {
  const box = { x0: 0, y0: 0, x1: 0.5, y1: 0.25 };
  const even = shareInside(Array(64).fill(1 / 64), box, { rows: 8, cols: 8 });
  expect(even.attention).toBeCloseTo(even.area, 12);
  expect(even.area).toBe(8 / 64);
  const one = Array.from({ length: 64 }, (_, i) => Number(i === 3));
  expect(shareInside(one, box, { rows: 8, cols: 8 }).attention).toBe(1);
});
