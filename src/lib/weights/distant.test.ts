import { describe, expect, it } from 'vitest';
import { Fault } from '#lib/base/errors.ts';
import { FileBytes, keptBytes, lent, letGo, lostFile, PassedOn } from './distant.ts';
import { overlay, WeightsError, type WeightSource } from './source.ts';

const stored = Uint8Array.from({ length: 64 }, (_, i) => i);
/** A file of 64 bytes that were read, and what reads it again. */
function file() {
  const state = { gone: false };
  const held = stored.slice();
  const bytes = new FileBytes(held, (begin, end) => {
    if (state.gone) throw new Fault('weights-invalid', { file: 'a.pth' });
    return stored.slice(begin, end);
  });
  return { bytes, held, state };
}
const source = (bytes: Uint8Array): WeightSource => ({
  names: () => ['a'],
  get: (name) =>
    name === 'a' ? { dtype: 'F32', shape: [2, 2], file: 'a.pth', offset: 8, length: 16 } : undefined,
  buffers: new Map([['a.pth', bytes]]),
});

describe('bytes of a file', () => {
  it('are views where they are lent, copies else, and read when they were let go', () => {
    const { bytes, held } = file();
    expect(lent(() => bytes.subarray(8, 24)).buffer).toBe(held.buffer);
    const own = bytes.subarray(8, 24);
    expect([bytes.byteLength, bytes.length, bytes.held, keptBytes(bytes)]).toEqual([64, 64, 64, 0]);
    letGo([stored, bytes]);
    expect([held.byteLength, bytes.held, bytes.byteLength]).toEqual([0, 0, 64]);
    // Whoever has asked keeps what he got.
    expect(own).toEqual(stored.subarray(8, 24));
    expect(bytes.subarray(8, 24)).toEqual(stored.subarray(8, 24));
    expect(lent(() => bytes.subarray(8, 24))).toEqual(stored.subarray(8, 24));
    expect(bytes.slice(60)).toEqual(stored.slice(60));
    expect(bytes.subarray(60, 99)).toEqual(stored.subarray(60));
    bytes.letGo();
  });

  it('are lent as long as the work lasts, also where it fails', () => {
    const { bytes, held } = file();
    expect(() =>
      lent(() => {
        lent(() => bytes.subarray(0, 4));
        expect(bytes.subarray(0, 4).buffer).toBe(held.buffer);
        throw new Fault('cancelled');
      }),
    ).toThrow(Fault);
    expect(bytes.subarray(0, 4).buffer).not.toBe(held.buffer);
  });

  it('that cannot be read say why, until they are read by another handle', () => {
    const { bytes, state } = file();
    bytes.letGo();
    state.gone = true;
    expect(lostFile([bytes])).toBeUndefined();
    expect(() => bytes.subarray(0, 4)).toThrow(Fault);
    expect(lostFile([new Uint8Array(1), bytes])?.details.file).toBe('a.pth');
    bytes.readBy((begin, end) => stored.slice(begin, end));
    expect(lostFile([bytes])).toBeUndefined();
    expect(bytes.subarray(0, 4)).toEqual(stored.subarray(0, 4));
  });

  it('are passed on one range at a time: the last one’s memory is given back, never that of a view', () => {
    const { bytes, held } = file();
    const passed = new PassedOn(bytes);
    expect(passed.subarray(0, 8).buffer).toBe(held.buffer);
    passed.subarray(8, 16);
    passed.done();
    expect(held.byteLength).toBe(64);
    // Let go in the middle: what is still to come is read.
    bytes.letGo();
    const a = passed.subarray(0, 8);
    expect(a).toEqual(stored.subarray(0, 8));
    const b = passed.subarray(8, 24);
    expect([a.byteLength, b.byteLength]).toEqual([0, 16]);
    passed.done();
    expect(b.byteLength).toBe(0);
  });
});

describe('tensors laid over them', () => {
  it('are made when they are asked for, each time anew', () => {
    const { bytes } = file();
    bytes.letGo();
    let made = 0;
    const twice = () => {
      made++;
      return new Uint8Array(8).fill(made);
    };
    const over = overlay(source(bytes), 'made.bin', [
      { name: 'b', shape: [1], dtype: 'F32', data: new Float32Array([1.5]) },
      { name: 'c', shape: [2], dtype: 'F32', data: twice },
    ]);
    expect([made, over.get('c')?.offset, over.names()]).toEqual([0, 16, ['a', 'b', 'c']]);
    const lies = over.buffers.get('made.bin')!;
    expect(keptBytes(lies)).toBe(0);
    expect(lies.subarray(16, 24)).toEqual(new Uint8Array(8).fill(1));
    expect(lies.subarray(20, 24)).toEqual(new Uint8Array(4).fill(2));
    expect(new Float32Array(lies.slice(0, 4).buffer)[0]).toBe(1.5);
    expect(() => lies.subarray(0, 24)).toThrow(RangeError);
  });

  it('fill their shapes, or are refused: at once in memory, when they are made elsewhere', () => {
    const wrong = { name: 'c', shape: [3], dtype: 'F32' as const, data: () => new Uint8Array(8) };
    expect(() => overlay(source(stored), 'made.bin', [wrong])).toThrow(
      /tensor "c": 8 bytes given for F32 \[3\]/,
    );
    const { bytes } = file();
    const over = overlay(source(bytes), 'made.bin', [wrong]);
    expect(() => over.buffers.get('made.bin')!.subarray(0, 12)).toThrow(WeightsError);
    expect(overlay(source(stored), 'made.bin', []).buffers.get('made.bin')).toHaveLength(0);
  });
});
