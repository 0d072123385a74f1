import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { GpuError } from '../../bin/lib/dawn.ts';
import { BUILDS } from '#lib/runtime/builds.ts';
import { modelsIn, type Places } from './main.ts';

/** What the folder may weigh, bytes. */
export const MOST = 60e6;

/** Files of a model that the command reads. */
const MODEL_FILES = ['config.json', 'model.safetensors', 'golden.safetensors'];

/** A Vulkan loader that a bare machine may lack; the card's own driver is never packed. */
const LOADERS = ['/usr/lib/x86_64-linux-gnu/libvulkan.so.1', '/usr/lib/chromium/libvulkan.so.1'];

/** Runs on the other machine. It asks for `tar` with xz, or for Python's lzma in its place. */
export const RUN_SH = `#!/bin/sh
# WebGPU on this machine's card: unpacks beside nothing but this folder, runs, and leaves gpu.md and gpu.json here.
#   run.sh [parity] [bench] [--model M] [--software]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "\${TMPDIR:-/tmp}/patchwork-gpu.XXXXXX")
trap 'rm -rf "$work"' EXIT
for part in program models; do
  if command -v xz >/dev/null; then xz -dc "$here/$part.tar.xz" | tar -xf - -C "$work"
  elif command -v python3 >/dev/null; then
    python3 -c 'import sys, tarfile; tarfile.open(sys.argv[1], "r:xz").extractall(sys.argv[2])' "$here/$part.tar.xz" "$work"
  else echo "run.sh needs xz or python3 to unpack $part.tar.xz: install one of them." >&2; exit 2; fi
done
# The machine's own Vulkan loader first; the packed one where it has none.
if ! ldconfig -p 2>/dev/null | grep -q libvulkan.so.1 && [ -e "$work/lib/libvulkan.so.1" ]; then
  LD_LIBRARY_PATH="$work/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"; export LD_LIBRARY_PATH
fi
# A driver without the file that tells the loader about it (as in many containers): one is written.
if [ -z "\${VK_ICD_FILENAMES:-}\${VK_DRIVER_FILES:-}" ] && ! ls /usr/share/vulkan/icd.d/*.json /etc/vulkan/icd.d/*.json >/dev/null 2>&1; then
  for library in libGLX_nvidia.so.0 libEGL_nvidia.so.0; do
    if ldconfig -p 2>/dev/null | grep -q "$library"; then
      printf '{"file_format_version": "1.0.0", "ICD": {"library_path": "%s", "api_version": "1.3.0"}}' "$library" >"$work/icd.json"
      VK_ICD_FILENAMES="$work/icd.json"; export VK_ICD_FILENAMES
      break
    fi
  done
fi
PATCHWORK_GPU_STATUS="$work/status" "$work/node" "$work/main.mjs" --out "$here" "$@" || [ -e "$work/status" ]
status=$(cat "$work/status")
exit "$status"
`;

/** One file of the payload: its name there, and where it comes from. */
export interface Packed {
  readonly name: string;
  readonly from: string;
}

export interface PackPlaces extends Places {
  /** Node for Linux on x64. */
  readonly node: string;
}

/** What the payload holds beside the program; `loader` where this machine has one. */
export function packingList(places: PackPlaces, models: readonly string[], loader?: string): Packed[] {
  const { script, wasm } = BUILDS.asyncify.files;
  return [
    { name: 'node', from: places.node },
    { name: 'dawn.node', from: places.dawn },
    ...[script, wasm].map((file) => ({ name: `runtime/${file}`, from: join(places.runtime, file) })),
    ...models.flatMap((model) =>
      MODEL_FILES.map((file) => ({
        name: `models/${model}/${file}`,
        from: join(places.models, model, file),
      })),
    ),
    ...(loader === undefined ? [] : [{ name: 'lib/libvulkan.so.1', from: loader }]),
  ];
}

