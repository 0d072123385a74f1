import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { ortSessions } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import { Shelf } from '../reading/shelf.ts';
import { NOTHING } from './corrected.ts';
import { ownConfig } from './model.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

describe('a model of the reader’s', () => {
  it('answers as PyTorch does with the same weights, once its heads are set', async () => {
    const shelf = new Shelf();
    const files = [new File([readFileSync('models/vit-tiny/model.safetensors')], 'mine.safetensors')];
    const examined = await shelf.examine({ files, choices: { set: { heads: 2 } } });
    const model = ownConfig(examined, examined.recognised!, { files, corrected: NOTHING, names: [] });
    expect(model.name).toBe(`own-${examined.sha256.slice(0, 12)}`);
    const prepared = prepareModel(await shelf.weights(model), model, { outputs: ['logits'] });
    const session = await ortSessions(ort, 'wasm')(prepared.encoded);
    const golden = parseSafetensors(readFileSync('models/vit-tiny/golden.safetensors'));
    const { shape } = prepared.graph.value('x');
    const [logits] = await session.run([{ name: 'x', shape, data: golden.float32('x') }], ['logits']);
    await session.release();
    const wanted = golden.float32('p4/logits');
    expect(wanted).toHaveLength(10);
    expect(Math.max(...wanted.map((v, i) => Math.abs(v - logits!.data[i]!)))).toBeLessThan(1e-4);
  });
});
