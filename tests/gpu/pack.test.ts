import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { modelsIn, refuseSoftware } from './main.ts';
import { lighter, packingList, RUN_SH } from './pack.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchwork-gpu-models-'));
afterAll(() => rmSync(folder, { recursive: true }));
for (const [name, bytes] of [
  ['small', 10],
  ['large', 1000],
  ['middle', 100],
] as const) {
  mkdirSync(join(folder, name));
  for (const file of ['config.json', 'model.safetensors', 'golden.safetensors'])
    writeFileSync(join(folder, name, file), Buffer.alloc(bytes));
}
mkdirSync(join(folder, 'without-references'));

describe('the packed folder', () => {
  const places = { dawn: '/d/dawn.node', runtime: '/ort', models: folder, node: '/n/node' };

  it('holds Node, Dawn, one build of the runtime, and of each model what is read', () => {
    const list = packingList(places, ['small'], '/usr/lib/libvulkan.so.1');
    expect(list.map(({ name }) => name)).toEqual([
      'node',
      'dawn.node',
      'runtime/ort.webgpu.bundle.min.mjs',
      'runtime/ort-wasm-simd-threaded.asyncify.wasm',
      'models/small/config.json',
      'models/small/model.safetensors',
      'models/small/golden.safetensors',
      'lib/libvulkan.so.1',
    ]);
    expect(list[0]!.from).toBe('/n/node');
    expect(list[4]!.from).toBe(join(folder, 'small', 'config.json'));
    expect(packingList(places, []).map(({ name }) => name)).not.toContain('lib/libvulkan.so.1');
  });

  it('leaves out no more than it must', () => {
    const all = ['small', 'large', 'middle'];
    expect(lighter(folder, all, 5)).toEqual({ kept: ['large', 'middle'], left: 'small' });
    expect(lighter(folder, all, 200)).toEqual({ kept: ['small', 'large'], left: 'middle' });
    expect(lighter(folder, all, 1e6)).toEqual({ kept: ['small', 'middle'], left: 'large' });
    expect(lighter(folder, ['small'], 1)).toEqual({ kept: [], left: 'small' });
  });

  it('has a script that a plain shell understands', () => {
    const done = spawnSync('sh', ['-n'], { input: RUN_SH, encoding: 'utf8' });
    expect(done.stderr).toBe('');
    expect(done.status).toBe(0);
  });
});

describe('what npm run gpu runs on', () => {
  it('is every model with references, or those that are named', () => {
    expect(modelsIn(folder, [])).toEqual(['large', 'middle', 'small']);
    expect(modelsIn(folder, ['small'])).toEqual(['small']);
    expect(() => modelsIn(folder, ['huge'])).toThrow(
      'there is no model "huge" with references: there are large, middle',
    );
  });

  it('is a card, unless a processor was asked for', () => {
    const processor = { software: true, description: 'SwiftShader driver' };
    expect(() => refuseSoftware(processor, false)).toThrow(
      'no graphics card answered, only a processor in its place (SwiftShader driver)',
    );
    expect(() => refuseSoftware(processor, true)).not.toThrow();
    expect(() => refuseSoftware({ software: false, description: 'a card' }, false)).not.toThrow();
  });
});
