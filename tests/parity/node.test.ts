import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { ortSessions } from '#lib/runtime/ort.ts';
import { HeldModel, off, passName } from './held.ts';

// The stored models on WASM in Node, every tensor that PyTorch left a reference for.

ort.env.logLevel = 'error';
ort.env.wasm.numThreads = availableParallelism();

const MODELS = new URL('../../models/', import.meta.url);
const folders = readdirSync(MODELS).filter((name) =>
  existsSync(new URL(`${name}/golden.safetensors`, MODELS)),
);

/** Patch sizes at which the references hold every named tensor. */
const WHOLE: Readonly<Record<string, readonly number[]>> = { 'vit-tiny': [8, 16], 'vit-flexi': [8, 16, 32] };

describe.each(folders)('%s', (folder) => {
  const held = new HeldModel((file) => readFileSync(new URL(`${folder}/${file}`, MODELS)));
  const { golden, model, passes } = held;

  it('has references for every patch size it was trained for, or for every named tensor', () => {
    if (model.patchSizes.length > 0) {
      expect(golden.patches).toEqual([...model.patchSizes].sort((a, b) => a - b));
      for (const patch of model.patchSizes) expect(golden.names(patch)).toContain('logits');
    } else {
      expect(golden.patches).toEqual([]);
      expect(golden.names()).toEqual(expect.arrayContaining([...held.named(passes[0]!)]));
    }
  });

  it.each(WHOLE[folder] ?? [])('has a reference for every named tensor at patch %i', (patch) => {
    expect(golden.names(patch)).toEqual(expect.arrayContaining([...held.named({ patch })]));
  });

  it.each(passes.map((pass) => [passName(pass), pass] as const))(
    'gives PyTorch’s numbers for every tensor with a reference: %s',
    { timeout: 180_000 },
    async (_, pass) => {
      const figures = await held.hold(pass, ortSessions(ort, 'wasm'));
      expect(figures.length).toBeGreaterThanOrEqual(held.outputs(pass).length);
      expect(off(figures)).toEqual([]);
    },
  );
});
