/**
 * A float32 array as a NumPy file (format version 1.0, NEP 1): magic, version, header length, a Python
 * dictionary padded so that the values begin at a multiple of 64, then the values, little-endian, row-major.
 * @throws RangeError if the shape does not hold as many values as `data`
 */
export function npy(data: Float32Array, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const size = shape.reduce((a, b) => a * b, 1);
  if (size !== data.length)
    throw new RangeError(`shape [${shape.join(', ')}] holds ${size} values, not ${data.length}`);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const fixed = 10;
  const header = dictionary.padEnd(Math.ceil((fixed + dictionary.length + 1) / 64) * 64 - fixed - 1) + '\n';
  const out = new Uint8Array(fixed + header.length + size * 4);
  const view = new DataView(out.buffer);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  view.setUint16(8, header.length, true);
  for (let i = 0; i < header.length; i++) out[fixed + i] = header.charCodeAt(i);
  const start = fixed + header.length;
  if (LITTLE) out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  else data.forEach((v, i) => view.setFloat32(start + i * 4, v, true));
  return out;
}

const LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
