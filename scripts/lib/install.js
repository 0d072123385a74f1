import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }> }} Lock */

/** @param {string} path @returns {Lock | undefined} */
function lock(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/**
 * The packages of the lock file that `node_modules` lacks or has in another version. Optional ones (other platforms'
 * binaries) don't count.
 * @returns {string[]}
 */
export function missingPackages() {
  const wanted = lock('package-lock.json')?.packages ?? {};
  const there = lock('node_modules/.package-lock.json')?.packages ?? {};
  return Object.entries(wanted)
    .filter(([path, entry]) => path && !entry.optional && there[path]?.version !== entry.version)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
}

/** Installs from the lock file when `node_modules` doesn't hold what it names. Exits when that fails. */
export function ensureInstalled() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  console.log(`Installing from package-lock.json (${missing.length} packages are missing) …`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  // A second attempt finds what the first one fetched: a broken connection costs no more than what was missing.
  for (let attempt = 0; attempt < 2; attempt++) {
    const done = spawnSync(npm, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    });
    if (done.status === 0) return;
  }
  console.error(
    'The packages could not be installed. Is the network reachable? Then run `npm ci` and try again.',
  );
  process.exit(1);
}

/** Exits with one sentence when Node is too old for the project. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Node ${process.versions.node} is too old: Patchwork needs Node 20.19 or later.`);
  process.exit(1);
}
