import { fileKind } from './file-kind.ts';
import { parseNpz } from './npz.ts';
import { notWeights, parseSafetensors } from './safetensors.ts';
import { parseShards } from './shards.ts';
import type { WeightsFile } from './source.ts';
import { parseLegacyTorch, parseTorch } from './torch-file.ts';

/**
 * A weights file of any form that can be read, told by its first bytes: safetensors, the index of several of them,
 * PyTorch's two forms, an archive of NumPy arrays.
 * @param file its name or path, quoted in errors
 * @param beside reads a file of that name that lies beside it, for an index; undefined where it is not there
 * @throws WeightsError for a file of another kind, with the way to open it, and for the first rule that is broken
 */
export function openWeights(
  given: Uint8Array,
  file: string,
  beside?: (name: string) => Uint8Array | undefined,
): WeightsFile {
  // A Buffer of Node's is one of these, too, but its `slice` copies nothing.
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  switch (fileKind(bytes)) {
    case 'torch':
      return parseTorch(bytes, file);
    case 'torch-legacy':
      return parseLegacyTorch(bytes, file);
    case 'npz':
      return parseNpz(bytes, file);
    case 'json-index':
      if (beside) return parseShards(bytes, file, beside);
      throw notWeights(bytes, file);
    default:
      return parseSafetensors(bytes, file);
  }
}
