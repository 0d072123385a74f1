import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readFileSync } from 'node:fs';
import { parseModelConfig } from '#lib/models/model-config.ts';
import { graphOf } from '#lib/models/registry.ts';
import { encode } from '#lib/graph/encode.ts';
import { runGraph } from '#lib/graph/session.testing.ts';
import { float32Of } from '#lib/weights/source.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import type { BytesOnDisk } from './on-disk.ts';
import { Shelf } from './shelf.ts';

const FOLDER = 'models/vit-tiny';
const bytes = new Uint8Array(readFileSync(`${FOLDER}/model.safetensors`));
const read: [number, number][] = [];
let gone = false;

/** Node has none; this one reads the same file. */
class SyncReader {
  readAsArrayBuffer(part: Blob & { range?: [number, number] }): ArrayBuffer {
    if (gone) throw new DOMException('gone', 'NotReadableError');
    const [begin, end] = part.range ?? [0, 0];
    read.push([begin, end]);
    return bytes.slice(begin, end).buffer;
  }
}
class OwnFile extends File {
  override slice(begin = 0, end = this.size): Blob {
    return Object.assign(super.slice(begin, end), { range: [begin, end] });
  }
}
beforeEach(() => {
  vi.stubGlobal('FileReaderSync', SyncReader);
  read.length = 0;
  gone = false;
});
afterEach(() => void vi.unstubAllGlobals());

it('leaves weights in their file once they are bound, reads each where it is needed, and reads the file again', async () => {
  const shelf = new Shelf();
  const model = parseModelConfig(readFileSync(`${FOLDER}/config.json`, 'utf8'), 'config.json');
  const files = [new OwnFile([bytes], 'model.safetensors', { lastModified: 1 })];
  const choices = { set: { heads: 2 } };
  const { sha256, recognised } = await shelf.examine({ files, choices });
  const config = { ...model, config: recognised!.of.config, own: { files, prefix: '', sha256 } };
  const weights = await shelf.weights(config);
  const held = [...weights.buffers.values()].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  expect(held).toBe(0);
  expect(read).toEqual([]);
  const own = parseSafetensors(bytes, 'model.safetensors');
  expect(float32Of(weights, 'head.weight')).toEqual(own.float32('head.weight'));
  expect(read).toHaveLength(1);
  // The runtime is given what a session needs of it: how long it is, and its parts.
  const { externalData } = encode(graphOf(config), { outputs: ['logits'], weights });
  const [once] = [...weights.buffers.values()].map((of) => (of as BytesOnDisk).passing());
  const [first, second] = [once!.subarray(0, 8), once!.subarray(8, 16)];
  expect([first!.byteLength, second!.byteLength]).toEqual(['transfer' in ArrayBuffer.prototype ? 0 : 8, 8]);
  expect(second).toEqual(bytes.slice(8, 16));
  expect(externalData.map(({ data }) => data instanceof Uint8Array && data.byteLength)).toEqual([
    bytes.length,
  ]);
  const x = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => Math.sin(i));
  const [a, b] = await Promise.all(
    [weights, own].map((of) => runGraph(graphOf(config), ['logits'], { x }, of)),
  );
  expect(a!.logits!.data).toEqual(b!.logits!.data);

  // What was guessed can be corrected afterwards: the file is read again.
  expect((await shelf.examine({ files, choices })).sha256).toBe(sha256);
  gone = true;
  expect(() => float32Of(weights, 'head.weight')).toThrow(/moved or changed since it was chosen/);
});
