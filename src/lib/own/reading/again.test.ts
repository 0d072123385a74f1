import { existsSync, readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { afterEach, describe, expect, it, vi } from 'vitest';
import '#lib/models/all.ts';
import '#lib/models/checkpoints.ts';
import { Fault } from '#lib/base/errors.ts';
import { sizeOf } from '#lib/base/tensor.ts';
import type { ModelConfig, OwnFile } from '#lib/models/model-config.ts';
import { ortSessions } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import { Runner } from '#lib/runtime/runner.ts';
import { DistantBytes, FileBytes, keptBytes, lostFile } from '#lib/weights/distant.ts';
import { writeSafetensors } from '#lib/weights/safetensors-write.ts';
import { WeightsError, type WeightSource } from '#lib/weights/source.ts';
import { Shelf, writtenWeights } from './shelf.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'fatal';

const FOREIGN = 'tests/fixtures/foreign';

/** A disk: files by name, how many bytes were read of them again, and which are gone. */
function disk(...paths: string[]) {
  const stored = new Map(paths.map((path) => [path.replace(/^.*\//, ''), readFileSync(path)]));
  const state = { read: 0, gone: false };
  const files = [...stored].map(([name, bytes]) => new File([bytes], name, { lastModified: 1 }));
  const ranges =
    ({ name }: { name: string }) =>
    (begin: number, end: number) => {
      if (state.gone) throw new WeightsError({ en: 'it is gone', zh: '没有了' }, { file: name });
      state.read += end - begin;
      return Uint8Array.from(stored.get(name)!.subarray(begin, end));
    };
  return { files, ranges, state, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}

async function opened(shelf: Shelf, files: readonly OwnFile[], set: Record<string, unknown>) {
  const { recognised, sha256, prefix, fault, notFinite } = await shelf.examine({ files, choices: { set } });
  expect([fault, notFinite]).toEqual([undefined, []]);
  return { ...recognised!.of, files: {}, own: { files, prefix, sha256 } } as unknown as ModelConfig;
}

const inMemory = (bytes: Uint8Array) => (bytes instanceof FileBytes ? bytes.held : keptBytes(bytes));
const held = ({ buffers }: WeightSource) => [...buffers.values()].reduce((sum, b) => sum + inMemory(b), 0);

/** One of each way from a file's tensors to the graph's: as they are, joined, turned, in thirds, masked, in parts. */
const FORMS: readonly (readonly [row: string, file: string, set: Record<string, unknown>])[] = [
  ['timm-vit', 'model.safetensors', { heads: 2 }],
  ['timm-vit', 'model.pth', { heads: 2 }],
  ['jax-vit', 'model.npz', {}],
  ['hf-vit', 'model.safetensors', {}],
  ['hf-vit', 'pytorch_model.bin', {}],
  ['hf-swin', 'model.safetensors', {}],
  ['hf-dinov3', 'model.safetensors', {}],
  ['hf-clip', 'model.safetensors', { texts: 2 }],
  ['meta-dinov3', 'model.pth', { heads: 2, image: 12 }],
  ['meta-dit', 'model.pt', { heads: 2, image: 8 }],
];

describe('a file of the reader’s that was read and checked', () => {
  it.each(FORMS)(
    '%s, %s: is let go, and gives the same weights when it is read again',
    async (row, file, set) => {
      const beside = [`${FOREIGN}/${row}/config.json`].filter(existsSync);
      const { files, ranges, state, bytes } = disk(`${FOREIGN}/${row}/${file}`, ...beside);
      const kept = new Shelf(() => undefined);
      const config = await opened(kept, files, set);
      const whole = await kept.weights(config);
      expect(held(whole)).toBeGreaterThan(0.9 * files[0]!.size);

      const shelf = new Shelf(ranges);
      expect(await opened(shelf, files, set)).toEqual(config);
      expect(state.read).toBe(0);
      const again = await shelf.weights(config);
      expect(held(again)).toBe(0);
      expect(writtenWeights(again, config)).toEqual(writtenWeights(whole, config));
      expect(state.read).toBeGreaterThan(0.15 * bytes);
      // What it is taken for is corrected: nothing is read as a whole again, and what was counted is known.
      expect(await opened(shelf, files, set)).toEqual(config);
      expect(held(await shelf.weights(config))).toBe(0);
    },
  );

  it('makes a session of any patch size, each read anew, with the answers of weights in memory', async () => {
    const { files, ranges, state } = disk('models/vit-tiny/model.safetensors', 'models/vit-tiny/config.json');
    const kept = new Shelf(() => undefined);
    const config = await opened(kept, files, {});
    const shelf = new Shelf(ranges);
    await opened(shelf, files, {});
    const answer = async (weights: WeightSource, patch?: number) => {
      const options = { outputs: ['logits'], ...(patch && { variant: { patch } }) };
      const { encoded, graph } = prepareModel(weights, config, options);
      const session = await ortSessions(ort, 'wasm')(encoded);
      const { shape } = graph.value('x');
      const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(0.01 * i));
      const [tensor] = await session.run([{ name: 'x', shape, data }], ['logits']);
      await session.release();
      return tensor!.data;
    };
    const [whole, again] = [await kept.weights(config), await shelf.weights(config)];
    for (const patch of [undefined, 8]) {
      const before = state.read;
      expect(await answer(again, patch)).toEqual(await answer(whole, patch));
      expect(state.read - before).toBeGreaterThan(0.9 * files[0]!.size);
    }
    state.gone = true;
    await expect(answer(again)).rejects.toThrow(/model\.safetensors: it is gone/);
    expect(lostFile(again.buffers.values())).toBeInstanceOf(Fault);
    // Chosen again, it is read as a whole again: it may be another one.
    state.gone = false;
    const anew = await shelf.weights(config);
    expect(await answer(anew)).toEqual(await answer(whole));
  });

  it('is held against its digest where it could not be read meanwhile', async () => {
    const { files, ranges, state } = disk(`${FOREIGN}/timm-vit/model.safetensors`);
    const shelf = new Shelf(ranges);
    const config = await opened(shelf, files, { heads: 2 });
    const weights = await shelf.weights(config);
    state.gone = true;
    expect(() => writtenWeights(weights, config)).toThrow(/it is gone/);
    state.gone = false;
    const changed = new Uint8Array(await files[0]!.arrayBuffer());
    changed[changed.length - 1]! ^= 1;
    const other = new File([changed], files[0]!.name, { lastModified: 1 });
    const of = { ...config, own: { ...config.own!, files: [other] } };
    await expect(shelf.weights(of)).rejects.toThrow(/it has changed since it was opened/);
  });

  it('counts its bytes while they are held, and none after', async () => {
    const { files, ranges } = disk(`${FOREIGN}/hf-vit/model.safetensors`, `${FOREIGN}/hf-vit/config.json`);
    const shelf = new Shelf(ranges);
    const { buffers } = await shelf.weights(await opened(shelf, files, {}));
    expect([...buffers.values()].every((buffer) => buffer instanceof DistantBytes)).toBe(true);
    expect(buffers.get('model.safetensors')!.byteLength).toBe(files[0]!.size);
  });
});

describe('a file that was checked and is about to be opened', () => {
  afterEach(() => vi.useRealTimers());
  const HOLDING = { ms: 1000, from: 1000, to: 1e9 };
  const one = () => disk('models/vit-tiny/model.safetensors', 'models/vit-tiny/config.json');
  const session = async (weights: WeightSource, config: ModelConfig, output = 'logits') => {
    const runner = new Runner({
      device: 'wasm',
      createSession: async (encoded) => ortSessions(ort, 'wasm')(encoded),
      prepare: (from, ref, { outputs }) => prepareModel(from, ref.config, { outputs }),
      weights: async () => weights,
    });
    const request = { model: { url: '/', config }, outputs: [output], inputs: {}, prepareOnly: true };
    await runner.run(request, { signal: new AbortController().signal, breathe: async () => {} });
    runner.clear();
  };

  it('is held until a session has taken half of it, and none before reads it a second time', async () => {
    const { files, ranges, state, bytes } = one();
    const shelf = new Shelf(ranges, { ...HOLDING, ms: 60_000 });
    const config = await opened(shelf, files, {});
    const weights = await shelf.weights(config);
    await session(weights, config, 'blocks.0.attn.probs');
    expect(held(weights)).toBe(files[0]!.size);
    expect(state.read).toBe(0);
    await session(weights, config);
    // Half of it was lent; the rest is read, so that it is not there twice.
    expect(held(weights)).toBe(0);
    expect(state.read).toBeLessThan(0.75 * bytes);
    const first = state.read;
    await session(weights, config);
    expect(state.read - first).toBeGreaterThan(0.9 * bytes);
    shelf.letGo();
  });

  it('is let go where no session comes, where nothing is opened, and where another file is', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { files, ranges } = one();
    const shelf = new Shelf(ranges, HOLDING);
    const config = await opened(shelf, files, {});
    vi.advanceTimersByTime(900);
    // Something is corrected: it is looked at anew, and the time begins again.
    await opened(shelf, files, {});
    const weights = await shelf.weights(config);
    vi.advanceTimersByTime(900);
    expect(held(weights)).toBe(files[0]!.size);
    vi.advanceTimersByTime(200);
    expect(held(weights)).toBe(0);

    const again = async (after: (shelf: Shelf) => unknown) => {
      const other = new Shelf(ranges, HOLDING);
      const read = await other.weights(await opened(other, files, {}));
      expect(held(read)).toBe(files[0]!.size);
      await after(other);
      return held(read);
    };
    expect(await again((one) => one.letGo())).toBe(0);
    const next = disk(`${FOREIGN}/timm-vit/model.safetensors`).files;
    expect(await again((one) => one.examine({ files: next, choices: { set: {} } }))).toBe(0);
  });

  it('is let go at once where it is too small to be worth it, or so large that its memory is', async () => {
    const { files, ranges } = one();
    for (const size of [{ from: 1e9 }, { to: 1000 }]) {
      const shelf = new Shelf(ranges, { ...HOLDING, ...size });
      expect(held(await shelf.weights(await opened(shelf, files, {})))).toBe(0);
    }
  });

  it('is let go at once where no family knows it', async () => {
    const stranger = writeSafetensors([{ name: 'a', dtype: 'F32', shape: [1], data: new Uint8Array(4) }]);
    const shelf = new Shelf(() => () => stranger, { ...HOLDING, from: 0 });
    const went = vi.spyOn(FileBytes.prototype, 'letGo');
    const { family } = await shelf.examine({
      files: [new File([stranger], 'a.safetensors')],
      choices: { set: {} },
    });
    expect([family, went.mock.calls.length]).toEqual([undefined, 1]);
    went.mockRestore();
  });
});
