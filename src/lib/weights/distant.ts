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
    super(new ArrayBuffer(0));
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

  /** Bytes that are made of these: no more in memory than they are. */
  made(size: number, pieces: readonly Piece[]): DistantBytes {
    return new MadeBytes(size, pieces);
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

/** Whether whoever asks for bytes now is done with them before anything else happens. */
let lending = false;

/**
 * Does some work for which held bytes are lent, not copied: it is done with every range it asks for when it ends, or has
 * copied it. The work is no promise, so nothing else runs meanwhile.
 */
export function lent<T>(work: () => T): T {
  const before = lending;
  lending = true;
  try {
    return work();
  } finally {
    lending = before;
  }
}

/**
 * The bytes of a file that can be read again: held in memory until they are let go, then read range by range. A range
 * belongs to whoever asked for it, also while the bytes are held: it is a copy then, or a view where it is lent.
 */
export class FileBytes extends DistantBytes {
  #held: Uint8Array<ArrayBuffer> | undefined;
  #read: ReadRange;
  /** Bytes that were lent since `awaitTaker`. */
  #lent = 0;

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

  /** They are held for whoever is to take them: `isTaken` counts from here. */
  awaitTaker(): void {
    this.#lent = 0;
  }

  /** Most of them were lent: they are where they were to go. */
  get isTaken(): boolean {
    return this.#lent >= this.held / 2;
  }

  /** Gives the memory back, at once; what was lent of it has no bytes any more. */
  letGo(): void {
    if (this.#held) giveBack(this.#held);
    this.#held = undefined;
  }

  /** Whether a range that it gives belongs to whoever asked for it. */
  get isFresh(): boolean {
    return this.#held === undefined;
  }

  protected bring(begin: number, end: number): Uint8Array<ArrayBuffer> {
    if (!this.#held) return this.#read(begin, end);
    if (!lending) return this.#held.slice(begin, end);
    this.#lent += end - begin;
    return this.#held.subarray(begin, end);
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

/**
 * The same bytes for a taker who copies each range before the next is asked for, as the runtime does: what is held is lent
 * to him until he has half of it, and the memory of a range that was read from a file is given back.
 */
export class PassedOn extends DistantBytes {
  readonly #of: DistantBytes;
  #last: Uint8Array<ArrayBuffer> | undefined;

  constructor(of: DistantBytes) {
    super(of.byteLength);
    this.#of = of;
  }

  protected bring(begin: number, end: number): Uint8Array<ArrayBuffer> {
    this.done();
    // Else the taker's copy and what is held would both be whole for a moment: the rest is read again.
    if (this.#of instanceof FileBytes && this.#of.isTaken) this.#of.letGo();
    const bytes = lent(() => this.#of.subarray(begin, end));
    if (this.#of instanceof FileBytes && this.#of.isFresh) this.#last = bytes;
    return bytes;
  }

  /** All that was asked for is copied. */
  done(): void {
    if (this.#last) giveBack(this.#last);
    this.#last = undefined;
  }
}

/**
 * Frees memory without waiting for the collector, which counts no bytes that the browser holds: sent to nobody, the buffer
 * is gone with its message. Measured in Chromium; `transfer(0)` leaves the bytes where they are.
 */
function giveBack({ buffer }: Uint8Array<ArrayBuffer>): void {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(null, [buffer]);
  port1.close();
  port2.close();
}

/** Bytes that a buffer takes in memory as long as it is kept; those of a file are let go after a while. */
export function keptBytes(buffer: Uint8Array): number {
  return buffer instanceof DistantBytes ? 0 : buffer.byteLength;
}

/** Lets go of what is still held of the files behind some bytes. */
export function letGo(buffers: Iterable<Uint8Array>): void {
  for (const buffer of buffers) if (buffer instanceof FileBytes) buffer.letGo();
}

/**
 * The same where most of it was taken: a session of a whole network. One that ends after the first block takes little, and
 * the next takes the rest.
 */
export function letGoOfTaken(buffers: Iterable<Uint8Array>): void {
  for (const buffer of buffers) if (buffer instanceof FileBytes && buffer.isTaken) buffer.letGo();
}

/** Why a file behind some bytes can no longer be read; undefined as long as nobody has failed to. */
export function lostFile(buffers: Iterable<Uint8Array>): Fault | undefined {
  for (const buffer of buffers) if (buffer instanceof DistantBytes && buffer.fault) return buffer.fault;
  return undefined;
}
