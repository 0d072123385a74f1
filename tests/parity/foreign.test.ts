/**
 * Networks of other libraries, tiny and with seeded weights, in the files those libraries write: opened as `patchwork run`
 * opens them, and held to what the library itself answers. tests/fixtures/foreign/make.py wrote them. The table in
 * docs/models.md is checked against what is measured here; `WRITE_TABLE=1 npx vitest run tests/parity/foreign.test.ts`
 * writes it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { openBareFile } from '../../bin/lib/bare.ts';
import { runGraph } from '#lib/graph/session.testing.ts';
import { checkWeights } from '#lib/models/check.ts';
import { familyOf, graphOf, inputsOf } from '#lib/models/registry.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { float32Of } from '#lib/weights/source.ts';

/** One of rows.json. */
interface Row {
  readonly row: string;
  readonly family: string;
  readonly names: string;
  readonly form: string;
  readonly files: readonly string[];
  readonly set: readonly string[];
  readonly feeds: readonly string[];
  readonly tensors: readonly string[];
}

const FOLDER = 'tests/fixtures/foreign';
const LIMIT = 1e-4;
const TABLE = 'docs/models.md';
const BEGIN = '<!-- written by tests/parity/foreign.test.ts -->\n';
const ASSUMED = '<!-- assumptions, written by tests/parity/foreign.test.ts -->\n';
const rows = JSON.parse(readFileSync(`${FOLDER}/rows.json`, 'utf8')) as Row[];

const measured = new Map<string, number>();
/** Fields that were assumed, with the value and the reason, and of how many networks. */
const assumptions = new Map<string, number>();

/** Sizes of these tiny networks stand for any. */
const numberless = (text: string) => text.replace(/(?<![\w.−/-])\d+(?![\w./-])/g, '*n*');

function open({ row, set }: Row, file: string): { bare: ReturnType<typeof openBareFile>; notes: string[] } {
  const notes: string[] = [];
  const bare = openBareFile(`${FOLDER}/${row}/${file}`, set, { note: (line) => notes.push(line) });
  return { bare, notes };
}

/** max |a − b|; infinite where one is no number, or they are not as many. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < b.length; i++) {
    const off = Math.abs(a[i]! - b[i]!);
    if (!(off <= worst)) worst = Number.isNaN(off) ? Infinity : off;
  }
  return worst;
}

describe.each(rows)('$row', (row) => {
  const reference = parseSafetensors(readFileSync(`${FOLDER}/${row.row}/reference.safetensors`));
  const [first = '', ...others] = row.files;

  it('answers what its library answers', async () => {
    const { bare } = open(row, first);
    expect(bare.of.architecture).toBe(row.family);
    const graph = graphOf(bare.of);
    const { weights, notFinite } = checkWeights(bare.source, bare.of);
    expect(notFinite).toEqual([]);
    expect(row.feeds).toEqual(
      expect.arrayContaining(
        inputsOf(bare.of)
          .filter(({ role }) => role !== 'intervention')
          .map(({ name }) => name),
      ),
    );
    const feeds = Object.fromEntries(row.feeds.map((name) => [name, reference.float32(name)]));
    const got = await runGraph(graph, row.tensors, feeds, weights);
    expect(row.tensors.some((name) => /attn(_\d+)?\.probs$/.test(name))).toBe(true);
    for (const name of row.tensors) {
      const wanted = reference.float32(name);
      // What is held against each other differs within itself: no constant passes.
      expect(Math.max(...wanted) - Math.min(...wanted), name).toBeGreaterThan(0.01);
      const off = apart(got[name]!.data, wanted);
      expect(off, `${name} of ${row.row}`).toBeLessThan(LIMIT);
      measured.set(row.row, Math.max(off, measured.get(row.row) ?? 0));
    }
  });

  if (others.length > 0)
    it(`is the same network in ${others.join(', ')}`, () => {
      const one = open(row, first).bare;
      const wanted = checkWeights(one.source, one.of).weights;
      for (const file of others) {
        const other = open(row, file).bare;
        expect(other.of).toEqual(one.of);
        const { weights } = checkWeights(other.source, other.of);
        expect(weights.names().sort()).toEqual(wanted.names().sort());
        for (const value of graphOf(one.of).values.values())
          if (value.kind === 'weight')
            expect(float32Of(weights, value.name)).toEqual(float32Of(wanted, value.name));
      }
    });

  it('says what no tensor tells', () => {
    const { bare } = open(row, first);
    const { defaults, optional } = familyOf(bare.of.architecture);
    for (const { field, value, why } of bare.assumed) {
      expect({ ...defaults, ...optional }).toHaveProperty(field);
      expect((bare.of.config as Record<string, unknown>)[field] ?? optional?.[field as never]).toEqual(value);
      expect(why.length).toBeGreaterThan(5);
      const line = `| \`${field}\` | ${numberless(String(value))} | ${numberless(why)} |`;
      assumptions.set(line, (assumptions.get(line) ?? 0) + 1);
    }
  });
});

/** The least power of ten that is no smaller. */
const power = (value: number) => `1e${Math.ceil(Math.log10(Math.max(value, 1e-9)))}`;

