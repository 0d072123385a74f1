import { describe, expect, it } from 'vitest';
import { parseSafetensors } from './safetensors.ts';

type Stored = Record<string, { dtype: string; shape: number[]; data: ArrayBufferView }>;

/** A safetensors file of tensors of any element type. */
function file(tensors: Stored): Uint8Array {
  const parts = Object.values(tensors).map(
    ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );
  let end = 0;
  const header = Object.entries(tensors).map(([name, { dtype, shape, data }]) => [
    name,
    { dtype, shape, data_offsets: [end, (end += data.byteLength)] },
  ]);
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const bytes = new Uint8Array(8 + json.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  let at = 8 + json.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const weight = { dtype: 'I8', shape: [2, 3], data: Int8Array.of(-127, 0, 1, 127, 64, -3) };
const scale = { dtype: 'F32', shape: [2], data: Float32Array.of(0.5, 0.001) };
const bias = { dtype: 'F16', shape: [3], data: Uint16Array.of(0x3c00, 0xc000, 0x0000) };
const ids = { dtype: 'I64', shape: [1], data: BigInt64Array.of(7n) };

describe('weights in 8 bits a value', () => {
  it('are halves once the file is open: value times scale of the channel, rounded to nearest', () => {
    const read = parseSafetensors(file({ w: weight, 'w.scale': scale, bias, ids }));
    expect(read.names()).toEqual(['w', 'bias', 'ids']);
    expect(read.get('w')).toMatchObject({ dtype: 'F16', shape: [2, 3], length: 12 });
    expect([...read.float32('w').subarray(0, 3)]).toEqual([-63.5, 0, 0.5]);
    // 127 · 0.001 as a float32 is 0.127; the nearest halves to it and to 0.064 and −0.003, in steps of 2⁻¹³, 2⁻¹⁴, 2⁻¹⁹.
    const nearest = (x: number, step: number) => Math.round(x / step) * step;
    expect([...read.float32('w').subarray(3)]).toEqual([
      nearest(0.127, 2 ** -13),
      nearest(0.064, 2 ** -14),
      nearest(-0.003, 2 ** -19),
    ]);
    expect([...read.float32('bias')]).toEqual([1, -2, 0]);
    expect(read.get('w.scale')).toBeUndefined();
    // One buffer holds all, each tensor at a multiple of 16 bytes.
    expect(read.buffers.size).toBe(1);
    expect(read.get('bias')!.offset % 16).toBe(0);
  });

  it('may have their scales in F16, and any number of dimensions', () => {
    const kernel = { dtype: 'I8', shape: [2, 1, 1, 3], data: weight.data };
    const halves = { dtype: 'F16', shape: [2], data: Uint16Array.of(0x3800, 0x3c00) };
    const read = parseSafetensors(file({ 'k.scale': halves, k: kernel }));
    expect([...read.float32('k')]).toEqual([-63.5, 0, 0.5, 127, 64, -3]);
  });

  it('stay what they are without scales, and cannot be read then', () => {
    const read = parseSafetensors(file({ w: weight, bias }), 'f.safetensors');
    expect(read.names()).toEqual(['w', 'bias']);
    expect(() => read.get('w')).toThrow('f.safetensors, tensor "w": its element type is I8');
  });

  it('leave a tensor alone that only has such a name beside 16 or 32 bits', () => {
    const bytes = file({ bias, 'bias.scale': scale });
    const read = parseSafetensors(bytes);
    expect(read.names()).toEqual(['bias', 'bias.scale']);
    expect([...read.buffers.values()][0]).toBe(bytes);
  });

  it.each([
    [{ ...scale, shape: [1, 2] }, 'its shape is [1, 2], one scale a channel is [2]'],
    [{ ...scale, shape: [1], data: Float32Array.of(1) }, 'its shape is [1], one scale a channel is [2]'],
    [{ dtype: 'I8', shape: [2], data: Int8Array.of(1, 2) }, 'its element type is I8; F32 and F16 can scale'],
  ])('are refused with scales that do not fit: %o', (wrong, rule) => {
    const bytes = file({ w: weight, 'w.scale': wrong });
    expect(() => parseSafetensors(bytes, 'f.safetensors')).toThrow(
      `f.safetensors, tensor "w.scale": ${rule}`,
    );
  });
});
