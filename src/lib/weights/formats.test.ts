import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ascii, zipOf } from './archives.testing.ts';
import { openWeights } from './open.ts';
import { parseSafetensors } from './safetensors.ts';
import { float32Of, WeightsError, type WeightsFile } from './source.ts';

// tests/fixtures/weights/make.py says what they hold; PyTorch, NumPy and safetensors wrote them.
const FILES = 'tests/fixtures/weights';
const read = (name: string) => readFileSync(`${FILES}/${name}`);
const plain = parseSafetensors(read('plain.safetensors'), 'plain.safetensors');
const vit = parseSafetensors(read('vit.safetensors'), 'vit.safetensors');
const beside = (name: string) => read(`shards/${name}`);

function same(file: WeightsFile, wanted: WeightsFile, names: readonly string[], prefix = '') {
  expect(file.names().sort()).toEqual(names.map((name) => prefix + name).sort());
  for (const name of names) {
    const entry = file.get(prefix + name)!;
    expect([entry.dtype, entry.shape], name).toEqual([wanted.get(name)!.dtype, wanted.get(name)!.shape]);
    expect(float32Of(file, prefix + name), name).toEqual(float32Of(wanted, name));
  }
}

describe('files of other programs hold what safetensors holds', () => {
  it.each(['zip.pth', 'legacy.pth'])(
    '%s: dicts in dicts, parts and turns of a storage, what else is in it',
    (name) => {
      const bytes = read(name);
      const file = openWeights(bytes, `folder/${name}`);
      expect(file.file).toBe(`folder/${name}`);
      same(file, plain, plain.names());
      // What lies row by row stays in the file, the rest has a place of its own.
      expect(file.get('state_dict.a.weight')!.file).toBe(name);
      expect(file.buffers.get(name)!.buffer).toBe(bytes.buffer);
      expect(file.get('state_dict.a.turned')!.file).not.toBe(name);
    },
  );

  it.each(['stored.npz', 'packed.npz'])('%s: arrays by rows and by columns', (name) => {
    const names = plain.names().filter((tensor) => !tensor.endsWith('brain'));
    same(openWeights(read(name), name), plain, names);
  });

  it('vit.pth, vit.npz and shards: one network', () => {
    same(openWeights(read('vit.pth'), 'vit.pth'), vit, vit.names(), 'model.');
    same(openWeights(read('vit.npz'), 'vit.npz'), vit, vit.names());
    same(openWeights(read('shards/model.safetensors.index.json'), 'i.json', beside), vit, vit.names());
    expect(openWeights(read('vit.safetensors'), 'v')).toBeInstanceOf(
      parseSafetensors(read('vit.safetensors')).constructor,
    );
  });
});

describe('an index', () => {
  const index = JSON.parse(read('shards/model.safetensors.index.json').toString()) as {
    weight_map: Record<string, string>;
  };
  const [first, second] = [...new Set(Object.values(index.weight_map))] as [string, string];
  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'leads out of its folder',
      { 'norm.bias': '../../etc/passwd' },
      /names "\.\.\/\.\.\/etc\/passwd", which is no/,
    ],
    ['names an absolute path', { 'norm.bias': '/tmp/x.safetensors' }, /no safetensors file beside it/],
    ['names no file', { 'norm.bias': 7 }, /"norm\.bias": the index names 7/],
    [
      'is wrong about a place',
      { 'head.bias': index.weight_map['head.bias'] === first ? second : first },
      /"head\.bias": the index says/,
    ],
    [
      'knows a tensor that is nowhere',
      { 'no.weight': first },
      /"no\.weight": the index says that it is in model-0000/,
    ],
  ])('that %s is refused', (_, change, message) => {
    const changed = ascii(JSON.stringify({ weight_map: { ...index.weight_map, ...change } }));
    expect(() => openWeights(changed, 'i.json', beside)).toThrow(message);
  });

  it('alone, or of no map, is refused with what to do', () => {
    const bytes = read('shards/model.safetensors.index.json');
    expect(() => openWeights(bytes, 'i.json')).toThrow(
      'i.json: it is the index (JSON) of weights in several files',
    );
    expect(() => openWeights(ascii('{"weight_map": []}'), 'i.json', beside)).toThrow(
      'the index has no weight_map',
    );
  });
});

describe('arrays of NumPy', () => {
  const npy = (header: string, data = new Uint8Array(8)) => {
    const text = `{${header}}`.padEnd(53) + '\n';
    return zipOf([
      {
        name: 'x.npy',
        data: Uint8Array.from([0x93, ...ascii('NUMPY'), 1, 0, text.length, 0, ...ascii(text), ...data]),
      },
    ]);
  };
  it.each<[string, Uint8Array, RegExp]>([
    [
      'objects',
      npy("'descr': '|O', 'fortran_order': False, 'shape': (1,)"),
      /"x": .*array of Python objects/,
    ],
    [
      'big-endian values',
      npy("'descr': '>f4', 'fortran_order': False, 'shape': (2,)"),
      /element type >f4 is not read/,
    ],
    [
      'a shape of another size',
      npy("'descr': '<f4', 'fortran_order': False, 'shape': (3,)"),
      /takes 12 bytes, it has 8/,
    ],
    ['a shape beyond all sizes', npy("'descr': '<f4', 'shape': (99999999999999999999,)"), /it has 8/],
    ['no header', npy('nothing'), /no element type and shape/],
    ['no array', zipOf([{ name: 'x.npy', data: new Uint8Array(20) }]), /is no NumPy array/],
  ])('%s: refused by name', (_, bytes, message) => {
    expect(() => openWeights(bytes, 'w.npz')).toThrow(WeightsError);
    expect(() => openWeights(bytes, 'w.npz')).toThrow(message);
  });

  it('of integers are there, and refused when they are asked for', () => {
    const file = openWeights(npy("'descr': '<i8', 'fortran_order': False, 'shape': ()"), 'w.npz');
    expect(file.names()).toEqual(['x']);
    expect(() => file.get('x')).toThrow('its element type is I64; F32, F16, BF16 and F64 can be read');
  });
});
