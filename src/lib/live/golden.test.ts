import { describe, expect, it } from 'vitest';
import { writeSafetensors } from '#lib/weights/safetensors.ts';
import { Golden } from './golden.ts';

const big = Float32Array.from({ length: 5000 }, (_, i) => Math.sin(i));
const sample = Float32Array.from({ length: 1024 }, (_, k) => big[Math.floor((k * 5000) / 1024)]!);
const golden = new Golden(
  writeSafetensors(
    [
      { name: 'x', shape: [2], data: Float32Array.of(1, 2) },
      { name: 'p8/big', shape: [1024], data: sample },
      { name: 'p16/a', shape: [2], data: Float32Array.of(3, -4) },
    ],
    { 'p8/big': '5,1000', 'p16/a': '1,2', sample: 'floor(k*n/S), S=min(n,1024)' },
  ),
);

describe('Golden', () => {
  it('lists what it has', () => {
    expect(golden.patches).toEqual([8, 16]);
    expect(golden.names(16)).toEqual(['a']);
    expect(golden.input).toEqual(Float32Array.of(1, 2));
    expect(golden.compare(16, { name: 'none', data: big })).toBeUndefined();
  });

  it('compares whole tensors within 1e-3 (1 + max|ref|)', () => {
    const near = golden.compare(16, { name: 'a', data: Float32Array.of(3, -4.004) });
    expect(near).toMatchObject({ scale: 4, count: 2, within: true });
    expect(golden.compare(16, { name: 'a', data: Float32Array.of(3.1, -4) })).toMatchObject({
      within: false,
    });
  });

  it('compares samples at ⌊k·n/S⌋, so a shifted tensor is caught', () => {
    expect(golden.compare(8, { name: 'big', data: big })).toMatchObject({
      worst: 0,
      count: 1024,
      within: true,
    });
    const shifted = Float32Array.from(big, (_, i) => big[(i + 1) % 5000]!);
    expect(golden.compare(8, { name: 'big', data: shifted })?.within).toBe(false);
  });

  it('trusts no NaN and no other size', () => {
    expect(golden.compare(16, { name: 'a', data: Float32Array.of(NaN, -4) })?.worst).toBe(Infinity);
    expect(golden.compare(8, { name: 'big', data: sample })?.worst).toBe(Infinity);
  });
});
