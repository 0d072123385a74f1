import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fitPicture, preprocess, unpreprocess, type Fit, type PreprocessSpec } from './preprocess.ts';
import { resample } from './resample.ts';
import type { Rgba } from './rgba.ts';

/** A picture that any language draws from this one line. */
function drawn(width: number, height: number): Rgba {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        const value =
          x * 7 + y * 13 + c * 101 + ((x * y) % 17) * 9 + Math.floor(x / 3) * Math.floor(y / 2) * 5;
        data[(y * width + x) * 4 + c] = value % 256;
      }
    }
  }
  return { width, height, data };
}

function rgb(picture: Rgba): Uint8Array {
  return Uint8Array.from(picture.data.filter((_, i) => i % 4 !== 3));
}

describe('fitPicture', () => {
  // First 16 digits of SHA-256 over the RGB bytes of Pillow 13's Image.resize(BILINEAR) of the same picture,
  // squashed, and by the training's `fit_square` (crop).
  it.each<[number, number, number, Fit, string]>([
    [7, 5, 4, 'squash', '2bd42f7456327333'],
    [7, 5, 4, 'crop', 'c0e00df21692f9ac'],
    [5, 9, 3, 'crop', '2d43ac5364377dea'],
    [3, 2, 5, 'squash', '26986f0a072d85a5'],
    [3, 2, 5, 'crop', 'eb0bfa95a2e96c86'],
    [1, 1, 3, 'squash', '27af996c370fb4f5'],
    [1, 1, 3, 'crop', '27af996c370fb4f5'],
    [4, 4, 4, 'crop', 'd11de9d307594cb2'],
    [640, 427, 224, 'squash', '549412ebe26906c7'],
    [640, 427, 224, 'crop', '090688b3d8ca588e'],
    [61, 40, 32, 'squash', 'c02cc2aaa8c64448'],
    [61, 40, 32, 'crop', '9b71856b31c0063e'],
    [225, 224, 224, 'squash', '64ea310d499e1c32'],
    [225, 224, 224, 'crop', 'fdf4830cd8f588a2'],
    [1, 3000, 16, 'squash', 'aeb4a49b111d9e52'],
    [1, 3000, 16, 'crop', '8f90aca9fb645e1d'],
    [449, 448, 224, 'crop', '1cd4fc3ca7f6ee06'],
  ])('%i × %i to %i, %s: every byte as Pillow has it', (width, height, size, fit, digest) => {
    const square = fitPicture(drawn(width, height), size, fit);
    expect([square.width, square.height]).toEqual([size, size]);
    expect(createHash('sha256').update(rgb(square)).digest('hex').slice(0, 16)).toBe(digest);
  });

  it('is within one level of Pillow 13 where that goes down first', () => {
    // PIL.Image.fromarray(…).resize((3, 3), BILINEAR) of the 5 × 9 picture.
    const pillow = [
      24, 125, 212, 53, 154, 152, 83, 166, 93, 70, 171, 126, 136, 158, 88, 178, 121, 124, 117, 150, 63, 161,
      78, 143, 164, 91, 146,
    ];
    const ours = rgb(fitPicture(drawn(5, 9), 3, 'squash'));
    expect(ours.length).toBe(pillow.length);
    expect(Math.max(...pillow.map((value, i) => Math.abs(value - ours[i]!)))).toBe(1);
  });

  it('leaves a picture of the right size as it is', () => {
    const picture = drawn(9, 9);
    expect(fitPicture(picture, 9, 'crop').data).toEqual(picture.data);
    expect(fitPicture(fitPicture(drawn(31, 17), 9, 'crop'), 9, 'crop')).toEqual(
      fitPicture(drawn(31, 17), 9, 'crop'),
    );
  });
});

describe('resample', () => {
  it('computes a window as the whole picture has it', () => {
    const whole = resample(drawn(50, 40), 20, 30);
    const part = resample(drawn(50, 40), 20, 30, { left: 3, top: 7, width: 5, height: 11 });
    for (let y = 0; y < 11; y++) {
      const start = ((y + 7) * 20 + 3) * 4;
      expect(part.data.slice(y * 20, y * 20 + 20)).toEqual(whole.data.slice(start, start + 20));
    }
    expect(() => resample(drawn(5, 5), 4, 4, { left: 1, top: 0, width: 4, height: 4 })).toThrow(RangeError);
  });
});

describe('preprocess', () => {
  const spec: PreprocessSpec = {
    size: 4,
    fit: 'squash',
    interpolation: 'bilinear',
    antialias: true,
    mean: [0.5, 0.4, 0],
    std: [0.5, 0.2, 1],
  };

  it('scales, normalises and separates the colours', () => {
    const x = preprocess(drawn(4, 4), spec);
    expect(x.length).toBe(48);
    const at = (c: number, i: number): number => drawn(4, 4).data[i * 4 + c]! / 255;
    for (let i = 0; i < 16; i++) {
      expect(x[i]).toBeCloseTo((at(0, i) - 0.5) / 0.5, 6);
      expect(x[16 + i]).toBeCloseTo((at(1, i) - 0.4) / 0.2, 6);
      expect(x[32 + i]).toBeCloseTo(at(2, i), 6);
    }
  });

  it('can be undone', () => {
    expect(unpreprocess(preprocess(drawn(4, 4), spec), spec)).toEqual(drawn(4, 4));
  });
});
