import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { firstTensors } from './safetensors-first.ts';
import { parseSafetensors } from './safetensors.ts';
import { float32Of } from './source.ts';
import { writeSafetensors } from './safetensors-write.ts';

// A file in 8 bits, whose kernel and positions come first.
const bytes = new Uint8Array(readFileSync('models/vit-flexi/model.safetensors'));
const NAMES = ['patch_embed.proj.weight', 'patch_embed.proj.bias', 'pos_embed'];
const header = 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
const END = header + 223_872;

describe('firstTensors', () => {
  it('reads tensors, scales applied, as soon as their last byte is here, and not before', () => {
    const whole = parseSafetensors(bytes);
    const read = firstTensors(NAMES, 'm.safetensors');
    for (const length of [0, 7, 100, header, END - 1])
      expect(read(bytes.subarray(0, length)), `${length}`).toBeUndefined();
    const first = read(bytes.subarray(0, END))!;
    expect([...first.names()].sort()).toEqual([...NAMES].sort());
    for (const name of NAMES) {
      expect(first.get(name)!.shape).toEqual(whole.get(name)!.shape);
      expect(float32Of(first, name)).toEqual(float32Of(whole, name));
    }
    expect(END).toBeLessThan(bytes.length / 15);
  });

  it('gives nothing of a file that names its tensors otherwise, or is none', () => {
    expect(firstTensors(['patch_embed.projection.weight'], 'm.safetensors')(bytes)).toBeUndefined();
    const none = firstTensors(NAMES, 'm.safetensors');
    for (const length of [100, 200]) expect(none(new Uint8Array(length).fill(7))).toBeUndefined();
  });

  it('takes tensors from anywhere in a file without scales', () => {
    const file = writeSafetensors([
      { name: 'a', shape: [2], data: Float32Array.of(1, 2) },
      { name: 'b', shape: [3], data: Float32Array.of(3, 4, 5) },
    ]);
    expect(float32Of(firstTensors(['b'], 'm.safetensors')(file)!, 'b')).toEqual(Float32Array.of(3, 4, 5));
  });
});
