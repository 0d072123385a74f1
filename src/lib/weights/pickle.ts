import type { Fail } from './safetensors.ts';

/*
 * A pickle read as data: dicts, lists, numbers, strings, and what the caller makes of a few names. The machine of
 * Python's `pickletools` (protocols 2 to 5) without everything that could run code: a name that the caller does not
 * know is refused before it is called, classes are never made.
 */

/** A dict of Python, and any object that is one at heart. */
export type PickleDict = Map<string | number | boolean, PickleValue>;
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleDict
  | PickleValue[]
  | Named
  | Opaque
  | object;

/** What a pickle calls by its name. `call` makes a value of the arguments; absent: it may be named, not called. */
export class Named {
  readonly name: string;
  readonly call: ((args: readonly PickleValue[]) => PickleValue) | undefined;
  constructor(name: string, call?: (args: readonly PickleValue[]) => PickleValue) {
    this.name = name;
    this.call = call;
  }
}

/** An object that says nothing of weights, such as a number of NumPy's. */
export class Opaque {
  readonly opaque = true;
}

export interface PickleOptions {
  /** What a name stands for; undefined: it is refused. */
  readonly named: (name: string) => Named | undefined;
  /** What a reference to something outside the pickle stands for. */
  readonly outside: (id: PickleValue) => PickleValue;
}

const MOST_DEPTH = 200;
const MOST_NUMBER = 1024;

/**
 * Reads one pickle.
 * @param at where it begins
 * @returns its value, and where it ends
 * @throws what `fail` throws, with the byte and the rule
 */
export function unpickle(
  bytes: Uint8Array,
  at: number,
  options: PickleOptions,
  fail: Fail,
): { readonly value: PickleValue; readonly end: number } {
  return new Machine(bytes, at, options, fail).run();
}

const MARK = Symbol('mark');
type Slot = PickleValue | typeof MARK;

