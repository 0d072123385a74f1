import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { npy } from './npy.ts';

/** Reads the file back by the format's own description, apart from the writer. */
function read(bytes: Uint8Array): { header: string; start: number; values: number[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint16(8, true);
  const header = new TextDecoder('latin1').decode(bytes.subarray(10, 10 + length));
  const values: number[] = [];
  for (let at = 10 + length; at < bytes.length; at += 4) values.push(view.getFloat32(at, true));
  return { header, start: 10 + length, values };
}

describe('npy', () => {
  it('writes the magic, version 1.0 and a header whose values begin at a multiple of 64', () => {
    for (const shape of [[6], [2, 3], [1, 2, 3], [1, 1, 2, 3]]) {
      const bytes = npy(new Float32Array([1, -2, 3.5, 0, 1e-8, 65504]), shape);
      expect([...bytes.subarray(0, 8)]).toEqual([0x93, 78, 85, 77, 80, 89, 1, 0]);
      const { header, start, values } = read(bytes);
      expect(start % 64).toBe(0);
      expect(header.endsWith('\n')).toBe(true);
      expect(header).toContain(`'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''})`);
      expect(values).toEqual([1, -2, 3.5, 0, Math.fround(1e-8), 65504]);
    }
  });

  it('keeps NaN and the infinities, and writes a scalar with an empty shape', () => {
    expect(read(npy(new Float32Array([NaN, Infinity, -Infinity]), [3])).values).toEqual([
      NaN,
      Infinity,
      -Infinity,
    ]);
    expect(read(npy(new Float32Array([7]), [])).header).toContain("'shape': ()");
  });

  it('writes a view that does not begin at the start of its buffer', () => {
    const all = new Float32Array([9, 9, 1, 2]);
    expect(read(npy(all.subarray(2), [2])).values).toEqual([1, 2]);
  });

  it('refuses a shape that does not hold the values', () => {
    expect(() => npy(new Float32Array(5), [2, 3])).toThrow('shape [2, 3] holds 6 values, not 5');
  });

  it('is read by NumPy where there is one', (context) => {
    const script =
      'import sys,io,numpy as n; a=n.load(io.BytesIO(sys.stdin.buffer.read())); print(a.shape, a.dtype, a.sum())';
    try {
      execFileSync('python3', ['-c', 'import numpy'], { stdio: 'ignore' });
    } catch {
      return context.skip();
    }
    const input = npy(new Float32Array([1, 2, 3, 4, 5, 6]), [2, 3]);
    const said = execFileSync('python3', ['-c', script], { input }).toString();
    expect(said.trim()).toBe('(2, 3) float32 21.0');
  });
});
