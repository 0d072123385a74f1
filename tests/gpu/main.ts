import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { GpuError, openDawn, type Dawn } from '../../bin/lib/dawn.ts';
import { ortOnWebGpu } from '../../bin/lib/ort-webgpu.ts';
import { ortSessions } from '#lib/runtime/ort.ts';
import { plain, type Row } from '../bench/table.ts';
import type { GpuArgs } from './args.ts';
import { checkModel } from './checked.ts';
import { measureModel, measurePasses } from './measured.ts';
import { report, type Circumstances } from './report.ts';

/** Where things lie: in the project, or in a folder packed for another machine. */
export interface Places {
  /** Path of `dawn.node`. */
  readonly dawn: string;
  /** Folder of onnxruntime-web's files. */
  readonly runtime: string;
  /** Folder of the models. */
  readonly models: string;
}

/** Names of the models that have references, or of those asked for. @throws GpuError for one that is not there */
export function modelsIn(folder: string, asked: readonly string[]): readonly string[] {
  const there = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'golden.safetensors')))
    .sort();
  const unknown = asked.find((name) => !there.includes(name));
  if (unknown !== undefined)
    throw new GpuError(`there is no model "${unknown}" with references: there are ${there.join(', ')}`);
  return asked.length > 0 ? asked : there;
}

/** @throws GpuError where a processor answers in place of a card and that was not asked for */
export function refuseSoftware(dawn: Pick<Dawn, 'software' | 'description'>, allowed: boolean): void {
  if (dawn.software && !allowed)
    throw new GpuError(
      `no graphics card answered, only a processor in its place (${dawn.description}); --software tries the command on it`,
    );
}

function circumstances(dawn: Dawn): Circumstances {
  const cores = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  return {
    card: [dawn.vendor, dawn.architecture, dawn.description].filter(Boolean).join(', '),
    software: dawn.software,
    machine: `${cores.length} × ${cores[0]?.model.trim() ?? 'unknown processor'}, ${memory} GiB memory, ${type()} ${release()}`,
    versions: `Node ${process.versions.node}, onnxruntime-web on Dawn`,
    date: new Date().toISOString().slice(0, 10),
  };
}

/**
 * Checks and measures on WebGPU, prints the table as it grows and writes gpu.md and gpu.json.
 * @returns the table as Markdown, and whether everything is within its bounds
 * @throws GpuError
 */
export async function measureGpu(args: GpuArgs, places: Places): Promise<{ text: string; kept: boolean }> {
  const names = modelsIn(places.models, args.models);
  const dawn = await openDawn(places.dawn);
  refuseSoftware(dawn, args.software);
  const facts = circumstances(dawn);
  console.log(`Card: ${facts.card}`);
  const ort = await ortOnWebGpu(places.runtime);
  const rows: Row[] = [];
  const add = (own: readonly Row[]) => {
    rows.push(...own);
    if (own.length > 0) console.log(plain(own));
  };
  if (args.parts.includes('parity'))
    for (const name of names) add(await checkModel(places.models, name, ortSessions(ort, 'webgpu')));
  if (args.parts.includes('bench')) {
    add(await measurePasses(ort));
    for (const name of names) add(await measureModel(ort, places.models, name));
  }
  const text = report(facts, rows);
  mkdirSync(args.out, { recursive: true });
  writeFileSync(join(args.out, 'gpu.md'), text);
  writeFileSync(join(args.out, 'gpu.json'), JSON.stringify({ ...facts, rows }, null, 1));
  console.log(`\n${join(args.out, 'gpu.md')} and gpu.json hold the table.`);
  return { text, kept: rows.every((row) => row.kept !== false) };
}

/** What lies in a document already. */
export const readDocument = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
