import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { forwardRows, native, wasmInNode } from './forward.ts';
import { measureGraph } from './graph.ts';
import { sectionOf } from '../gpu/report.ts';
import { markdown, plain, type Row } from './table.ts';

const ENGINES = 'Forward pass of ViT-Ti/16, 224 pixels, median';

async function measureForward(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const threads of [1, 2]) {
    const group = `${ENGINES}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
    const t = native(threads);
    if (t) rows.push(...forwardRows(group, `onnxruntime ${t.version} in Python`, t, false));
    else rows.push({ group, what: 'onnxruntime in Python', value: 'not here' });
    rows.push(...forwardRows(group, 'WASM in Node', wasmInNode(threads), true));
    const { wasmInChromium } = await import('./chromium.ts');
    rows.push(...forwardRows(group, 'WASM in Chromium', await wasmInChromium(threads), true));
  }
  return rows;
}

const PARTS: Record<string, () => Promise<Row[]>> = {
  graph: async () => measureGraph(),
  forward: measureForward,
  page: async () => (await import('./chromium.ts')).measurePage(),
  attention: async () => (await import('./chromium.ts')).measureAttention(),
  cheaper: async () => (await import('./cheaper.ts')).measureCheaper(),
  masked: async () => (await import('./masked.ts')).measureMasked(),
  words: async () => (await import('./words.ts')).measureWords(),
  seeing: async () => (await import('./seeing.ts')).measureSeeing(),
  painting: async () => (await import('./painting.ts')).measurePainting(),
  denoise: async () => (await import('./denoise.ts')).measureDenoise(),
  inspector: async () => (await import('./inspector.ts')).measureInspector(),
  cells: async () => (await import('./cells.ts')).measureCells(),
  site: async () => (await import('./site.ts')).measureSite(),
  reader: async () => (await import('./reader-cost.ts')).measureReader(),
  own: async () => (await import('./own.ts')).measureOwn(),
  line: async () => (await import('./first-answer.ts')).measureFirstAnswer(),
};

/** The machine and the versions the figures belong to. */
async function circumstances(): Promise<string[]> {
  const { chromiumVersion } = await import('./chromium.ts');
  const version = (name: string): string =>
    (JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string }).version;
  const cores = cpus();
  return [
    `Date: ${new Date().toISOString().slice(0, 10)}`,
    `Machine: ${cores.length} × ${cores[0]?.model.trim() ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB memory, ${type()} ${release()}`,
    `Versions: Node ${process.versions.node}, Chromium ${await chromiumVersion()}, onnxruntime-web ${version('onnxruntime-web')}`,
  ];
}

/**
 * Measures the parts that are named (all, when none is), prints a table, and writes docs/benchmarks.md if asked to.
 * @returns the exit status: 1 when a promise is not kept
 */
export async function bench(names: readonly string[], write: boolean): Promise<number> {
  const unknown = names.filter((name) => !(name in PARTS));
  if (unknown.length > 0) {
    console.error(
      `There is no part called ${unknown.join(', ')}. The parts are ${Object.keys(PARTS).join(', ')}.`,
    );
    return 2;
  }
  const rows: Row[] = [];
  for (const [name, measure] of Object.entries(PARTS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const own = await measure();
    rows.push(...own);
    console.log(plain(own));
  }
  const facts = await circumstances();
  console.log(`\n${facts.join('\n')}`);
  if (write) {
    mkdirSync('docs', { recursive: true });
    const intro =
      'Figures of one run of `npm run bench -- --write`. Times are medians; ratios are of that run.';
    const text = `# Benchmarks\n\n${intro}\n\n${facts.map((f) => `- ${f}`).join('\n')}\n\n${markdown(rows)}`;
    // What was measured on a card stays: there may be none here.
    const path = 'docs/benchmarks.md';
    const card = existsSync(path) ? sectionOf(readFileSync(path, 'utf8')) : '';
    writeFileSync(path, card ? `${text.trimEnd()}\n\n${card}\n` : text);
  }
  return rows.some((row) => row.kept === false) ? 1 : 0;
}
