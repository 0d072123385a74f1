import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { faultText } from '#lib/base/faults.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { writeSafetensors } from '#lib/weights/safetensors-write.ts';
import type { ModelConfig } from '#lib/models/model-config.ts';
import { MOST_BYTES, rangesOf, readWhole } from './bytes.ts';
import { examine } from './examine.ts';
import { digestIn, ownName } from './name.ts';
import { openFiles } from './open.ts';
import { Shelf, writtenWeights } from './shelf.ts';
import { sortFiles } from './sort.ts';

const FIXTURES = 'tests/fixtures/weights';
const file = (path: string, name = basename(path)) =>
  new File([readFileSync(path)], name, { lastModified: 1 });
const text = (content: string, name: string) => new File([content], name, { lastModified: 1 });
const none = { set: {} };
const two = { set: { heads: 2 } };
const examined = async (files: File[], choices: Parameters<typeof examine>[1] = none) =>
  examine(await openFiles(files), choices);

describe('the name of a reader’s model', () => {
  it('is made of the digest, and read again', () => {
    const name = ownName('0123456789abcdef'.repeat(4));
    expect(name).toBe('own-0123456789ab');
    expect(digestIn(name)).toBe('0123456789ab');
    for (const other of ['own-', 'own-0123', 'own-0123456789aX', 'vit-tiny', 'own-0123456789abcd'])
      expect(digestIn(other), other).toBeUndefined();
  });
});

describe('files that are chosen together', () => {
  const names = (...list: string[]) => sortFiles(list.map((name) => ({ name })));
  it('are told apart by their names', () => {
    expect(names('notes.txt').main.name).toBe('notes.txt');
    const folder = names('README.md', 'config.json', 'preprocessor_config.json', 'pytorch_model.bin');
    expect([folder.main.name, folder.config?.name, folder.preprocessor?.name]).toEqual([
      'pytorch_model.bin',
      'config.json',
      'preprocessor_config.json',
    ]);
    const shards = names('b.safetensors', 'model.safetensors.index.json', 'a.safetensors');
    expect([shards.main.name, [...shards.beside.keys()]]).toEqual([
      'model.safetensors.index.json',
      ['b.safetensors', 'a.safetensors'],
    ]);
  });
  it('are refused where they are two models, or none', () => {
    expect(() => names('a.pth', 'b.pth')).toThrow(/2 files with weights were chosen \(a.pth, b.pth\)/);
    expect(() => names('config.json', 'preprocessor_config.json')).toThrow(/holds no weights/);
    expect(() => names('config.json')).toThrow(/describes a model and holds no weights/);
  });
});

