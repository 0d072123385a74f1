import { Fault } from '#lib/base/errors.ts';
import { formatBytes } from '#lib/base/format.ts';
import type { ReadRange } from '#lib/weights/distant.ts';
import { WeightsError } from '#lib/weights/source.ts';

/** What is read of a file at a time: a cancel is heard and progress said between two of these. */
const STRETCH = 8 * 1024 * 1024;

/** More than WebAssembly can hold at once (4 GB of addresses). */
export const MOST_BYTES = 4e9;

/** What is needed of a `File`: its bytes, in stretches. */
export interface Readable {
  readonly name: string;
  readonly size: number;
  slice(begin: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** Said of a file that cannot be read any more. */
const GONE = {
  en: 'the browser can no longer read it: it was moved, changed or deleted since it was chosen; choose it again',
  zh: '浏览器已无法读取它：选定之后文件被移动、改动或删除过；请重新选择',
};

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes more are here. */
  readonly onBytes?: (more: number) => void;
}

/**
 * The bytes of a file of the reader's, in one piece.
 * @throws WeightsError for one that is too large, that the browser gives no memory for or can no longer read; Fault `cancelled`
 */
export async function readWhole(
  file: Readable,
  { signal, onBytes }: ReadOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkSize([file]);
  const streamed = await inPlace(file, { signal, onBytes });
  if (streamed) return streamed;
  const bytes = allocate(file);
  for (let at = 0; at < file.size; at += STRETCH) {
    if (signal?.aborted) throw new Fault('cancelled');
    const part = await stretch(file, at);
    bytes.set(new Uint8Array(part), at);
    onBytes?.(part.byteLength);
  }
  if (signal?.aborted) throw new Fault('cancelled');
  return bytes;
}

/** @throws WeightsError for files that are too large together */
export function checkSize(files: readonly { readonly name: string; readonly size: number }[]): void {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size <= MOST_BYTES) return;
  const [has, most] = [formatBytes(size), formatBytes(MOST_BYTES)];
  throw new WeightsError(
    {
      en: `it has ${has}, and a page can hold ${most} at the most; the command line opens it (docs/models.md)`,
      zh: `大小是 ${has}，网页最多只能容纳 ${most}；可以用命令行打开（见 docs/models.md）`,
    },
    { file: files.map(({ name }) => name).join(', ') },
  );
}

function allocate({ name, size }: Readable): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(size);
  } catch (cause) {
    const has = formatBytes(size);
    const said = {
      en: `the browser gives no ${has} of memory for it; close other tabs and try again`,
      zh: `浏览器不肯为它分配 ${has} 内存；请关掉其他标签页再试`,
    };
    throw new WeightsError(said, { file: name }, cause);
  }
}

/**
 * Reads a file straight into the bytes it is to have, so that nothing lies in memory twice; undefined where the browser
 * cannot.
 */
async function inPlace(
  file: Readable,
  { signal, onBytes }: ReadOptions,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  let reader: ReadableStreamBYOBReader;
  try {
    if (!(file instanceof Blob)) return undefined;
    reader = file.stream().getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
  let bytes = allocate(file);
  for (let at = 0; at < file.size;) {
    if (signal?.aborted) {
      void reader.cancel().catch(() => {});
      throw new Fault('cancelled');
    }
    const { value } = await reader
      .read(new Uint8Array(bytes.buffer, at, Math.min(STRETCH, file.size - at)))
      .catch((cause: unknown) => {
        throw new WeightsError(GONE, { file: file.name, gone: 'gone' }, cause);
      });
    // What is read into is taken along: the same memory under another name.
    if (!value || value.byteLength === 0) throw new WeightsError(GONE, { file: file.name, gone: 'gone' });
    bytes = new Uint8Array(value.buffer);
    at += value.byteLength;
    onBytes?.(value.byteLength);
  }
  if (signal?.aborted) throw new Fault('cancelled');
  return bytes;
}

async function stretch(file: Readable, at: number): Promise<ArrayBuffer> {
  try {
    return await file.slice(at, Math.min(file.size, at + STRETCH)).arrayBuffer();
  } catch (cause) {
    throw new WeightsError(GONE, { file: file.name, gone: 'gone' }, cause);
  }
}

/** `FileReaderSync`, which workers alone have. */
interface SyncReader {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}

/**
 * Reads ranges of a file at once, as only a worker can; undefined where the browser cannot, or it is no file of a browser's.
 * What it returns throws WeightsError where the file can no longer be read.
 */
export function rangesOf(file: Readable): ReadRange | undefined {
  const { FileReaderSync: Reader } = globalThis as { FileReaderSync?: new () => SyncReader };
  if (!Reader || !(file instanceof Blob)) return undefined;
  const reader = new Reader();
  const blob: Blob = file;
  return (begin, end) => {
    const gone = (cause?: unknown) => new WeightsError(GONE, { file: file.name, gone: 'gone' }, cause);
    let part: ArrayBuffer;
    try {
      part = reader.readAsArrayBuffer(blob.slice(begin, end));
    } catch (cause) {
      throw gone(cause);
    }
    if (part.byteLength !== end - begin) throw gone();
    return new Uint8Array(part);
  };
}
