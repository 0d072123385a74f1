import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ascii, joined, torchOf, u64, zipOf } from './archives.testing.ts';
import { openWeights } from './open.ts';
import { WeightsError } from './source.ts';

const PROTO = [0x80, 2];
const STOP = 0x2e;
const global = (name: string) => ascii(`c${name.replace(/\.(?=[^.]*$)/, '\n')}\n`);
const text = (s: string) => joined([0x58, s.length, 0, 0, 0], ascii(s));
const int = (n: number) => [0x4a, n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >>> 24) & 255];
/** `callee(argument)` */
const call = (callee: string, argument: string) =>
  joined(PROTO, global(callee), text(argument), [0x85, 0x52, STOP]);

/** `{"w": tensor}` of one storage with such sizes. */
const tensor = (count: Uint8Array | number[], offset: number[], size: number[], stride: number[]) =>
  joined(
    PROTO,
    [0x7d],
    text('w'),
    global('torch._utils._rebuild_tensor_v2'),
    [0x28, 0x28],
    text('storage'),
    global('torch.FloatStorage'),
    text('0'),
    text('cpu'),
    count,
    [0x74, 0x51],
    offset,
    [0x28, ...size, 0x74, 0x28, ...stride, 0x74],
    [0x89],
    global('collections.OrderedDict'),
    [0x29, 0x52, 0x74, 0x52, 0x73, STOP],
  );
const LONG = (value: bigint) => [0x8a, 8, ...u64(value)];

/** The error, which comes within two seconds. */
function refusal(bytes: Uint8Array): WeightsError {
  const start = performance.now();
  let error: unknown;
  try {
    openWeights(bytes, 'bad.pth');
  } catch (e) {
    error = e;
  }
  expect(performance.now() - start).toBeLessThan(2000);
  expect(error).toBeInstanceOf(WeightsError);
  return error as WeightsError;
}

const four = new Uint8Array(16);
const PICKLES: readonly (readonly [string, Uint8Array, RegExp])[] = [
  [
    'os.system',
    call('os.system', 'touch /tmp/owned'),
    /asks for os\.system, which .* does not need; nothing of it was run/,
  ],
  ['posix.system', call('posix.system', 'id'), /asks for posix\.system/],
  ['builtins.eval', call('builtins.eval', '1'), /asks for builtins\.eval/],
  ['__builtin__.exec', call('__builtin__.exec', '1'), /asks for __builtin__\.exec/],
  ['builtins.getattr', call('builtins.getattr', 'x'), /asks for builtins\.getattr/],
  [
    'a whole module',
    call('timm.models.vision_transformer.VisionTransformer', ''),
    /asks for timm\.models\.vision_transformer\.VisionTransformer.*state_dict/,
  ],
  ['a class of the training script', call('__main__.Config', ''), /asks for __main__\.Config/],
  [
    'torch.load in torch.load',
    call('torch.storage._load_from_bytes', 'x'),
    /asks for torch\.storage\._load_from_bytes/,
  ],
  ['a prototype’s name', call('collections.constructor', 'x'), /asks for collections\.constructor/],
  [
    'STACK_GLOBAL',
    joined(PROTO, text('subprocess'), text('Popen'), [0x93, STOP]),
    /asks for subprocess\.Popen/,
  ],
  ['INST', joined(PROTO, [0x28], ascii('ios\nsystem\n'), [STOP]), /operation 0x69 is not allowed/],
  ['OBJ', joined(PROTO, [0x28, 0x6f, STOP]), /operation 0x6f is not allowed/],
  ['an extension’s code', joined(PROTO, [0x82, 1, STOP]), /operation 0x82 is not allowed/],
  ['a type that is called', call('torch.FloatStorage', 'x'), /calls F32, which may only be named/],
  ['what is no callable', joined(PROTO, text('x'), [0x29, 0x52, STOP]), /what is called is no name/],
  [
    'marks without end',
    joined(PROTO, new Uint8Array(200_000).fill(0x28), [STOP]),
    /more than 200 things lie in each other/,
  ],
  [
    'lists in lists in lists',
    joined(PROTO, new Uint8Array(200_000).fill(0x5d), new Uint8Array(199_999).fill(0x61), [STOP]),
    /no dict of tensors/,
  ],
  [
    'a dict in itself',
    joined(PROTO, [0x7d, 0x71, 0], text('a'), [0x68, 0, 0x73, STOP]),
    /dicts lie in each other more than 8 deep/,
  ],
  [
    'a key that is a list',
    joined(PROTO, [0x7d, 0x5d, 0x4e, 0x73, STOP]),
    /a key is neither a string nor a number/,
  ],
  [
    'a text of 2⁶⁴ bytes',
    joined(PROTO, [0x8d, ...u64(2n ** 64n - 1n), STOP]),
    /a length of 18446744073709551615 is more than the file has/,
  ],
  ['a text of 4 GB', joined(PROTO, [0x58, 255, 255, 255, 255, STOP]), /4294967295 bytes should follow/],
  ['a number of 2 GB', joined(PROTO, [0x8b, 255, 255, 255, 127, STOP]), /a number of 2147483647 bytes/],
  ['nothing', joined(PROTO), /1 bytes should follow, the pickle ends before/],
  ['an empty stack', joined(PROTO, [STOP]), /nothing is there to be taken/],
  ['a memo that was never kept', joined(PROTO, [0x68, 9, STOP]), /what it calls 9 is not there/],
  [
    'a storage of 2⁶³ values',
    tensor(LONG(2n ** 62n), int(0), int(1), int(1)),
    /a storage in its pickle has 4611686018427387904 values/,
  ],
  ['sizes of 2⁶²', tensor(int(4), int(0), LONG(2n ** 62n), int(0)), /sizes that no tensor has/],
  [
    'a tensor wider than its storage',
    tensor(int(4), int(0), int(5), int(1)),
    /"w": .*its 5 values are not within the 4/,
  ],
  [
    'one repeated a million times',
    tensor(int(4), int(0), int(1_000_000), int(0)),
    /its 1000000 values are not within the 4/,
  ],
  ['a negative offset', tensor(int(4), int(-1), int(2), int(1)), /sizes that no tensor has/],
  ['a negative stride', tensor(int(4), int(3), int(2), int(-1)), /sizes that no tensor has/],
  ['an offset behind the end', tensor(int(4), int(4), int(1), int(1)), /not within the 4/],
  [
    'more values than the storage has bytes',
    tensor(int(1000), int(0), int(1000), int(1)),
    /should have 4000 bytes, it has 16/,
  ],
];

