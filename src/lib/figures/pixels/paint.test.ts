import { describe, expect, it } from 'vitest';
import { paintPixels, pixelAt, pixelByKey, squareShape } from './paint.ts';

describe('small pictures', () => {
  it('knows a square by its number of values', () => {
    expect(squareShape(3072)).toEqual({ channels: 3, rows: 32, cols: 32 });
    expect(squareShape(1024)).toEqual({ channels: 1, rows: 32, cols: 32 });
    expect(() => squareShape(10)).toThrow(RangeError);
  });

  it('paints -1 black, 1 white, and counts what lies outside', () => {
    const out = new Uint8ClampedArray(8);
    // Red plane, green plane, blue plane of two pixels.
    const outside = paintPixels(out, [-1, 1, 0, 3, -2, NaN], { channels: 3, rows: 1, cols: 2 });
    expect([...out]).toEqual([0, 128, 0, 255, 255, 255, 0, 255]);
    expect(outside).toBe(3);
  });

  it('paints one channel grey and counts it once', () => {
    const out = new Uint8ClampedArray(4);
    expect(paintPixels(out, [9], { channels: 1, rows: 1, cols: 1 }, [0, 3])).toBe(1);
    expect([...out]).toEqual([255, 255, 255, 255]);
  });

  it('reads a pixel and walks by keys without leaving', () => {
    const shape = { channels: 3, rows: 2, cols: 2 } as const;
    expect(pixelAt([0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23], shape, 1, 0)).toEqual([2, 12, 22]);
    expect(pixelByKey({ key: 'ArrowDown', shiftKey: true }, [0, 1], shape)).toEqual([1, 1]);
    expect(pixelByKey({ key: 'ArrowLeft', shiftKey: false }, [0, 0], shape)).toEqual([0, 0]);
    expect(pixelByKey({ key: 'a', shiftKey: false }, [0, 0], shape)).toBeUndefined();
  });
});
