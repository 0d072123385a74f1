import { readFileSync, writeFileSync } from 'node:fs';
import * as d3 from 'd3';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { TensorValue } from '#lib/cells/inside/tensor-value.ts';
import { readBook } from '#lib/cells/language/book.ts';
import { parseCell } from '#lib/cells/language/parse.ts';
import { asTorch } from '#lib/cells/torch/as-torch.ts';
import { graphOf, withVariant } from '#lib/models/registry.ts';
import type { WorkedCells } from '#lib/notebook/types.ts';
import { textOf } from '#lib/notebook/torch-step.ts';
import { modelFile, pageHere } from '#lib/runtime/node.testing.ts';
import { liveModel, pageOf, runOn } from './page.testing.ts';

// Worked cells as PyTorch: the code and the values are kept in torch.json, which PyTorch runs and holds to the same
// values (training/tests/test_cells.py). `UPDATE=1 npx vitest run tests/cells/torch.test.ts` writes it anew.
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

interface Kept {
  readonly id: string;
  readonly model: string;
  readonly picture: string;
  readonly patch: number;
  readonly code: string;
  /** The first values of each name. */
  readonly values: Readonly<Record<string, readonly number[]>>;
}
const FILE = 'tests/cells/torch.json';
const kept = (): readonly Kept[] => JSON.parse(readFileSync(FILE, 'utf8')) as Kept[];
const lessons = import.meta.glob<{ cells: WorkedCells }>('/lessons/*/cells.ts', { eager: true });
const MODEL = 'vit-flexi';
const PATCH = 32;
const STATE = { p: PATCH, at: [124, 180], l: 4, h: 1, d: 5 };
/** Which of a lesson's worked cells, and the names whose values are held. */
const CASES = [
  ['01', 'flatten', ['theirs', 'difference']],
  ['03', 'distance', ['distance', 'pixels']],
  ['04', 'norm', ['mean', 'variance', 'mine']],
  ['04', 'share', ['parameters', 'share']],
  ['05', 'temperature', ['most', 'chances']],
] as const;

const codesOf = (lesson: string, id: string): readonly string[] => {
  const found = Object.entries(lessons).find(([path]) => path.startsWith(`/lessons/${lesson}`));
  return found?.[1].cells[id]?.en ?? [];
};
const firsts = (value: unknown): number[] =>
  value instanceof TensorValue ? [...value.values.subarray(0, 6)] : [Number(value)];

describe('worked cells as PyTorch', () => {
  it('are the lines that PyTorch runs, with the values that it gives', { timeout: 120_000 }, async () => {
    const config = withVariant(await liveModel(MODEL).describe(), { patch: PATCH });
    const graph = graphOf(config);
    const made: Kept[] = [];
    const asked = CASES.flatMap(([lesson, id]) => codesOf(lesson, id)).flatMap(
      (code) => parseCell(code).cell?.tensors.map(({ name }) => name) ?? [],
    );
    const tensors = [...new Set([...asked, `blocks.${STATE.l}.attn.probs`])];
    const page = await pageOf([{ model: MODEL, variant: { patch: PATCH }, tensors }], STATE);
    for (const [lesson, id, names] of CASES) {
      const codes = codesOf(lesson, id);
      const book = readBook(
        codes.map((code, i) => ({ id: String(i), code })),
        undefined,
      );
      const around = {
        graphOf: (name: string) => (graph.values.has(name) ? graph : undefined),
        formOf: () => undefined,
        state: STATE,
      };
      const last = book.findLast(({ cell }) => cell?.names.some(({ name }) => name === names.at(-1)));
      const { rows, without } = asTorch(book, last?.id ?? '', around);
      expect(without, id).toEqual([]);
      const ran = await runOn({ ...page, libraries: { d3 } }, codes);
      made.push({
        ...{ id: `${lesson} ${id}`, model: MODEL, picture: 'golden-retriever', patch: PATCH },
        code: textOf(rows),
        values: Object.fromEntries(names.map((name) => [name, firsts(ran.names[name])])),
      });
    }
    if (process.env.UPDATE) writeFileSync(FILE, `${JSON.stringify(made, null, 1)}\n`);
    const stored = kept();
    expect(stored.map(({ id, code }) => [id, code])).toEqual(made.map(({ id, code }) => [id, code]));
    for (const [k, { values }] of made.entries())
      for (const [name, numbers] of Object.entries(values))
        numbers.forEach((v, i) => expect(v, name).toBeCloseTo(stored[k]?.values[name]?.[i] ?? NaN, 4));
  });

  it('say what has no line', () => {
    const book = readBook(
      [
        "const a = tensor('nothing')",
        'const b = a.mean()',
        'const c = [1, 2].map((v) => v ** 2)',
        'noise(1, [3])',
      ].map((code, i) => ({ id: String(i), code })),
      undefined,
    );
    const around = { graphOf: () => undefined, formOf: () => undefined, state: {} };
    const of = (id: string) => asTorch(book, id, around);
    expect(of('1').without).toEqual(["tensor('nothing')", 'a.mean()']);
    expect(of('1').rows.map(({ code }) => code)).toEqual([
      "# no line for: a = tensor('nothing')",
      '# no line for: b = a.mean()',
    ]);
    expect(of('2').rows.map(({ code }) => code)).toEqual(['c = [v ** 2 for v in [1, 2]]']);
    expect(of('3').without).toEqual(['noise(1, [3])']);
  });
});