describe('a file of the reader’s', () => {
  it('is read in stretches, told how far, and can be stopped', async () => {
    const size = 20e6;
    const seen: number[] = [];
    const long = new File([new Uint8Array(size).fill(7)], 'long.bin');
    const bytes = await readWhole(long, { onBytes: (more) => seen.push(more) });
    expect(bytes.length).toBe(size);
    expect(bytes[size - 1]).toBe(7);
    expect(seen.length).toBe(3);
    expect(seen.reduce((a, b) => a + b)).toBe(size);
    const stop = new AbortController();
    const cancelled = readWhole(long, { signal: stop.signal, onBytes: () => stop.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('that is too large is refused before a byte is read', async () => {
    const slice = () => {
      throw new Error('it was read');
    };
    const huge = { name: 'huge.pth', size: MOST_BYTES + 1, slice };
    await expect(openFiles([huge])).rejects.toThrow(
      /huge\.pth: it has 4\.00 GB, and a page can hold 4\.00 GB/,
    );
  });

  it('that went away meanwhile is said to be', async () => {
    const arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
    const gone = { name: 'gone.pth', size: 10, slice: () => ({ arrayBuffer }) };
    await expect(readWhole(gone)).rejects.toThrow(/gone\.pth: the browser can no longer read it/);
  });
});

describe('a file that was read, in a worker', () => {
  afterEach(() => vi.unstubAllGlobals());
  const reader = (bytesOf: (blob: Blob) => number) =>
    vi.stubGlobal(
      'FileReaderSync',
      class {
        readAsArrayBuffer = (blob: Blob) => new ArrayBuffer(bytesOf(blob));
      },
    );
  const here = new File([new Uint8Array(10)], 'here.pth');

  it('is read again by ranges, where the browser can', () => {
    expect(rangesOf(here)).toBeUndefined();
    reader(({ size }) => size);
    expect(rangesOf(here)!(2, 6)).toHaveLength(4);
    expect(rangesOf({ name: 'no file', size: 1, slice: () => here })).toBeUndefined();
  });

  it('is said to be gone where it went, or is shorter now, and nothing of the page with it', () => {
    const said = (range: () => unknown) => {
      try {
        range();
      } catch (error) {
        return faultText(toRecord(error));
      }
      return undefined;
    };
    reader(() => {
      throw new DOMException('gone', 'NotReadableError');
    });
    const gone = said(() => rangesOf(here)!(2, 6));
    expect(gone?.en).toMatch(
      /here\.pth.*moved, changed or deleted.*choose it again.*What is on the page stays/,
    );
    expect(gone?.zh).toMatch(/移动、改动或删除过；请重新选择）。页面上已有的内容不受影响/);
    reader(({ size }) => size - 1);
    expect(said(() => rangesOf(here)!(2, 6))).toEqual(gone);
  });
});

describe('what files are', () => {
  it('is the same in every form, and the command line’s check says what keeps it from running', async () => {
    const forms = [
      [file(`${FIXTURES}/vit.safetensors`)],
      [file(`${FIXTURES}/vit.pth`)],
      [file(`${FIXTURES}/vit.npz`)],
      [
        'model.safetensors.index.json',
        'model-00001-of-00002.safetensors',
        'model-00002-of-00002.safetensors',
      ].map((name) => file(`${FIXTURES}/shards/${name}`)),
    ];
    for (const files of forms) {
      const unset = await examined(files);
      expect([unset.unread, unset.family, unset.recognised], files[0]?.name).toEqual([
        ['heads'],
        'vit',
        undefined,
      ]);
      expect(unset.fault?.code).toBe('weights-invalid');
      const { recognised, fault, tensors } = await examined(files, two);
      expect(fault, files[0]?.name).toBeUndefined();
      expect(recognised?.of.config).toMatchObject({ dim: 4, heads: 2, depth: 1, image: 4, patch: 2 });
      expect(recognised?.assumed.map(({ field }) => field).sort()).toEqual([
        'blockNorm',
        'gelu',
        'image',
        'normEps',
        'pool',
      ]);
      expect(tensors.map(({ name }) => name.replace(/^model\./, '')).sort()).toEqual(
        parseSafetensors(readFileSync(`${FIXTURES}/vit.safetensors`))
          .names()
          .sort(),
      );
    }
  });

  it('is named by the digest of the file, of several by that of their list', async () => {
    const one = await openFiles([file(`${FIXTURES}/vit.pth`)]);
    const sha = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
    expect(one.sha256).toBe(sha(readFileSync(`${FIXTURES}/vit.pth`)));
    const shards = [
      'model-00001-of-00002.safetensors',
      'model-00002-of-00002.safetensors',
      'model.safetensors.index.json',
    ];
    const several = await openFiles(shards.map((name) => file(`${FIXTURES}/shards/${name}`)));
    const list = shards.map((name) => `${sha(readFileSync(`${FIXTURES}/shards/${name}`))}  ${name}\n`);
    expect(several.sha256).toBe(sha(list.join('')));
    expect(several.bytes).toBe(
      shards.reduce((sum, name) => sum + readFileSync(`${FIXTURES}/shards/${name}`).length, 0),
    );
  });

  it('takes what a description beside it tells, ours or another library’s', async () => {
    const own = await examined([
      file('models/vit-tiny/model.safetensors'),
      file('models/vit-tiny/config.json'),
    ]);
    const stored = JSON.parse(readFileSync('models/vit-tiny/config.json', 'utf8')) as ModelConfig;
    expect([own.fault, own.recognised?.assumed]).toEqual([undefined, []]);
    expect(own.recognised?.of.config).toEqual(stored.config);
    expect(own.recognised?.labels).toEqual(stored.labels);
    expect(own.recognised?.told).toEqual([]);
    const foreign = text(
      '{"num_attention_heads":2,"image_size":4,"id2label":{"0":"a","1":"b","2":"c"}}',
      'config.json',
    );
    const hub = await examined([file(`${FIXTURES}/vit.pth`), foreign]);
    expect(hub.recognised?.told).toEqual(['heads', 'image']);
    expect(hub.recognised?.labels.map(({ en }) => en)).toEqual(['a', 'b', 'c']);
    const broken = await examined([file(`${FIXTURES}/vit.pth`), text('{', 'config.json')], two);
    expect(broken.fault).toBeUndefined();
  });

  it('says every difference, and why what cannot be built cannot', async () => {
    const source = parseSafetensors(readFileSync(`${FIXTURES}/vit.safetensors`));
    const tensors = source.names().map((name) => ({ name, ...source.tensor(name) }));
    const spoiled = tensors.flatMap(({ name, shape }) => {
      if (name === 'blocks.0.norm1.weight')
        return [{ name: 'blocks.0.norm1.weigth', shape, data: new Float32Array(4) }];
      if (name === 'blocks.0.norm1.bias') return [{ name, shape: [5], data: new Float32Array(5) }];
      return [{ name, shape, data: source.float32(name) }];
    });
    const { differences, fault } = await examined(
      [new File([writeSafetensors(spoiled)], 'x.safetensors')],
      two,
    );
    expect(differences?.missing).toContainEqual({
      name: 'blocks.0.norm1.weight',
      nearest: 'blocks.0.norm1.weigth',
    });
    expect(differences?.misshapen).toContainEqual({ name: 'blocks.0.norm1.bias', found: [5], needed: [4] });
    expect(differences?.unused).toEqual(['blocks.0.norm1.weigth']);
    expect(fault?.details).toMatchObject({
      file: 'x.safetensors',
      ruleZh: expect.stringMatching(
        /^文件中缺少它；文件中的“blocks.0.norm1.weigth”在网络里没有位置$/,
      ) as string,
    });
    const three = await examined([file(`${FIXTURES}/vit.pth`)], { set: { heads: 3 } });
    expect(three.fault?.details).toMatchObject({
      field: 'heads',
      rule: 'the width 4 does not divide into 3 heads',
      ruleZh: expect.stringMatching(/^宽度 4 不能平均分给 3 个头/) as string,
    });
  });

  it('is said of what holds no weights', async () => {
    await expect(openFiles([text('hello', 'model.pth')])).rejects.toThrow(/it is text, not weights/);
    await expect(openFiles([text('<!doctype html><p>404', 'model.bin')])).rejects.toThrow(/web page|HTML/i);
    const stranger = await examined([file(`${FIXTURES}/zip.pth`)]);
    expect([stranger.family, stranger.recognised]).toEqual([undefined, undefined]);
    expect(stranger.fault?.details.rule).toMatch(/its names are those of no network known here/);
    expect(stranger.fault?.details.ruleZh).toMatch(/^张量名称不属于任何认识的网络；其中的张量有 "state_dict/);
  });
});

describe('the shelf', () => {
  it('gives the weights of the file it was made of, under the graph’s names, and no other file’s', async () => {
    const shelf = new Shelf();
    const files = [file(`${FIXTURES}/vit.pth`)];
    const { recognised, sha256 } = await shelf.examine({ files, choices: two });
    const config = { ...recognised!.of, own: { files, prefix: '', sha256 } } as unknown as ModelConfig;
    const written = parseSafetensors(writtenWeights(await shelf.weights(config), config));
    const stored = parseSafetensors(readFileSync(`${FIXTURES}/vit.safetensors`));
    expect(written.names().sort()).toEqual(stored.names().sort());
    for (const name of stored.names()) expect(written.float32(name), name).toEqual(stored.float32(name));
    const other = { ...config, own: { files, prefix: '', sha256: 'ab' } };
    await expect(shelf.weights(other)).rejects.toThrow(/it has changed since it was opened/);
  });
});
