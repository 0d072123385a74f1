import { scaleName, withoutEightBits } from './eight-bit.ts';
import { checkTensor, failing, headerLengthOf, parseHeader, SafetensorsFile } from './safetensors.ts';
import type { StoredTensor, WeightSource } from './source.ts';

/**
 * Reads some tensors of a safetensors file while it arrives: give it the bytes so far, again whenever there are more.
 * Whoever writes a file puts them first. The file's header is read once; the digest of the whole is not checked yet.
 * @param names tensors as the file names them; the scales of those in 8 bits are taken along
 * @returns what reads them: undefined while not all of their bytes are here, and ever where the file has no such tensors
 *   or breaks a rule of the format: the whole file will be refused, with the reason
 */
export function firstTensors(
  names: readonly string[],
  file: string,
): (bytes: Uint8Array) => WeightSource | undefined {
  let tensors: ReadonlyMap<string, StoredTensor> | undefined;
  let end = 0;
  const read = (bytes: Uint8Array): WeightSource | undefined => {
    if (!tensors) {
      tensors = entriesOf(bytes, names, file);
      if (!tensors) return undefined;
      end = tensors.size > 0 ? Math.max(...[...tensors.values()].map((t) => t.end)) : Infinity;
    }
    if (bytes.length < end) return undefined;
    const contents = withoutEightBits({ bytes, tensors }, file);
    return new SafetensorsFile(file, contents.bytes, contents.tensors, {});
  };
  return (bytes) => {
    try {
      return read(bytes);
    } catch {
      tensors ??= new Map();
      end = Infinity;
      return undefined;
    }
  };
}

/** Where the tensors lie, with their scales; none where one is missing. Undefined while the header is not here. */
function entriesOf(
  bytes: Uint8Array,
  names: readonly string[],
  file: string,
): ReadonlyMap<string, StoredTensor> | undefined {
  if (bytes.length < 8) return undefined;
  const fail = failing(file);
  const start = 8 + headerLengthOf(bytes, fail);
  if (bytes.length < start) return undefined;
  const header = parseHeader(bytes.subarray(8, start), fail);
  if (!names.every((name) => Object.hasOwn(header, name))) return new Map();
  const wanted = names
    .flatMap((name) => [scaleName(name), name])
    .filter((name) => Object.hasOwn(header, name));
  return new Map(wanted.map((name) => [name, checkTensor(name, header[name], start, Infinity, fail)]));
}