const endings = (files: readonly string[]) =>
  files.map((file) => `\`${/\.\w+$/.exec(file)![0]}\``).join(', ');

function cells({ family, names, form, files }: Row): string[] {
  return [familyOf(family).title.en, names, form, endings(files)];
}

function written(): string {
  const head = ['network', 'names of', 'form', 'files', 'largest difference'];
  const lines = rows.map((row) => [...cells(row), `< ${power(measured.get(row.row) ?? Infinity)}`]);
  return [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |\n`).join('');
}

/** What the page and the command line say that they assume of these networks. */
function writtenAssumptions(): string {
  const head = ['field', 'taken for', 'because', 'of how many of these networks'];
  const lines = [...assumptions].sort(([a], [b]) => (a < b ? -1 : 1));
  const top = [head, head.map(() => '---')].map((line) => `| ${line.join(' | ')} |\n`).join('');
  return top + lines.map(([line, count]) => `${line} ${count} |\n`).join('');
}

/** The lines of a table after its mark, and what stands around them. */
function tableAfter(text: string, mark: string): { before: string; table: string; rest: string } {
  const [before = '', after = ''] = text.split(mark);
  const end = after.search(/^(?!\|)/m);
  return { before: before + mark, table: after.slice(0, end), rest: after.slice(end) };
}
afterAll(() => {
  if (!process.env.WRITE_TABLE) return;
  let text = readFileSync(TABLE, 'utf8');
  for (const [mark, table] of [
    [BEGIN, written()],
    [ASSUMED, writtenAssumptions()],
  ] as const) {
    const { before, rest } = tableAfter(text, mark);
    text = before + table + rest;
  }
  writeFileSync(TABLE, text);
});

describe('docs/models.md', () => {
  it.skipIf(process.env.WRITE_TABLE)(
    'has a line for every row, and no smaller difference than was measured',
    () => {
      const { table } = tableAfter(readFileSync(TABLE, 'utf8'), BEGIN);
      const lines = table.split('\n').filter((line) => line.startsWith('| '));
      expect(lines).toHaveLength(rows.length + 2);
      for (const [i, row] of rows.entries()) {
        const found = lines[i + 2]!.slice(2, -2).split(' | ');
        expect(found.slice(0, -1)).toEqual(cells(row));
        expect(measured.get(row.row)).toBeLessThanOrEqual(Number(found.at(-1)!.slice(2)));
      }
    },
  );

  it.skipIf(process.env.WRITE_TABLE)('lists every assumption that is said of them, and no other', () => {
    expect(tableAfter(readFileSync(TABLE, 'utf8'), ASSUMED).table).toBe(writtenAssumptions());
  });
});
