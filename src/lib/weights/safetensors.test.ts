import { describe, expect, it } from 'vitest';
import { parseSafetensors, writeSafetensors } from './safetensors.ts';
import { WeightsError } from './source.ts';

/** A file with the given header text and data bytes. */
function raw(header: string | object, data = new Uint8Array(0)): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(data, 8 + json.length);
  return file;
}

function ruleOf(bytes: Uint8Array): { tensor: unknown; message: string } {
  try {
    parseSafetensors(bytes, 'f.safetensors');
  } catch (e) {
    expect(e).toBeInstanceOf(WeightsError);
    const error = e as WeightsError;
    return { tensor: error.details.tensor, message: error.message };
  }
  throw new Error('the file was accepted');
}

const f32 = (...shape: number[]) => ({ dtype: 'F32', shape });

describe('parseSafetensors', () => {
  it('reads what writeSafetensors writes, F32 as views', () => {
    const values = Float32Array.from([0, 1, -2.5, 1e-8, 65504, Infinity]);
    const file = writeSafetensors(
      [
        { name: 'a', shape: [2, 3], data: values },
        { name: 'h', shape: [6], data: values, dtype: 'F16' },
        { name: 'b', shape: [1, 6], data: values, dtype: 'BF16' },
        { name: 'scalar', shape: [], data: Float32Array.of(7) },
        { name: 'empty', shape: [0, 4], data: new Float32Array(0) },
      ],
      { made: 'here' },
    );
    const parsed = parseSafetensors(file, 'f.safetensors');
    expect(parsed.names()).toEqual(['a', 'h', 'b', 'scalar', 'empty']);
    expect(parsed.metadata).toEqual({ made: 'here' });
    expect(parsed.float32('a')).toEqual(values);
    expect(parsed.float32('a').buffer).toBe(file.buffer);
    expect([...parsed.float32('h')]).toEqual([0, 1, -2.5, 0, 65504, Infinity]);
    expect(parsed.float32('b')[2]).toBe(-2.5);
    expect(parsed.float32('scalar')[0]).toBe(7);
    expect(parsed.float32('empty').length).toBe(0);
    const entry = parsed.get('h')!;
    expect(parsed.buffers.get(entry.file)).toBe(file);
    expect(entry).toMatchObject({ dtype: 'F16', shape: [6], length: 12 });
    expect(parsed.get('nothing')).toBeUndefined();
  });

  it('reads F32 that does not lie at a multiple of four bytes', () => {
    const bytes = new Uint8Array(Float32Array.of(3.25, -1).buffer);
    for (let pad = 0; pad < 4; pad++) {
      const header = JSON.stringify({ a: { ...f32(2), data_offsets: [0, 8] } }) + ' '.repeat(pad);
      expect([...parseSafetensors(raw(header, bytes)).float32('a')]).toEqual([3.25, -1]);
    }
  });

  it('calls its buffer by the file’s name alone, whatever path it was opened under', () => {
    const bytes = writeSafetensors([{ name: 'a', shape: [1], data: Float32Array.of(1) }]);
    for (const path of ['/tmp/x/w.safetensors', 'w.safetensors', 'C:\\x\\w.safetensors']) {
      const parsed = parseSafetensors(bytes, path);
      expect([...parsed.buffers.keys()]).toEqual(['w.safetensors']);
      expect(parsed.get('a')!.file).toBe('w.safetensors');
      expect(() => parsed.tensor('b')).toThrow(`${path}, tensor "b"`);
    }
  });

  it('rejects another element type only when that tensor is asked for', () => {
    const file = raw(
      { ids: { dtype: 'I64', shape: [1], data_offsets: [0, 8] }, a: { ...f32(1), data_offsets: [8, 12] } },
      new Uint8Array(12),
    );
    const parsed = parseSafetensors(file, 'f.safetensors');
    expect(parsed.float32('a')[0]).toBe(0);
    expect(() => parsed.get('ids')).toThrow('f.safetensors, tensor "ids": its element type is I64');
    expect(() => parsed.tensor('zz')).toThrow('tensor "zz": there is no tensor of that name');
  });

  it.each<[string, Uint8Array, string | undefined, RegExp]>([
    ['an empty file', new Uint8Array(3), undefined, /3 bytes/],
    ['a header longer than the file', raw('{}').subarray(0, 9), undefined, /ends after 1/],
    [
      'a text file',
      new TextEncoder().encode('<!doctype html><html>'),
      undefined,
      /web page \(HTML\), not weights/,
    ],
    ['a header that is not UTF-8', raw('{}').fill(0xff, 8), undefined, /not UTF-8/],
    ['a header that is not JSON', raw('{"a":'), undefined, /not JSON/],
    ['a header that is a list', raw('[]'), undefined, /not a JSON object/],
    ['metadata that is no string', raw({ __metadata__: { n: 1 } }), undefined, /"n" is not a string/],
    [
      'an unknown dtype',
      raw({ a: { dtype: 'F7', shape: [1], data_offsets: [0, 1] } }, new Uint8Array(1)),
      'a',
      /"F7" is unknown/,
    ],
    [
      'a prototype name as dtype',
      raw({ a: { dtype: 'toString', shape: [], data_offsets: [0, 0] } }),
      'a',
      /unknown/,
    ],
    ['a negative size', raw({ a: { ...f32(-1), data_offsets: [0, 0] } }), 'a', /not a list of sizes/],
    [
      'a size that is no integer',
      raw({ a: { ...f32(1.5), data_offsets: [0, 6] } }, new Uint8Array(6)),
      'a',
      /sizes/,
    ],
    ['one offset', raw({ a: { ...f32(1), data_offsets: [0] } }), 'a', /two byte positions/],
    [
      'offsets in reverse',
      raw({ a: { ...f32(1), data_offsets: [4, 0] } }, new Uint8Array(4)),
      'a',
      /before they begin/,
    ],
    [
      'a truncated file',
      raw({ a: { ...f32(4), data_offsets: [0, 16] } }, new Uint8Array(12)),
      'a',
      /cut short/,
    ],
    [
      'a size that is not shape × dtype',
      raw({ a: { ...f32(4), data_offsets: [0, 12] } }, new Uint8Array(12)),
      'a',
      /takes 16 bytes, its offsets span 12/,
    ],
    [
      'an overlap',
      raw(
        { a: { ...f32(2), data_offsets: [0, 8] }, b: { ...f32(2), data_offsets: [4, 12] } },
        new Uint8Array(12),
      ),
      'b',
      /overlap those of tensor "a"/,
    ],
    ['a gap', raw({ a: { ...f32(1), data_offsets: [4, 8] } }, new Uint8Array(8)), 'a', /4 bytes before it/],
    [
      'bytes at the end',
      raw({ a: { ...f32(1), data_offsets: [0, 4] } }, new Uint8Array(9)),
      undefined,
      /5 bytes at the end/,
    ],
    [
      'a name twice',
      raw(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}, "\\u0061" : {"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
        new Uint8Array(8),
      ),
      'a',
      /occurs twice/,
    ],
  ])('rejects %s', (_, bytes, tensor, rule) => {
    const got = ruleOf(bytes);
    expect(got.tensor).toBe(tensor);
    expect(got.message).toMatch(rule);
    expect(got.message).toMatch(/^f\.safetensors/);
  });

  it('does not take nested keys or values for repeated names', () => {
    const tensors = ['shape', 'dtype', 'x'].map((name) => ({ name, shape: [1], data: Float32Array.of(1) }));
    expect(parseSafetensors(writeSafetensors(tensors, { shape: 'x', x: 'shape' })).names()).toEqual([
      'shape',
      'dtype',
      'x',
    ]);
  });
});

describe('writeSafetensors', () => {
  it('refuses values that do not fill the shape, and a name twice', () => {
    const a = { name: 'a', shape: [2], data: Float32Array.of(1, 2) };
    expect(() => writeSafetensors([{ ...a, shape: [3] }])).toThrow(
      'tensor "a": F32 [3] takes 12 bytes, 8 given',
    );
    expect(() => writeSafetensors([a, a])).toThrow('given twice');
  });
});
