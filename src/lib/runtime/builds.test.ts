import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUILDS, chooseBuild, type BuildId } from './builds.ts';

const dist = dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));

describe('the runtime builds', () => {
  for (const id of Object.keys(BUILDS) as BuildId[]) {
    it(`${id}: size and hash are those of the installed package`, () => {
      const bytes = readFileSync(join(dist, BUILDS[id].files.wasm));
      expect(bytes.length).toBe(BUILDS[id].bytes);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(BUILDS[id].sha256);
      expect(readFileSync(join(dist, BUILDS[id].files.script), 'utf8')).toContain(BUILDS[id].files.wasm);
    });
  }

  it('takes plain WASM without a usable adapter, else JSPI, else asyncify', () => {
    expect(chooseBuild({ jspi: true, adapter: true })).toBe('jspi');
    expect(chooseBuild({ jspi: true, adapter: false })).toBe('wasm');
    expect(chooseBuild({ jspi: false, adapter: true })).toBe('asyncify');
    expect(chooseBuild({ jspi: false, adapter: false })).toBe('wasm');
  });
});
