import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openWeights } from './open.ts';
import { float32Of, WeightsError } from './source.ts';

const FILES = 'tests/fixtures/weights';
const read = (name: string) => new Uint8Array(readFileSync(`${FILES}/${name}`));
const beside = (name: string) => (existsSync(`${FILES}/shards/${name}`) ? read(`shards/${name}`) : undefined);
const COUNT = 300;

/** Numbers that follow from a seed. */
function* draws(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** A file with some of its bytes changed, a piece of it gone, twice there, or filled with one value. */
function mutated(bytes: Uint8Array, seed: number): Uint8Array {
  const random = draws(seed);
  const below = (n: number) => Math.floor(random.next().value * n);
  const out = bytes.slice();
  const at = below(bytes.length);
  const length = 1 + below(Math.min(64, bytes.length - at));
  switch (seed % 5) {
    case 0:
      return out.subarray(0, at);
    case 1:
      out.fill([0, 0x7f, 0x80, 0xff][below(4)]!, at, at + length);
      return out;
    case 2:
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + length)]);
    case 3:
      return Uint8Array.from([...bytes.subarray(0, at + length), ...bytes.subarray(at)]);
    default:
      for (let i = 0; i < 1 + below(8); i++) out[below(bytes.length)] = below(256);
      return out;
  }
}

it.each([
  'zip.pth',
  'legacy.pth',
  'packed.npz',
  'stored.npz',
  'vit.safetensors',
  'shards/model.safetensors.index.json',
])(`${COUNT} changes of %s: it is read or refused with a place and a rule`, (name) => {
  const bytes = read(name);
  let refused = 0;
  let slowest = 0;
  for (let seed = 1; seed <= COUNT; seed++) {
    const start = performance.now();
    try {
      const file = openWeights(mutated(bytes, seed), name, beside);
      for (const tensor of file.names())
        try {
          float32Of(file, tensor);
        } catch (error) {
          if (!(error instanceof WeightsError)) throw error;
        }
      const held = new Set([...file.buffers.values()].map((buffer) => buffer.buffer));
      const memory = [...held].reduce((sum, buffer) => sum + buffer.byteLength, 0);
      expect(memory, `seed ${seed}`).toBeLessThan(4 * bytes.length + 65_536);
    } catch (error) {
      refused++;
      expect(error, `seed ${seed}: ${String(error)}`).toBeInstanceOf(WeightsError);
      const { message } = error as WeightsError;
      expect(message.startsWith(name) || message.startsWith('model-'), message).toBe(true);
      expect(message.length, message).toBeGreaterThan(name.length + 10);
    }
    slowest = Math.max(slowest, performance.now() - start);
  }
  expect(slowest).toBeLessThan(2000);
  expect(refused).toBeGreaterThan(COUNT / 4);
});
