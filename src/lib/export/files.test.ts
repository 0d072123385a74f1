import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { familyOf, graphOf, preset } from '#lib/models/registry.ts';
import { describe as describeGraph } from '#lib/graph/index.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { parseModelConfig } from '#lib/models/model-config.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { costTable, onnxOf, tensorsFile } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchwork-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What `patchwork onnx` writes. */
function shell(...args: string[]): Buffer {
  const out = join(folder, 'm.onnx');
  execFileSync(process.execPath, ['bin/patchwork.js', 'onnx', ...args, '--out', out]);
  return readFileSync(out);
}

describe('the graph with its weights', () => {
  it.each([
    ['vit-tiny', 'blocks.0.attn.probs'],
    ['uvit-tiny', 'mid_block.attn.probs'],
    ['dit-tiny', 'blocks.1.gate_mlp'],
    ['mae-tiny', 'decoder_blocks.0.attn.probs'],
  ])('of %s is the file that the shell writes, byte for byte', { timeout: 30_000 }, (name, more) => {
    const read = (file: string) => readFileSync(`models/${name}/${file}`);
    const model = parseModelConfig(read('config.json').toString());
    const weights = bindWeights(parseSafetensors(read('model.safetensors')), model);
    const page = onnxOf(graphOf(model), model, [more], weights);
    const answers = familyOf(model.architecture).answers(model.config);
    expect(shell(`models/${name}`, '--tensors', [...answers, more].join()).equals(page)).toBe(true);
  });

  it('is small without them: every weight is filled when it runs', () => {
    const of = preset('vit-h-14')!;
    expect(onnxOf(graphOf(of), of, []).length).toBeLessThan(2e6);
  });
});

it('tensors of the page are read back as they are', () => {
  const data = Float32Array.of(1.5, -0, NaN, Infinity, 1e-40, 3);
  const file = parseSafetensors(
    tensorsFile(
      [
        {
          value: { name: 'a', shape: [2, 3], dims: ['T', 'D'], data },
          provenance: { kind: 'network', model: 'm', tensor: 'a' },
        },
        { value: undefined, provenance: { kind: 'input' } },
      ],
      { model: 'm' },
    ),
  );
  expect(file.get('a')?.shape).toEqual([2, 3]);
  expect(file.float32('a')).toEqual(data);
  expect(file.metadata).toEqual({ model: 'm', 'dims.a': 'T D', 'from.a': 'm/a' });
  expect([...file.names()]).toEqual(['a']);
});

it('the table has a line for every tensor and weight, and sums to the totals', () => {
  const description = describeGraph(graphOf(preset('vit-b-16')!));
  const [head, ...lines] = costTable(description)
    .trimEnd()
    .split('\r\n')
    .map((l) => l.split(','));
  expect(head).toEqual(['name', 'kind', 'shape', 'dims', 'op', 'bytes', 'macs', 'parameters']);
  expect(lines).toHaveLength(description.tensors.length + description.weights.length);
  const sum = (column: number, kind: RegExp) =>
    lines.filter((l) => kind.test(l[1]!)).reduce((n, l) => n + Number(l[column]), 0);
  expect(sum(7, /weight/)).toBe(86_567_656);
  expect(sum(7, /./)).toBe(86_567_656);
  expect(sum(6, /tensor|input/)).toBe(description.macs);
});
