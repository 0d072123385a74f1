import { Fault } from '#lib/base/errors.ts';

/** What an `index.json` beside a model says of the table of embeddings there. */
export interface IndexFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Ids of gallery pictures, in the order of the rows of `photos`. */
  readonly photos: readonly string[];
}

/**
 * Reads index.json: `{ "file", "bytes", "sha256", "photos": [ids] }`.
 * @throws Fault `config-invalid`, naming the field
 */
export function readIndexFile(json: string, name: string): IndexFile {
  const invalid = (field: string, rule: string, cause?: unknown) =>
    new Fault('config-invalid', { file: name, field, rule }, cause);
  let found: Readonly<Record<string, unknown>>;
  try {
    found = Object(JSON.parse(json)) as Record<string, unknown>;
  } catch (cause) {
    throw invalid('', 'is not JSON', cause);
  }
  const { file, bytes, sha256, photos } = found;
  if (typeof file !== 'string' || !/^[\w-]+\.safetensors$/.test(file))
    throw invalid('file', 'must be a file beside it');
  if (typeof bytes !== 'number' || !Number.isInteger(bytes) || bytes < 8)
    throw invalid('bytes', 'must be its size');
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256))
    throw invalid('sha256', 'must be its digest');
  if (!Array.isArray(photos) || !photos.every((id) => typeof id === 'string'))
    throw invalid('photos', 'must be ids');
  return { file, bytes, sha256, photos };
}
