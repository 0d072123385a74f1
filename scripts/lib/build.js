import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['src', 'lessons', 'static', 'models', 'plugins'];
const FILES = ['svelte.config.js', 'vite.config.ts', 'package.json', 'package-lock.json'];
const STAMP = '.svelte-kit/build-stamp';
const LOCK = '.svelte-kit/build-lock';

/** Where the site will lie on its host: '' or '/name'. */
export const basePath = () => process.env.BASE_PATH ?? '';

/** A fingerprint of everything the build is made from: path, size and time of each source, and the base path. */
function fingerprint() {
  const hash = createHash('sha256').update(basePath());
  /** @param {string} path */
  const add = (path) => {
    if (!existsSync(path)) return;
    const stat = statSync(path);
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name));
    else if (!/\.(test|e2e|testing)\.ts$|\/tests\//.test(path))
      hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
  };
  for (const path of [...SOURCES, ...FILES]) add(path);
  return hash.digest('hex');
}

/** Whether `build/` is there and made from the sources as they are now. */
export function isBuilt() {
  return existsSync('build/404.html') && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint();
}

/**
 * Builds the site into `build/` unless it is there already, made from the same sources. Two builds at once wait for
 * each other.
 * @returns {boolean} false when the build failed (its words are on the terminal)
 */
export function ensureBuild() {
  mkdirSync('.svelte-kit', { recursive: true });
  for (let waited = 0; !take(); waited++) {
    if (waited > 300) {
      rmSync(LOCK, { recursive: true, force: true });
      continue;
    }
    if (waited === 0) console.log('Waiting for another build …');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  }
  try {
    if (isBuilt()) return true;
    const before = fingerprint();
    const vite = join('node_modules', 'vite', 'bin', 'vite.js');
    console.log('Building the site …');
    const done = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (done.status !== 0) {
      process.stderr.write(`${done.stdout}${done.stderr}`);
      return false;
    }
    writeFileSync(STAMP, before);
    return true;
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

/** Takes the build lock; one left behind by a process that is gone is taken over. */
function take() {
  try {
    mkdirSync(LOCK);
    writeFileSync(join(LOCK, 'pid'), String(process.pid));
    return true;
  } catch {
    try {
      process.kill(Number(readFileSync(join(LOCK, 'pid'), 'utf8')), 0);
    } catch {
      rmSync(LOCK, { recursive: true, force: true });
    }
    return false;
  }
}
