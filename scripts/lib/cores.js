import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const FOLDER = join('node_modules', '.cache', 'on-core');

/**
 * The cores this process may use, by number; none where the system does not say (it does on Linux).
 * @param {string} status the text of /proc/self/status
 * @returns {number[]}
 */
export function allowedCores(status) {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
  return list
    .split(',')
    .filter(Boolean)
    .flatMap((part) => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
}

/** @returns {number[]} */
function coresHere() {
  try {
    return allowedCores(readFileSync('/proc/self/status', 'utf8'));
  } catch {
    return [];
  }
}

/**
 * A program that keeps to one core with all its processes, and so takes the machine for one of a single core. Where
 * that can't be said (it takes Linux and `taskset`), the program itself.
 * @param {string} executable path of a program
 * @param {number} index which of the allowed cores, counted around
 * @returns {string} path of a program that takes the same arguments
 */
export function onCore(executable, index) {
  const cores = coresHere();
  const core = cores[index % cores.length];
  if (core === undefined || spawnSync('taskset', ['-c', String(core), 'true']).status !== 0)
    return executable;
  mkdirSync(FOLDER, { recursive: true });
  const path = resolve(FOLDER, `${basename(executable)}-${core}`);
  writeFileSync(path, `#!/bin/sh\nexec taskset -c ${core} "${executable}" "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}