const sizeOfModel = (folder: string, model: string) =>
  MODEL_FILES.reduce((sum, file) => sum + statSync(join(folder, model, file)).size, 0);

/**
 * The models without the lightest that is as heavy as what is too much; without the largest where none is.
 * @param excess bytes the folder is too heavy by
 */
export function lighter(
  folder: string,
  models: readonly string[],
  excess: number,
): { kept: string[]; left: string } {
  const heavy = [...models].sort((a, b) => sizeOfModel(folder, a) - sizeOfModel(folder, b));
  // Weights lose about a tenth when they are pressed.
  const left = heavy.find((model) => 0.9 * sizeOfModel(folder, model) >= excess) ?? heavy.at(-1) ?? '';
  return { kept: models.filter((model) => model !== left), left };
}

/** Runs a program; gives whether it succeeded. */
const run = (program: string, args: readonly string[]) =>
  spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;

/** The program in one file, by the project's own bundler. */
async function bundle(into: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join('tests', 'gpu', 'packed.ts'),
      outDir: into,
      emptyOutDir: false,
      target: 'node20',
      rollupOptions: { output: { entryFileNames: 'main.mjs', codeSplitting: false } },
    },
    ssr: { noExternal: true },
  });
}

/** Copies what is listed; symbols that nobody reads there are taken out of the binaries where `strip` is at hand. */
function fill(folder: string, list: readonly Packed[]): void {
  for (const { name, from } of list) {
    const to = join(folder, name);
    mkdirSync(join(to, '..'), { recursive: true });
    copyFileSync(from, to);
    if (!/^(node|dawn\.node)$/.test(name)) continue;
    chmodSync(to, 0o755);
    spawnSync('strip', ['-s', to], { stdio: 'ignore' });
  }
}

/** Presses a part of the payload into the folder; gives the folder's bytes. */
function press(folder: string, payload: string, part: 'program' | 'models'): number {
  const archive = join(folder, `${part}.tar.xz`);
  const what =
    part === 'models'
      ? 'models'
      : readdirSync(payload)
          .filter((name) => name !== 'models')
          .join(' ');
  if (!run('sh', ['-c', `tar -cf - -C "$0" ${what} | xz -6 -T0 >"$1"`, payload, archive]))
    throw new GpuError('the folder could not be packed: tar and xz are needed for it');
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/**
 * Makes a folder that runs the command on a bare Linux machine. Where it would weigh more than 60 MB models
 * are left out, and named.
 * @returns what was made, in lines for a terminal
 * @throws GpuError where it can't be made
 */
export async function pack(folder: string, places: PackPlaces, asked: readonly string[]): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  let models: readonly string[] = modelsIn(places.models, asked);
  const left: string[] = [];
  const payload = mkdtempSync(join(tmpdir(), 'patchwork-pack-'));
  try {
    await bundle(payload);
    fill(payload, packingList(places, models, LOADERS.find(existsSync)));
    writeFileSync(join(folder, 'run.sh'), RUN_SH, { mode: 0o755 });
    press(folder, payload, 'program');
    let bytes = press(folder, payload, 'models');
    while (bytes > MOST) {
      const { kept, left: heavy } = lighter(places.models, models, bytes - MOST);
      if (kept.length === 0) throw new GpuError(`the folder weighs ${bytes} bytes without any model`);
      rmSync(join(payload, 'models', heavy), { recursive: true });
      left.push(heavy);
      models = kept;
      bytes = press(folder, payload, 'models');
    }
    return [
      `${folder} weighs ${(bytes / 1e6).toFixed(1)} MB of ${MOST / 1e6}: Node, Dawn, the runtime, ${models.join(', ')}.`,
      ...left.map((name) => `Left out, since it would be too heavy with it: ${name}.`),
      `On a Linux machine with a card: ${join(folder, 'run.sh')}`,
    ];
  } finally {
    rmSync(payload, { recursive: true, force: true });
  }
}
