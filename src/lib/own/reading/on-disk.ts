import { WeightsError } from '#lib/weights/source.ts';

/** What a worker reads a part of a file with, while everything else of it waits; no page and no Node has one. */
interface SyncReader {
  readAsArrayBuffer(part: Blob): ArrayBuffer;
}
const syncReader = (): SyncReader | undefined => {
  const { FileReaderSync: Reader } = globalThis as { readonly FileReaderSync?: new () => SyncReader };
  return Reader && new Reader();
};

/** Whether bytes can stay in their file until a part of them is asked for. */
export const canStayOnDisk = (file: unknown): file is File =>
  typeof File === 'function' && file instanceof File && syncReader() !== undefined;

/**
 * Bytes of a file that stay in it: `subarray` and `slice` read what they are asked for, and nothing else of it can be
 * read. So that weights are not held beside the runtime's copy of them.
 */
export class BytesOnDisk extends Uint8Array<ArrayBuffer> {
  readonly #file: File;
  readonly #reader: SyncReader | undefined = syncReader();
  /** Parts are gone with the next one. */
  readonly #passing: boolean;
  #last: Uint8Array<ArrayBuffer> | undefined;

  constructor(file: File, passing = false) {
    super(new ArrayBuffer(0));
    this.#file = file;
    this.#passing = passing;
    // The array's own lengths, which are 0, stand on its prototype.
    Object.defineProperties(this, { byteLength: { value: file.size }, length: { value: file.size } });
  }

  /** The same for who has done with a part when it asks for the next, so that no more than one is in memory. */
  passing(): BytesOnDisk {
    return new BytesOnDisk(this.#file, true);
  }

  /** @throws WeightsError where the file was moved or changed since it was chosen */
  override subarray(begin = 0, end = this.#file.size): Uint8Array<ArrayBuffer> {
    try {
      const part = this.#reader?.readAsArrayBuffer(this.#file.slice(begin, end));
      if (this.#last) free(this.#last);
      const bytes = new Uint8Array(part ?? new ArrayBuffer(0));
      this.#last = this.#passing ? bytes : undefined;
      return bytes;
    } catch (cause) {
      throw new WeightsError(GONE, { file: this.#file.name }, cause);
    }
  }
  override slice(begin?: number, end?: number): Uint8Array<ArrayBuffer> {
    return this.subarray(begin, end);
  }
}

/** Said of a file that cannot be read any more. */
export const GONE = {
  en: 'the browser can no longer read it: it was moved or changed since it was chosen; choose it again',
  zh: '浏览器已无法读取它：选定之后文件被移动或改动过；请重新选择',
};

/** Gives the memory of bytes back at once, where the browser can; they are gone then. */
export function free(bytes: Uint8Array<ArrayBuffer>): void {
  const { buffer } = bytes as { readonly buffer: { transfer?: (length: number) => ArrayBuffer } };
  buffer.transfer?.(0);
}
