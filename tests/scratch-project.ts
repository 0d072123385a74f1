import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** What the project needs to run, without lessons and models. */
const PARTS = [
  'bin',
  'src',
  'plugins',
  'scripts',
  'package.json',
  'tsconfig.json',
  'vite.config.ts',
  'svelte.config.js',
];

/** How a script of the copy ended, and what it wrote. */
export interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** A copy of the project in a folder of its own, to which a test adds what a reader of the docs would add. */
export class ScratchProject {
  readonly root: string;

  constructor(name: string) {
    this.root = mkdtempSync(join(tmpdir(), `patchwork-${name}-`));
    for (const path of PARTS) this.add(path, path);
    symlinkSync(resolve('node_modules'), this.at('node_modules'), 'dir');
  }
  /** A path in the copy. */
  at(path: string): string {
    return join(this.root, path);
  }
  /** Copies a file or folder of the project to a place in the copy. */
  add(from: string, to: string): void {
    mkdirSync(dirname(this.at(to)), { recursive: true });
    cpSync(from, this.at(to), { recursive: true });
  }
  /** Runs a script of the copy. */
  node(...args: string[]): Promise<Ended> {
    return new Promise((done) => {
      execFile(process.execPath, args, { cwd: this.root, maxBuffer: 2 ** 26 }, (error, out, err) =>
        done({ status: error ? Number(error.code) : 0, out, err }),
      );
    });
  }
  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