describe('a pickle is data: nothing of it is run', () => {
  it.each(PICKLES)('%s', (_, pickle, message) => {
    expect(refusal(torchOf(pickle, { 0: four })).message).toMatch(message);
  });

  it('and a good one is read', () => {
    const values = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
    const file = openWeights(torchOf(tensor(int(4), int(1), int(2), int(2)), { 0: values }), 'good.pth');
    expect(file.get('w')!.shape).toEqual([2]);
    expect([...new Float32Array(file.buffers.get(file.get('w')!.file)!.slice().buffer, 0, 2)]).toEqual([
      2, 4,
    ]);
  });
});

const bomb = deflateRawSync(new Uint8Array(100_000_000), { level: 9 });
const large = (size: bigint) => joined([1, 0, 16, 0], u64(size), u64(size));
const ARCHIVES: readonly (readonly [string, Uint8Array, RegExp])[] = [
  [
    'a bomb that says its size',
    zipOf([{ name: 'm/data.pkl', data: bomb, method: 8, size: 100_000_000 }]),
    /unpacked it would have 100000000 bytes, \d+ times/,
  ],
  [
    'a bomb that says less',
    zipOf([{ name: 'm/data.pkl', data: bomb, method: 8, size: 1000 }]),
    /more than the 1000 bytes come out/,
  ],
  [
    'one that says more',
    zipOf([{ name: 'm/data.pkl', data: deflateRawSync('abc'), method: 8, size: 4 }]),
    /3 bytes come out of it, the list says 4/,
  ],
  [
    'sizes of 2⁶⁴',
    zipOf([
      { name: 'm/data.pkl', data: four, size: 0xffffffff, packed: 0xffffffff, extra: large(2n ** 64n - 1n) },
    ]),
    /18446744073709551615, more than any file has/,
  ],
  [
    'a path upwards',
    zipOf([{ name: '../m/data.pkl', data: four }]),
    /"\.\.\/m\/data\.pkl" leads out of the archive/,
  ],
  ['a path from the root', zipOf([{ name: '/etc/data.pkl', data: four }]), /leads out of the archive/],
  [
    'a path of Windows',
    zipOf([
      { name: 'm/data.pkl', data: four },
      { name: 'm\\..\\..\\x', data: four },
    ]),
    /leads out of the archive/,
  ],
  [
    'a drive',
    zipOf([
      { name: 'm/data.pkl', data: four },
      { name: 'C:/x', data: four },
    ]),
    /leads out of the archive/,
  ],
  [
    'two of a name',
    zipOf([
      { name: 'm/data.pkl', data: four },
      { name: 'm/data.pkl', data: four },
    ]),
    /two entries of this name/,
  ],
  ['an encrypted entry', zipOf([{ name: 'm/data.pkl', data: four, flags: 1 }]), /is encrypted/],
  ['another method', zipOf([{ name: 'm/data.pkl', data: four, method: 14 }]), /packed by method 14/],
  [
    'damaged packed bytes',
    zipOf([{ name: 'm/data.pkl', data: Uint8Array.of(7, 7, 7, 7), method: 8, size: 9 }]),
    /packed bytes are damaged|come out of it/,
  ],
  ['no list', torchOf(PROTO).slice(0, 60), /list of entries is missing at its end: the file is cut short/],
  [
    'a storage that is missing',
    torchOf(tensor(int(4), int(0), int(4), int(1))),
    /the storage 0 is not in the archive/,
  ],
];

describe('an archive is read in memory, within its bounds', () => {
  it.each(ARCHIVES)('%s', (_, bytes, message) => {
    const before = process.memoryUsage().arrayBuffers;
    expect(refusal(bytes).message).toMatch(message);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40e6);
  });
});
