/**
 * Files whose bytes are whole and whose content is not: tensors gone, misspelled, of other shapes, twice there, under a
 * stranger's prefix; and a config.json with damaged letters. They go the way that every file goes which is opened.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '#lib/base/config-error.ts';
import { parseSafetensors, writeSafetensors, type TensorToWrite } from '#lib/weights/safetensors.ts';
import { WeightsError } from '#lib/weights/source.ts';
import { tensorsOf } from '#lib/weights/testing.ts';
import { checkWeights } from './check.ts';
import { checkpointOf } from './checkpoints.ts';
import { ModelConfigError, parseModelConfig } from './model-config.ts';
import { chooseNetwork } from './networks.ts';
import { recognise } from './registry.ts';

const COUNT = 300;
const FOREIGN = 'tests/fixtures/foreign';
const FILES = readdirSync(FOREIGN, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.safetensors') && !name.endsWith('reference.safetensors'))
  .sort();

/** Whole numbers below n that follow from a seed. */
function draws(seed: number): (n: number) => number {
  let state = Math.imul(seed, 2654435761) >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

/** Another shape of as many values, or of none. */
function reshaped(t: TensorToWrite, below: (n: number) => number): TensorToWrite {
  const size = t.shape.reduce((a, b) => a * b, 1);
  switch (below(4)) {
    case 0:
      return { ...t, shape: [...t.shape].reverse() };
    case 1:
      return { ...t, shape: [size] };
    case 2:
      return { ...t, shape: [1, 1, ...t.shape, 1] };
    default:
      // No bytes, and as many rows as a file can name.
      return { ...t, shape: [2 ** 31 * (1 + below(1000)), 0, ...t.shape.slice(2)], data: new Uint8Array() };
  }
}

function mutated(tensors: readonly TensorToWrite[], seed: number): TensorToWrite[] {
  const below = draws(seed);
  const out = [...tensors];
  for (let times = 0; times <= below(3); times++) {
    const at = below(out.length);
    const t = out[at]!;
    const letter = below(t.name.length);
    switch (below(7)) {
      case 0:
        out.splice(at, 1);
        break;
      case 1:
        out[at] = { ...t, name: t.name.slice(0, letter) + t.name.slice(letter + 1) };
        break;
      case 2:
      case 3:
        out[at] = reshaped(t, below);
        break;
      case 4:
        out[at] = { ...t, name: t.name.replace(/\d+/, String(below(1_000_000))) };
        break;
      case 5:
        out.push({ ...t, name: `${['x.', 'model.', 'teacher.', 'blocks.7.'][below(4)]!}${t.name}` });
        break;
      default:
        out[at] = { ...t, name: out[below(out.length)]!.name };
    }
  }
  return [...new Map(out.map((t) => [t.name, t])).values()];
}

/** Side and width of the picture that a fixture's network was fed. */
function pictureOf(file: string): { readonly image: number; readonly imageWidth?: number } {
  const reference = parseSafetensors(readFileSync(`${FOREIGN}/${dirname(file)}/reference.safetensors`));
  const [image = 0, width = 0] = (reference.get('x') ?? reference.get('visual.x'))!.shape.slice(-2);
  return width === image ? { image } : { image, imageWidth: width };
}

/** As `patchwork describe` opens it. */
function open(tensors: readonly TensorToWrite[], picture: ReturnType<typeof pictureOf>): void {
  const { source } = chooseNetwork(parseSafetensors(writeSafetensors(tensors), 'w.safetensors'));
  const family = recognise(source);
  const known = { ...family.defaults, ...family.optional };
  const given = Object.entries({ heads: 2, textHeads: 2, decoderHeads: 2, groups: 2, ...picture });
  const set = Object.fromEntries(
    given.filter(([field, value]) => field in known && typeof value === typeof known[field as never]),
  );
  const { config } = checkpointOf(family.id).infer(source, set);
  family.check(config);
  checkWeights(source, { architecture: family.id, config });
}

describe('weights with the wrong tensors', () => {
  const files = FILES.map((name) => ({
    tensors: tensorsOf(parseSafetensors(readFileSync(`${FOREIGN}/${name}`))),
    picture: pictureOf(name),
  }));

  it('open as they are, before anything is changed', () => {
    expect(files.length).toBeGreaterThan(30);
    for (const { tensors, picture } of files) open(tensors, picture);
  });

  it(`${COUNT} changes: opened, or refused with a place and a rule`, () => {
    let refused = 0;
    let slowest = 0;
    for (let seed = 1; seed <= COUNT; seed++) {
      const name = `seed ${seed}, ${FILES[seed % FILES.length]}`;
      const { tensors: whole, picture } = files[seed % files.length]!;
      const tensors = mutated(whole, seed);
      const start = performance.now();
      try {
        open(tensors, picture);
      } catch (error) {
        refused++;
        const known = error instanceof WeightsError || error instanceof ConfigError;
        expect(known, `${name}: ${error instanceof Error ? error.stack : String(error)}`).toBe(true);
        // The file, the tensor or the field, and what is wrong with it.
        expect((error as Error).message, name).toMatch(
          /^(w\.safetensors(, tensor ".*")?: .{10}|tensor ".*": .{10}|\w+: .{10}|.* must be set$)/,
        );
      }
      const took = performance.now() - start;
      if (took > slowest) slowest = took;
      expect(took, name).toBeLessThan(2000);
    }
    expect(refused).toBeGreaterThan(COUNT / 2);
  });
});

describe('a config.json of the notebook’s own', () => {
  const names = ['vit-tiny', 'uvit-cifar10', 'dit-cifar10'].filter((name) =>
    readdirSync('models').includes(name),
  );

  it(`${COUNT} changes: read, or refused with a place and a rule`, () => {
    let refused = 0;
    for (let seed = 1; seed <= COUNT; seed++) {
      const below = draws(seed);
      const name = names[seed % names.length]!;
      const text = readFileSync(`models/${name}/config.json`, 'utf8');
      const at = below(text.length);
      const put = ['', '9', '-', '"', '0.5', 'null', '[', '{}', 'e308', String.fromCharCode(32 + below(95))][
        below(10)
      ]!;
      const damaged = text.slice(0, at) + put + text.slice(at + below(4));
      const start = performance.now();
      try {
        parseModelConfig(damaged, `${name}/config.json`);
      } catch (error) {
        refused++;
        expect(error, `seed ${seed}: ${error instanceof Error ? error.stack : ''}`).toBeInstanceOf(
          ModelConfigError,
        );
        expect((error as Error).message, `seed ${seed}`).toContain(`${name}/config.json`);
      }
      expect(performance.now() - start, `seed ${seed}`).toBeLessThan(2000);
    }
    expect(refused).toBeGreaterThan(COUNT / 4);
  });
});
