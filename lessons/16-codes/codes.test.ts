import { describe, expect, it } from 'vitest';
import { BITS_CASES, bitsTask } from './bits-exercise.ts';
import { bitsOf } from './code-bits.ts';
import { byUse } from './book-measured.ts';
import { jpegBytes, pngBytes } from './file-bytes.ts';
import { codesOf, halfOf } from './half-codes.ts';
import { CODES } from './model.ts';
import { nearestCodes, otherCode } from './nearest-codes.ts';
import { scalesSeen } from './pyramid.ts';

describe('the nearest codes', () => {
  const distances = Float32Array.from({ length: 2 * CODES }, (_, i) => Math.abs((i % CODES) - 100));
  it('come in order, of equal ones the lower number', () => {
    expect(nearestCodes(distances, 1, 3).map(({ code }) => code)).toEqual([100, 99, 101]);
  });
  it('can be asked of some codes alone', () => {
    expect(nearestCodes(distances, 0, 2, new Set([7, 300])).map(({ code }) => code)).toEqual([7, 300]);
    expect([...codesOf(distances, 2, new Set([5, 90]))]).toEqual([90, 90]);
  });
  it('and the farthest are told by their entries', () => {
    const entries = Float32Array.from({ length: CODES }, (_, code) => code);
    expect(otherCode(entries, 3, 'farthest')).toBe(CODES - 1);
    expect(otherCode(entries, 3, 'nearest')).toBe(2);
  });
});

describe('half of a codebook', () => {
  const counts = [5, 0, 9, 9];
  const measured = { counts, random: [1, 2] };
  it('is told by use', () => {
    expect(byUse(counts)).toEqual([2, 3, 0, 1]);
    expect([...(halfOf('used', measured) ?? [])]).toEqual([2, 3]);
    expect([...(halfOf('unused', measured) ?? [])]).toEqual([0, 1]);
    expect([...(halfOf('random', measured) ?? [])]).toEqual([1, 2]);
  });
});

describe('bytes of a file', () => {
  it('of a JPEG are tables and scans; stuffed zeros and restarts end no scan', () => {
    const scan = [1, 2, 0xff, 0x00, 3, 0xff, 0xd0, 4];
    const file = [0xff, 0xd8, 0xff, 0xdb, 0, 4, 9, 9, 0xff, 0xda, 0, 3, 0, ...scan, 0xff, 0xd9];
    expect(jpegBytes(Uint8Array.from(file))).toEqual({ all: file.length, picture: scan.length });
    expect(() => jpegBytes(Uint8Array.of(1, 2))).toThrow('no JPEG');
  });
  it('of a PNG are chunks, of which IDAT holds the picture', () => {
    const chunk = (name: string, length: number) => [
      ...[0, 0, 0, length],
      ...[...name].map((c) => c.charCodeAt(0)),
      ...new Array<number>(length + 4).fill(7),
    ];
    const head = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10];
    const file = [
      ...head,
      ...chunk('IHDR', 13),
      ...chunk('IDAT', 6),
      ...chunk('IDAT', 5),
      ...chunk('IEND', 0),
    ];
    expect(pngBytes(Uint8Array.from(file))).toEqual({ all: file.length, picture: 11 });
    expect(() => pngBytes(Uint8Array.of(0xff, 0xd8))).toThrow('no PNG');
  });
});

describe('bits of codes', () => {
  it('are log₂ of the codebook a place', () => {
    expect(bitsOf(64, 512)).toEqual({ each: 9, bits: 576, bytes: 72 });
    expect(bitsOf(256, 16384)).toMatchObject({ each: 14, bits: 3584 });
  });
  it('have mistakes that are told apart', () => {
    for (const one of BITS_CASES) {
      const { bits, mistakes } = bitsTask(one);
      for (const { when } of mistakes) expect(when([bits], [bits])).toBe(false);
    }
    const first = bitsTask({ side: 256, factor: 16, codes: 1024 });
    expect(first.bits).toBe(2560);
    const said = (n: number) => first.mistakes.find(({ when }) => when([n], [2560]))?.say.en ?? '';
    expect(said(256 * 1024)).toContain('multiplied');
    expect(said(160)).toContain('one row');
    expect(said(655360)).toContain('pixels');
    expect(said(320)).toContain('bytes');
    expect(said(256)).toContain('how many codes');
  });
});

describe('a picture on several grids', () => {
  it('has codes, decibels and what is missing of each', () => {
    const seen = scalesSeen([1, 2], {
      x: [1, -1],
      latents: [2, 0],
      codes: [7, 1, 2, 3, 4],
      rests: [
        [1, 1],
        [0, 0],
      ],
      pictures: [Float32Array.of(0, 0), Float32Array.of(1, -1)],
    });
    expect(seen.map(({ soFar, codes }) => [soFar, ...codes])).toEqual([
      [1, 7],
      [5, 1, 2, 3, 4],
    ]);
    expect(seen.map(({ missing }) => missing)).toEqual([0.5, 0]);
    expect(seen[0]?.psnr).toBeCloseTo(10 * Math.log10(4));
    expect(seen[1]?.psnr).toBe(Infinity);
  });
});
