import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from '#lib/graph/encode.ts';
import { attentionMaps, tiny16 } from './models.ts';
import { bounded, median, ms, times, type Row } from './table.ts';

const ROUNDS = 15;

export interface Times {
  readonly logits: readonly number[];
  readonly maps: readonly number[];
}

/** Rows for one engine and number of threads. `bound`: the promise is about this engine. */
export function forwardRows(group: string, engine: string, t: Times, bound: boolean): Row[] {
  const logits = median(t.logits);
  const maps = median(t.maps);
  const ratio = maps / logits;
  const what = `${engine}: 12 maps against logits only`;
  return [
    { group, what: `${engine}: logits only`, value: ms(logits) },
    { group, what: `${engine}: all 12 attention maps`, value: ms(maps) },
    bound ? bounded(group, what, ratio, 1.5, times) : { group, what, value: times(ratio) },
  ];
}

/** onnxruntime-web on WASM in Node. */
export function wasmInNode(threads: number): Times {
  const script = join('tests', 'bench', 'wasm-node.ts');
  const done = spawnSync(process.execPath, ['--import', 'tsx', script, String(threads)], {
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`wasm-node.ts: ${done.stderr}`);
  return JSON.parse(done.stdout.trim().split('\n').at(-1)!) as Times;
}

/** The Python that has onnxruntime: $PYTHON, python3 or python. */
export function pythonWithOrt(): string | undefined {
  const candidates = [process.env.PYTHON, 'python3', 'python'].filter((p) => p !== undefined);
  return candidates.find((p) => spawnSync(p, ['-c', 'import onnxruntime, numpy']).status === 0);
}

/** onnxruntime in Python on the same graphs; undefined where there is none. */
export function native(threads: number): (Times & { version: string }) | undefined {
  const python = pythonWithOrt();
  if (!python) return undefined;
  const { graph, config, weights } = tiny16();
  const folder = join('.cache', 'bench', 'native');
  mkdirSync(folder, { recursive: true });
  const files = { 'logits.onnx': ['logits'], 'maps.onnx': ['logits', ...attentionMaps(config.depth)] };
  for (const [file, outputs] of Object.entries(files)) {
    const { model, externalData } = encode(graph, { outputs, weights });
    writeFileSync(join(folder, file), model);
    for (const { path, data } of externalData) writeFileSync(join(folder, path), data);
  }
  const script = join('tests', 'bench', 'native.py');
  const paths = Object.keys(files).map((file) => join(folder, file));
  const done = spawnSync(python, [script, String(threads), String(ROUNDS), ...paths], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`native.py: ${done.stderr}`);
  return JSON.parse(done.stdout) as Times & { version: string };
}
