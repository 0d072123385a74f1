import * as ort from 'onnxruntime-web';
import { beforeAll, it, vi } from 'vitest';
import { modelFile, pageHere } from '#lib/runtime/node.testing.ts';
import { graphOf } from '#lib/models/registry.ts';
import { liveModel, pageOf } from './page.testing.ts';
vi.mock('#lib/runtime/addresses.ts', () => ({
  modelFolder: (name: string) => `http://site/models/${name}/`,
  wishedDevice: () => 'wasm',
  keepDevice: () => {},
}));
vi.mock('#lib/runtime/isolate.ts', () => ({ isolate: async () => {} }));
vi.mock('#lib/runtime/assets.ts', () => ({ assetUrls: () => ({}) }));
vi.mock('#lib/weights/download.ts', () => ({ loadFile: async (url: string) => modelFile(url) }));
vi.mock('#lib/runtime/ort.ts', async (original) => ({
  ...(await original<typeof import('#lib/runtime/ort.ts')>()),
  loadOrt: async () => ort,
}));
beforeAll(() => pageHere(ort));
it('names', async () => {
  for (const m of ['vit-flexi','uvit-cifar10','dit-cifar10','swin-shifted','swin-linear','mae','clip']) {
    const c = await liveModel(m).describe();
    const g = graphOf(c);
    console.log(m, [...g.values.values()].filter(v=>!v.internal && !/(locks|layers)\.([1-9]|1\d)\b/.test(v.name)).map(v=>`${v.name}:${v.kind[0]}[${v.shape}]`).join(' '));
  }
  const t0=performance.now();
  const p = await pageOf([{ model: 'mae', tensors: ['reconstruction', 'patches','pos_embed','mask_token'] , inputs: undefined}].slice(1));
  const p1 = await pageOf([{ model: 'vit-flexi', variant:{patch:32}, tensors: ['x','tokens','head.weight','patch_embed.proj.weight','probs'] }]);
  console.log([...p1.tensors].map(String), performance.now()-t0);
});
