import { Fault } from '#lib/base/errors.ts';

/**
 * Bytes that are not in memory: a range of them is brought when somebody asks for it, and belongs to whoever asked. It is
 * a Uint8Array because the runtime and all that reads weights take one; of its methods `subarray` and `slice` give bytes,
 * and `length` and `byteLength` say how many there would be. There are none behind its indices.
 */
export abstract class DistantBytes extends Uint8Array<ArrayBuffer> {
  readonly #size: number;
  #fault: Fault | undefined;

  constructor(size: number) {
    super(0);
    this.#size = size;
  }

  override get byteLength(): number {
    return this.#size;
  }

  override get length(): number {
    return this.#size;
  }

  /** Why a range could not be brought; whoever caught the error of `subarray` may have lost it. */
  get fault(): Fault | undefined {
    return this.#fault;
  }

  /** A range, brought now. @throws what keeps it from coming */
  override subarray(begin = 0, end = this.#size): Uint8Array<ArrayBuffer> {
    const from = Math.min(begin, this.#size);
    try {
      return this.bring(from, Math.min(Math.max(from, end), this.#size));
    } catch (error) {
      if (error instanceof Fault) this.#fault = error;
      throw error;
    }
  }

  override slice(begin?: number, end?: number): Uint8Array<ArrayBuffer> {
    return this.subarray(begin, end).slice();
  }

  /** Forgets that a range could not be brought. */
  protected mend(): void {
    this.#fault = undefined;
  }

  /** Bytes from `begin` up to `end`, both within the size. */
  protected abstract bring(begin: number, end: number): Uint8Array<ArrayBuffer>;
}

/** Reads bytes of a file from `begin` up to `end`, at once. @throws Fault where they cannot be read any more */
export type ReadRange = (begin: number, end: number) => Uint8Array<ArrayBuffer>;

/** The bytes of a file that can be read again: held in memory until they are let go, then read range by range. */
export class FileBytes extends DistantBytes {
  #held: Uint8Array<ArrayBuffer> | undefined;
  #read: ReadRange;

  constructor(held: Uint8Array<ArrayBuffer>, read: ReadRange) {
    super(held.byteLength);
    this.#held = held;
    this.#read = read;
  }

  /** Bytes it has in memory. */
  get held(): number {
    return this.#held?.byteLength ?? 0;
  }

  /** Reads from now on from the same file as the reader has chosen it again. */
  readBy(read: ReadRange): void {
    this.#read = read;
    this.mend();
  }

  /** Gives the memory back, at once where the browser can: nobody else may have a view of it. */
  letGo(): void {
    const buffer: { transfer?: (size: number) => ArrayBuffer } | undefined = this.#held?.buffer;
    this.#held = undefined;
    buffer?.transfer?.(0);
  }

  protected bring(begin: number, end: number): Uint8Array<ArrayBuffer> {
    return this.#held?.subarray(begin, end) ?? this.#read(begin, end);
  }
}

/** One piece of `MadeBytes`: where it lies, and how it is made. */
export interface Piece {
  readonly begin: number;
  readonly end: number;
  readonly make: () => Uint8Array;
}

/** Bytes that are made of others: a piece is made whenever it is asked for, and kept nowhere. */
export class MadeBytes extends DistantBytes {
  readonly #pieces: readonly Piece[];

  constructor(size: number, pieces: readonly Piece[]) {
    super(size);
    this.#pieces = pieces;
  }

  /** @throws RangeError for a range that lies in no piece */
  protected bring(begin: number, end: number): Uint8Array<ArrayBuffer> {
    const piece = this.#pieces.find((p) => p.begin <= begin && end <= p.end);
    if (!piece) throw new RangeError(`bytes ${begin} to ${end} are of no tensor`);
    const made = piece.make();
    return new Uint8Array(made.buffer as ArrayBuffer, made.byteOffset + begin - piece.begin, end - begin);
  }
}

/** Whether some bytes are brought only when they are asked for. */
export function isDistant(buffers: Iterable<Uint8Array>): boolean {
  for (const buffer of buffers) if (buffer instanceof DistantBytes) return true;
  return false;
}

/** Bytes that a buffer takes in memory. */
export function heldBytes(buffer: Uint8Array): number {
  if (buffer instanceof FileBytes) return buffer.held;
  return buffer instanceof DistantBytes ? 0 : buffer.byteLength;
}

/** Why a file behind some bytes can no longer be read; undefined as long as nobody has failed to. */
export function lostFile(buffers: Iterable<Uint8Array>): Fault | undefined {
  for (const buffer of buffers) if (buffer instanceof DistantBytes && buffer.fault) return buffer.fault;
  return undefined;
}