class Machine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #options: PickleOptions;
  readonly #fail: Fail;
  readonly #stack: Slot[] = [];
  readonly #memo = new Map<number, PickleValue>();
  #marks = 0;
  #at: number;

  constructor(bytes: Uint8Array, at: number, options: PickleOptions, fail: Fail) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
    this.#options = options;
    this.#fail = fail;
  }

  run(): { value: PickleValue; end: number } {
    for (;;) {
      const begin = this.#at;
      const code = this.#take(1)[0]!;
      if (code === 0x2e) return { value: this.#pop(), end: this.#at };
      const operation = OPERATIONS[code];
      if (!operation)
        this.#broken(`the operation 0x${code.toString(16).padStart(2, '0')} is not allowed`, begin);
      operation!(this);
    }
  }

  #broken(rule: string, at = this.#at): never {
    return this.#fail(`byte ${at} of its pickle: ${rule}`);
  }

  #take(count: number): Uint8Array {
    const end = this.#at + count;
    if (!(end <= this.#bytes.length)) this.#broken(`${count} bytes should follow, the pickle ends before`);
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** A whole number of 1, 2, 4 or 8 bytes, little-endian. */
  size(width: 1 | 2 | 4 | 8): number {
    const at = this.#at;
    this.#take(width);
    if (width === 1) return this.#view.getUint8(at);
    if (width === 2) return this.#view.getUint16(at, true);
    if (width === 4) return this.#view.getUint32(at, true);
    const value = this.#view.getBigUint64(at, true);
    if (value > BigInt(this.#bytes.length))
      this.#broken(`a length of ${value} is more than the file has`, at);
    return Number(value);
  }

  int32(): number {
    const at = this.#at;
    this.#take(4);
    return this.#view.getInt32(at, true);
  }

  float(): number {
    const at = this.#at;
    this.#take(8);
    return this.#view.getFloat64(at, false);
  }

  /** A number of any size, two's complement, little-endian. */
  long(length: number): number | bigint {
    if (length > MOST_NUMBER) this.#broken(`a number of ${length} bytes`);
    let value = 0n;
    const digits = this.#take(length);
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(digits[i]!);
    if (length > 0 && digits[length - 1]! >= 128) value -= 1n << BigInt(8 * length);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  bytes(length: number): Uint8Array {
    return this.#take(length);
  }

  text(length: number): string {
    return new TextDecoder().decode(this.#take(length));
  }

  line(): string {
    const end = this.#bytes.indexOf(10, this.#at);
    if (end < 0) this.#broken('a line has no end');
    const text = new TextDecoder().decode(this.#bytes.subarray(this.#at, end));
    this.#at = end + 1;
    return text;
  }

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  mark(): void {
    if (++this.#marks > MOST_DEPTH) this.#broken(`more than ${MOST_DEPTH} things lie in each other`);
    this.#stack.push(MARK);
  }

  #pop(): PickleValue {
    const value = this.#stack.pop();
    if (value === undefined || value === MARK) return this.#broken('nothing is there to be taken');
    return value as PickleValue;
  }
  pop(): PickleValue {
    return this.#pop();
  }

  top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined || value === MARK) return this.#broken('nothing is there to be taken');
    return value as PickleValue;
  }

  /** What lies above the last mark. */
  toMark(): PickleValue[] {
    const at = this.#stack.lastIndexOf(MARK);
    if (at < 0) this.#broken('a mark is missing');
    this.#marks--;
    const taken = this.#stack.splice(at);
    return taken.slice(1) as PickleValue[];
  }

  few(count: number): PickleValue[] {
    const list = Array.from({ length: count }, () => this.#pop());
    return list.reverse();
  }

  put(key: number): void {
    this.#memo.set(key, this.top());
  }
  memoize(): void {
    this.put(this.#memo.size);
  }

  get(key: number): void {
    const value = this.#memo.get(key);
    if (value === undefined) this.#broken(`what it calls ${key} is not there`);
    this.push(value!);
  }

  append(values: readonly PickleValue[]): void {
    const list = this.top();
    if (list instanceof Opaque) return;
    if (!Array.isArray(list)) return this.#broken('a list is needed to append to');
    for (const value of values) list.push(value);
  }

  setItems(pairs: readonly PickleValue[]): void {
    const dict = this.top();
    if (dict instanceof Opaque) return;
    if (!(dict instanceof Map)) return this.#broken('a dict is needed to set a key of');
    if (pairs.length % 2 !== 0) this.#broken('a key has no value');
    for (let i = 0; i < pairs.length; i += 2) {
      const key = pairs[i];
      if (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'boolean')
        return this.#broken('a key is neither a string nor a number');
      (dict as PickleDict).set(key, pairs[i + 1]!);
    }
  }

  named(name: string): void {
    const found = this.#options.named(name);
    if (!found)
      this.#fail(
        `its pickle asks for ${JSON.stringify(name).slice(1, -1)}, which a file of weights does not need; nothing of it was run: save the tensors alone (torch.save(model.state_dict(), …))`,
      );
    this.push(found!);
  }

  call(): void {
    const args = this.#pop();
    const callee = this.#pop();
    if (!Array.isArray(args)) return this.#broken('arguments are no tuple');
    if (!(callee instanceof Named)) return this.#broken('what is called is no name');
    if (!callee.call)
      this.#fail(`its pickle calls ${callee.name}, which may only be named; nothing of it was run`);
    this.push(callee.call!(args as PickleValue[]));
  }

  /** The state of an object: of a dict of arguments it is the dict itself, of all else it says nothing of weights. */
  build(): void {
    this.#pop();
    this.top();
  }

  outside(): void {
    this.push(this.#options.outside(this.#pop()));
  }

  /** A number as text. */
  decimal(text: string): number | bigint | boolean {
    if (text === '00' || text === '01') return text === '01';
    if (!/^[+-]?\d{1,300}L?$/.test(text)) return this.#broken(`"${text.slice(0, 20)}" is no number`);
    const value = BigInt(text.replace('L', ''));
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
}

type Operation = (m: Machine) => void;

/** Operations by their codes (CPython, `pickletools.opcodes`). Those that make objects of classes are not among them. */
const OPERATIONS: Readonly<Record<number, Operation>> = {
  0x80: (m) => void m.size(1), // PROTO
  0x95: (m) => void m.size(8), // FRAME
  0x28: (m) => m.mark(),
  0x30: (m) => void m.pop(),
  0x31: (m) => void m.toMark(), // POP_MARK
  0x32: (m) => m.push(m.top()), // DUP
  0x4e: (m) => m.push(null),
  0x88: (m) => m.push(true),
  0x89: (m) => m.push(false),
  0x49: (m) => m.push(m.decimal(m.line())), // INT
  0x4c: (m) => m.push(m.decimal(m.line())), // LONG
  0x4a: (m) => m.push(m.int32()), // BININT
  0x4b: (m) => m.push(m.size(1)), // BININT1
  0x4d: (m) => m.push(m.size(2)), // BININT2
  0x8a: (m) => m.push(m.long(m.size(1))), // LONG1
  0x8b: (m) => m.push(m.long(m.size(4))), // LONG4
  0x46: (m) => m.push(Number(m.line())), // FLOAT
  0x47: (m) => m.push(m.float()), // BINFLOAT
  0x53: (m) => m.push(m.line().replace(/^(['"])(.*)\1$/, '$2')), // STRING
  0x54: (m) => m.push(m.text(m.size(4))), // BINSTRING
  0x55: (m) => m.push(m.text(m.size(1))), // SHORT_BINSTRING
  0x56: (m) => m.push(m.line()), // UNICODE
  0x58: (m) => m.push(m.text(m.size(4))), // BINUNICODE
  0x8c: (m) => m.push(m.text(m.size(1))), // SHORT_BINUNICODE
  0x8d: (m) => m.push(m.text(m.size(8))), // BINUNICODE8
  0x42: (m) => m.push(m.bytes(m.size(4))), // BINBYTES
  0x43: (m) => m.push(m.bytes(m.size(1))), // SHORT_BINBYTES
  0x8e: (m) => m.push(m.bytes(m.size(8))), // BINBYTES8
  0x5d: (m) => m.push([]), // EMPTY_LIST
  0x8f: (m) => m.push([]), // EMPTY_SET
  0x61: (m) => m.append(m.few(1)), // APPEND
  0x65: (m) => m.append(m.toMark()), // APPENDS
  0x90: (m) => m.append(m.toMark()), // ADDITEMS
  0x6c: (m) => m.push(m.toMark()), // LIST
  0x91: (m) => m.push(m.toMark()), // FROZENSET
  0x29: (m) => m.push([]), // EMPTY_TUPLE
  0x74: (m) => m.push(m.toMark()), // TUPLE
  0x85: (m) => m.push(m.few(1)), // TUPLE1
  0x86: (m) => m.push(m.few(2)), // TUPLE2
  0x87: (m) => m.push(m.few(3)), // TUPLE3
  0x7d: (m) => m.push(new Map()), // EMPTY_DICT
  0x73: (m) => m.setItems(m.few(2)), // SETITEM
  0x75: (m) => m.setItems(m.toMark()), // SETITEMS
  0x64: (m) => {
    // DICT
    const pairs = m.toMark();
    m.push(new Map());
    m.setItems(pairs);
  },
  0x63: (m) => m.named(`${m.line()}.${m.line()}`), // GLOBAL
  0x93: (m) => {
    // STACK_GLOBAL
    const [module, name] = m.few(2);
    m.named(`${String(module)}.${String(name)}`);
  },
  0x52: (m) => m.call(), // REDUCE
  0x81: (m) => m.call(), // NEWOBJ, of names that the caller knows
  0x62: (m) => m.build(), // BUILD
  0x51: (m) => m.outside(), // BINPERSID
  0x70: (m) => m.put(Number(m.decimal(m.line()))), // PUT
  0x71: (m) => m.put(m.size(1)), // BINPUT
  0x72: (m) => m.put(m.size(4)), // LONG_BINPUT
  0x94: (m) => m.memoize(),
  0x67: (m) => m.get(Number(m.decimal(m.line()))), // GET
  0x68: (m) => m.get(m.size(1)), // BINGET
  0x6a: (m) => m.get(m.size(4)), // LONG_BINGET
};
