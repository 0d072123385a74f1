import { expect, it } from 'vitest';
import { notFinite } from './finite.ts';
import { parseSafetensors, writeSafetensors } from './safetensors.ts';

it.each(['F32', 'F16', 'BF16'] as const)(
  'finds NaN and infinities of %s, and takes no large number for one',
  (dtype) => {
    const large = dtype === 'F16' ? 65_504 : 3e38;
    const tensors = [
      { name: 'sound', shape: [4], data: Float32Array.of(0, -large, large, 1e-30), dtype },
      { name: 'ill', shape: [2, 2], data: Float32Array.of(NaN, -Infinity, Infinity, 1), dtype },
    ];
    const file = parseSafetensors(writeSafetensors(tensors));
    expect(notFinite(file)).toEqual([{ tensor: 'ill', nan: 1, infinite: 2, of: 4 }]);
    expect(notFinite(file, ['sound', 'none'])).toEqual([]);
  },
);
