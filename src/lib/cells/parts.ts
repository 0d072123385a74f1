import { MOST_VALUES, type FromSandbox, type Result } from './messages.ts';

/**
 * Bytes of one message. The page's main thread takes a message in within one task, which copies it twice: about 6 ms for
 * these. A tensor or a picture of more bytes comes in several messages.
 */
export const PART_BYTES = 4e6;
/** Most bytes that may wait for the message they belong to: two tensors of the largest size. */
const MOST_WAITING = 2 * 4 * MOST_VALUES;

type Numbers = Float32Array | Uint8ClampedArray;

/** Some numbers of a large result. Those of one bundle are put together in the order in which they come. */
export interface Part {
  readonly say: 'part';
  readonly bundle: number;
  /** Of the whole. */
  readonly length: number;
  readonly part: Numbers;
}
/** What stands in the place of a large result's numbers: the bundle whose parts came before. */
interface InParts {
  readonly bundle: number;
}

const isNumbers = (of: unknown): of is Numbers =>
  of instanceof Float32Array || of instanceof Uint8ClampedArray;

/** The numbers of a result that may be many, and the result with something else in their place. */
function numbersOf(result: Result): { of: Numbers; without: (said: InParts) => unknown } | undefined {
  if (result.is === 'tensor') {
    const { tensor } = result;
    return { of: tensor.values, without: (values) => ({ is: 'tensor', tensor: { ...tensor, values } }) };
  }
  if (result.is === 'picture') {
    const { picture } = result;
    return { of: picture.data, without: (data) => ({ is: 'picture', picture: { ...picture, data } }) };
  }
  return undefined;
}

let bundles = 0;

/**
 * What is sent for a message, in this order: parts of its large results, then the message without their numbers.
 * @param most bytes of a part
 */
export function* inParts(message: FromSandbox, most = PART_BYTES): Generator<unknown> {
  if (message.say !== 'shows') return yield message;
  const shown: unknown[] = [];
  for (const one of message.shown) {
    const numbers = numbersOf(one.result);
    if (!numbers || numbers.of.byteLength <= most) {
      shown.push(one);
      continue;
    }
    const { of: whole, without } = numbers;
    const bundle = ++bundles;
    const step = most / whole.BYTES_PER_ELEMENT;
    for (let at = 0; at < whole.length; at += step)
      yield {
        say: 'part',
        bundle,
        length: whole.length,
        part: whole.slice(at, at + step),
      } satisfies Part;
    shown.push({ ...one, result: without({ bundle }) });
  }
  yield { ...message, shown };
}

/** Parts that have come, until the message that names them. */
export class Bundles {
  readonly #open = new Map<number, { readonly whole: Numbers; filled: number }>();
  #waiting = 0;

  /** Whether this was a part. One that does not fit is not kept, and so its whole will be missing. */
  take(of: unknown): boolean {
    if (typeof of !== 'object' || of === null) return false;
    const { say, bundle, length, part } = of as Partial<Part>;
    if (say !== 'part') return false;
    if (typeof bundle !== 'number' || !isNumbers(part)) return true;
    const open = this.#open.get(bundle) ?? this.#begun(bundle, length, part);
    if (!open || open.filled + part.length > open.whole.length) return true;
    open.whole.set(part, open.filled);
    open.filled += part.length;
    return true;
  }
  #begun(bundle: number, length: unknown, { BYTES_PER_ELEMENT, constructor }: Numbers) {
    if (typeof length !== 'number' || !Number.isInteger(length) || length < 0) return undefined;
    if (this.#waiting + length * BYTES_PER_ELEMENT > MOST_WAITING) return undefined;
    this.#waiting += length * BYTES_PER_ELEMENT;
    const whole = constructor === Float32Array ? new Float32Array(length) : new Uint8ClampedArray(length);
    const open = { whole, filled: 0 };
    this.#open.set(bundle, open);
    return open;
  }
  /** Numbers as they were before they were cut, or as they came; undefined where a part is missing. */
  whole(of: unknown): unknown {
    if (typeof of !== 'object' || of === null || isNumbers(of)) return of;
    const { bundle } = of as Partial<InParts>;
    const open = typeof bundle === 'number' ? this.#open.get(bundle) : undefined;
    return open && open.filled === open.whole.length ? open.whole : undefined;
  }
  /** A message has been read: what came before it belongs to no other. */
  clear(): void {
    this.#open.clear();
    this.#waiting = 0;
  }
}
