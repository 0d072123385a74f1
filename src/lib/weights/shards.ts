import { failing, parseSafetensors, type SafetensorsFile } from './safetensors.ts';
import type { WeightsFile } from './source.ts';

const MOST_SHARDS = 1000;

/**
 * Weights in several safetensors files with an index, `{"weight_map": {tensor: file}}`, as Hugging Face's libraries
 * write them.
 * @param beside reads one of the files, which lie beside the index; undefined where it is not there
 * @throws WeightsError for an index that is none, names that lead elsewhere, and tensors that are not where it says
 */
export function parseShards(
  bytes: Uint8Array,
  file: string,
  beside: (name: string) => Uint8Array | undefined,
): WeightsFile {
  const fail = failing(file);
  let index: unknown;
  try {
    index = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    return fail('the index is not JSON', undefined, cause);
  }
  const map: unknown =
    typeof index === 'object' && index !== null && 'weight_map' in index ? index.weight_map : undefined;
  if (typeof map !== 'object' || map === null || Array.isArray(map))
    return fail('the index has no weight_map');
  const places = Object.entries(map) as [string, unknown][];
  const shards = new Map<string, SafetensorsFile>();
  for (const [tensor, name] of places) {
    if (typeof name !== 'string' || !/^[\w.-]+\.safetensors$/.test(name) || name.startsWith('.'))
      return fail(`the index names ${JSON.stringify(name)}, which is no safetensors file beside it`, tensor);
    if (shards.has(name)) continue;
    if (shards.size >= MOST_SHARDS) fail(`the index names more than ${MOST_SHARDS} files`);
    const shard = beside(name);
    if (!shard) return fail(`the index names ${name}, which is not beside it`, tensor);
    shards.set(name, parseSafetensors(shard, name));
  }
  const held = new Map<string, SafetensorsFile>();
  for (const shard of shards.values())
    for (const tensor of shard.names()) {
      if (held.has(tensor)) fail(`two files have it, ${held.get(tensor)!.file} and ${shard.file}`, tensor);
      held.set(tensor, shard);
    }
  for (const [tensor, name] of places)
    if (held.get(tensor) !== shards.get(String(name)))
      fail(`the index says that it is in ${String(name)}`, tensor);
  return {
    file,
    get: (name) => held.get(name)?.get(name),
    names: () => [...held.keys()],
    buffers: new Map([...shards.values()].flatMap((shard) => [...shard.buffers])),
  };
}
