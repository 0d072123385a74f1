import { openWeights } from '#lib/weights/open.ts';
import { fileKind, type FileKind } from '#lib/weights/file-kind.ts';
import { FileBytes, type ReadRange } from '#lib/weights/distant.ts';
import { sha256 } from '#lib/weights/sha256.ts';
import { withFiles, type WeightsFile } from '#lib/weights/source.ts';
import { checkSize, readWhole, type Readable, type ReadOptions } from './bytes.ts';
import { sortFiles } from './sort.ts';

/** Files of a reader's that were read and understood. */
export interface OpenedFiles {
  readonly weights: WeightsFile;
  readonly kind: FileKind;
  /** Of the file; of several, of the list of their digests and names (as `sha256sum` prints it, sorted by name). */
  readonly sha256: string;
  /** Bytes of the weights, in all files. */
  readonly bytes: number;
  readonly config?: string;
  readonly preprocessor?: string;
  /** The bytes of the files by name, where they can be let go and read again. */
  readonly again: ReadonlyMap<string, FileBytes>;
}

export interface FileProgress {
  readonly loaded: number;
  readonly total: number;
}

/** Descriptions are short; what is longer than this is none. */
const MOST_TEXT = 4e6;

/**
 * Reads the weights of files that were chosen together, and what lies beside them.
 * @param options `ranges`: how ranges of a file are read at once; without it the bytes stay in memory
 * @throws WeightsError for what is no weights file, with what it is and the way to open it; Fault `cancelled`
 */
export async function openFiles(
  files: readonly Readable[],
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: (p: FileProgress) => void;
    readonly ranges?: (file: Readable) => ReadRange | undefined;
  } = {},
): Promise<OpenedFiles> {
  const { main, beside, config, preprocessor } = sortFiles(files);
  const parts = [main, ...beside.values()];
  checkSize(parts);
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  let loaded = 0;
  const reading: ReadOptions = {
    signal: options.signal,
    onBytes: (more) => options.onProgress?.({ loaded: (loaded += more), total }),
  };
  options.onProgress?.({ loaded, total });
  const read = new Map<string, Uint8Array<ArrayBuffer>>();
  const again = new Map<string, FileBytes>();
  for (const part of parts) read.set(part.name, await readWhole(part, reading));
  const bytes = read.get(main.name)!;
  const weights = openWeights(bytes, main.name, (name) => read.get(name));
  for (const part of parts) {
    const ranges = options.ranges?.(part);
    if (ranges) again.set(part.name, new FileBytes(read.get(part.name)!, ranges));
  }
  const known = [...again].map(([name, bytes]) => ({ of: read.get(name)!, bytes }));
  const texts = { config: await textOf(config), preprocessor: await textOf(preprocessor) };
  return {
    weights: known.length > 0 ? withFiles(weights, known) : weights,
    again,
    kind: fileKind(bytes),
    sha256: await digestOf(read),
    bytes: total,
    ...(texts.config !== undefined && { config: texts.config }),
    ...(texts.preprocessor !== undefined && { preprocessor: texts.preprocessor }),
  };
}

async function textOf(file: Readable | undefined): Promise<string | undefined> {
  if (!file || file.size > MOST_TEXT) return undefined;
  return new TextDecoder().decode(await readWhole(file));
}

/** Of one file its SHA-256, of several that of the list of theirs. */
export async function digestOf(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): Promise<string> {
  const lines: string[] = [];
  let last = '';
  for (const [name, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    last = await sha256(bytes);
    lines.push(`${last}  ${name}\n`);
  }
  return files.size === 1 ? last : sha256(new TextEncoder().encode(lines.join('')));
}
