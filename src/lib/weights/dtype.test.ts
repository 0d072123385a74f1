import { describe, expect, it } from 'vitest';
import { fromFloat32, halfBits, toFloat32 } from './dtype.ts';

describe('half floats', () => {
  it('survive both ways, all 65,536 of them', () => {
    const all = new Uint16Array(65536).map((_, i) => i);
    const values = toFloat32(new Uint8Array(all.buffer), 'F16');
    let wrong = 0;
    for (let h = 0; h < 65536; h++) {
      const isNaN = (h & 0x7c00) === 0x7c00 && (h & 0x3ff) !== 0;
      if (isNaN ? !Number.isNaN(values[h]) : halfBits(values[h]!) !== h) wrong++;
    }
    expect(wrong).toBe(0);
    // IEEE 754 binary16: the smallest subnormal, smallest normal, largest, 1/3 rounded.
    expect(values[0x0001]).toBe(2 ** -24);
    expect(values[0x0400]).toBe(2 ** -14);
    expect(values[0x7bff]).toBe(65504);
    expect(values[0x3555]).toBe(0.333251953125);
  });

  it('round to nearest, ties to even', () => {
    expect(halfBits(1 + 2 ** -11)).toBe(0x3c00);
    expect(halfBits(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(halfBits(65519.996)).toBe(0x7bff);
    expect(halfBits(65520)).toBe(0x7c00);
    expect(halfBits(-(2 ** -25))).toBe(0x8000);
    expect(halfBits(1.5 * 2 ** -24)).toBe(0x0002);
    expect(halfBits(2 ** -14 - 2 ** -26)).toBe(0x0400);
  });
});

describe('bfloat16', () => {
  it('keeps the upper half of a float32', () => {
    const back = (x: number) => toFloat32(fromFloat32(Float32Array.of(x), 'BF16'), 'BF16')[0];
    expect(back(1)).toBe(1);
    expect(back(-3.140625)).toBe(-3.140625);
    expect(back(1 + 2 ** -8)).toBe(1);
    expect(back(1 + 3 * 2 ** -8)).toBe(1 + 2 ** -6);
    expect(back(NaN)).toBeNaN();
    expect(back(-Infinity)).toBe(-Infinity);
  });
});

it('reads 16-bit values at an odd address', () => {
  const bytes = new Uint8Array(5);
  bytes.set(fromFloat32(Float32Array.of(1.5, -2), 'F16'), 1);
  expect([...toFloat32(bytes.subarray(1), 'F16')]).toEqual([1.5, -2]);
});
