import { sizeOf } from '#lib/base/tensor.ts';
import { DTYPE_BYTES, type WeightDType } from './dtype.ts';
import { WeightsError, type WeightEntry, type WeightsFile } from './source.ts';

/** One tensor as a file has it. `dtype` in safetensors' names; F32, F16 and BF16 can be read, F64 is rounded to F32. */
export interface FoundTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Its values, row-major, little-endian: a view of the file where they lie there so. */
  readonly data: Uint8Array;
}

/**
 * A weights file of a form other than safetensors: tensors that lie in the file stay there, others have buffers of their own.
 * @param file the name it was opened under
 * @throws WeightsError for a name twice, or values that do not fill a shape
 */
export function tensorFile(file: string, bytes: Uint8Array, tensors: Iterable<FoundTensor>): WeightsFile {
  const whole = file.replace(/^.*[/\\]/, '');
  const buffers = new Map<string, Uint8Array>();
  const entries = new Map<string, WeightEntry>();
  const others = new Map<string, string>();
  for (const { name, dtype, shape, data } of tensors) {
    if (entries.has(name) || others.has(name))
      throw new WeightsError('the name occurs twice', { file, tensor: name });
    const double = dtype === 'F64';
    if (!double && !(dtype in DTYPE_BYTES)) {
      others.set(name, dtype);
      continue;
    }
    const values = double ? rounded(data) : data;
    const type = (double ? 'F32' : dtype) as WeightDType;
    const length = sizeOf(shape) * DTYPE_BYTES[type];
    if (values.byteLength !== length) {
      const rule = `${type} [${shape.join(', ')}] takes ${length} bytes, ${values.byteLength} are there`;
      throw new WeightsError(rule, { file, tensor: name });
    }
    const inside = values.buffer === bytes.buffer && values.byteOffset >= bytes.byteOffset;
    const buffer = inside ? whole : `${whole}.${buffers.size}`;
    buffers.set(buffer, inside ? bytes : values);
    entries.set(name, {
      dtype: type,
      shape,
      file: buffer,
      offset: inside ? values.byteOffset - bytes.byteOffset : 0,
      length,
    });
  }
  return {
    file,
    names: () => [...entries.keys(), ...others.keys()],
    buffers,
    get(name) {
      const other = others.get(name);
      if (other === undefined) return entries.get(name);
      const rule = `its element type is ${other}; F32, F16, BF16 and F64 can be read`;
      throw new WeightsError(rule, { file, tensor: name });
    },
  };
}

function rounded(bytes: Uint8Array): Uint8Array {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const values = Float32Array.from(
    new Float64Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 3),
  );
  return new Uint8Array(values.buffer);
}
