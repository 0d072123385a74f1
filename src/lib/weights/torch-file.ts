import { unpickle } from './pickle.ts';
import { failing, type Fail } from './safetensors.ts';
import type { WeightsFile } from './source.ts';
import { tensorFile } from './tensor-file.ts';
import { ELEMENT_BYTES, Storage, tensorsIn, torchPickle } from './torch-pickle.ts';
import { entryBytes, zipEntries } from './zip.ts';

/*
 * What `torch.save` writes (PyTorch 2.13, torch/serialization.py): since 1.6 a ZIP archive with the pickle `data.pkl`
 * and a file for each storage; before that pickles one after another, and then the storages.
 */

/**
 * The tensors of a PyTorch file, those of dicts in dicts by their keys with dots between them.
 * @throws WeightsError for a broken archive or pickle, and naming what a pickle asks for beyond tensors, dicts, lists,
 *   numbers and strings. Nothing of it is run.
 */
export function parseTorch(bytes: Uint8Array, file = 'model.pth'): WeightsFile {
  const fail: Fail = (rule, tensor, cause) => failing(file)(`(a PyTorch file) ${rule}`, tensor, cause);
  const entries = zipEntries(bytes, fail);
  const pickle = [...entries.keys()].find((name) => /(^|\/)data\.pkl$/.test(name));
  if (pickle === undefined) return fail('no data.pkl is in the archive');
  const root = pickle.slice(0, -'data.pkl'.length);
  const order = entries.get(`${root}byteorder`);
  if (order && new TextDecoder().decode(entryBytes(bytes, order, fail)).trim() !== 'little')
    fail('its values are in big-endian order, which is not read');
  const { value } = unpickle(entryBytes(bytes, entries.get(pickle)!, fail), 0, torchPickle(fail), fail);
  const read = new Map<string, Uint8Array>();
  const bytesOf = ({ key }: Storage): Uint8Array => {
    const entry = entries.get(`${root}data/${key}`);
    if (!entry) return fail(`the storage ${key} is not in the archive`);
    const known = read.get(key) ?? entryBytes(bytes, entry, fail);
    read.set(key, known);
    return known;
  };
  return tensorFile(file, bytes, tensorsIn(value, bytesOf, fail));
}

/** The form before version 1.6. @throws WeightsError as `parseTorch` */
export function parseLegacyTorch(bytes: Uint8Array, file = 'model.pth'): WeightsFile {
  const fail: Fail = (rule, tensor, cause) =>
    failing(file)(`(a PyTorch file of the old form) ${rule}`, tensor, cause);
  const options = torchPickle(fail);
  let at = 0;
  const next = (): unknown => {
    const { value, end } = unpickle(bytes, at, options, fail);
    at = end;
    return value;
  };
  next(); // the magic number, by which the kind was told
  const protocol = next();
  if (protocol !== 1001) fail(`its form has the number ${String(protocol)}; 1001 can be read`);
  const system = next();
  if (system instanceof Map && system.get('little_endian') === false)
    fail('its values are in big-endian order, which is not read');
  const { value, end } = unpickle(bytes, at, options, fail);
  at = end;
  const keys = next();
  if (!Array.isArray(keys)) return fail('the list of its storages is missing');
  const widths = widthsOf(value);
  const places = new Map<string, Uint8Array>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const key of keys.map(String)) {
    if (at + 8 > bytes.length) return fail(`the storage ${key} is missing at the end: the file is cut short`);
    const count = view.getBigUint64(at, true);
    const width = widths.get(key);
    if (width === undefined) return fail(`the storage ${key} belongs to no tensor`);
    const length = count * BigInt(width);
    if (length > BigInt(bytes.length - at - 8))
      return fail(`the storage ${key} should have ${length} bytes, the file ends before: it is cut short`);
    places.set(key, bytes.subarray(at + 8, at + 8 + Number(length)));
    at += 8 + Number(length);
  }
  const bytesOf = ({ key }: Storage) => places.get(key) ?? fail(`the storage ${key} is not in the file`);
  return tensorFile(file, bytes, tensorsIn(value, bytesOf, fail));
}

/** Bytes of an element of each storage that a value names. */
function widthsOf(value: unknown): Map<string, number> {
  const widths = new Map<string, number>();
  const seen = new Set<unknown>();
  const waiting = [value];
  while (waiting.length > 0) {
    const of = waiting.pop();
    if (typeof of !== 'object' || of === null || seen.has(of)) continue;
    seen.add(of);
    if (of instanceof Map) waiting.push(...of.values());
    else if (Array.isArray(of)) for (const one of of) waiting.push(one);
    else if ('storage' in of && of.storage instanceof Storage)
      widths.set(of.storage.key, ELEMENT_BYTES[of.storage.dtype]!);
    else if (of instanceof Storage) widths.set(of.key, ELEMENT_BYTES[of.dtype]!);
  }
  return widths;
}
