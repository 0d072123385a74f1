// npm test [-- name …]: installs what is missing, then runs all checks, or those that are named:
//   types, format, lint, unit, build, e2e
// Closes with one line `N passed, N failed`; the exit status is 1 when anything failed.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join, relative } from 'node:path';
import { otherwise, oxfmtArgs, prettierArgs } from './lib/format.js';
import { ensureInstalled, requireNode } from './lib/install.js';

/** @typedef {{ passed: number, failed: number, note?: string }} Counts */

const bin = (/** @type {string[]} */ ...parts) => join('node_modules', ...parts);

/** What Oxlint leaves to ESLint. */
const RUNES = ['**/*.svelte', '**/*.svelte.{ts,js}'];

/**
 * Runs a Node program; its words are shown when it fails, or while it runs if `live`, or never if `silent`.
 * @param {string[]} args @param {{ live?: boolean, silent?: boolean }} [options]
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
function node(args, { live = false, silent = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const take = (/** @type {Buffer} */ bytes) => {
      output += bytes;
      if (live) process.stdout.write(bytes);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('close', (status) => {
      if (status !== 0 && !live && !silent) process.stdout.write(output);
      resolve({ ok: status === 0, output });
    });
  });
}

/** One check that either passes or fails. @param {boolean} ok @param {string} [note] @returns {Counts} */
const one = (ok, note) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, ...(note && { note }) });

/**
 * The slowest files of the unit tests, as lines for a terminal.
 * @param {{ name: string, startTime: number, endTime: number }[]} files times in milliseconds
 */
function slowestFiles(files) {
  const took = files
    .map(({ name, startTime, endTime }) => ({ name: relative('.', name), ms: endTime - startTime }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 10);
  const lines = took.map(({ name, ms }) => `  ${(ms / 1000).toFixed(1).padStart(6)} s  ${name}`);
  return [`The ${took.length} slowest of ${files.length} files:`, ...lines];
}

/** Milliseconds that all cores of the machine together were idle, and that went by on them. */
function clock() {
  const all = cpus().map(({ times }) => times);
  const idle = all.reduce((sum, times) => sum + times.idle, 0);
  return { idle, all: all.reduce((sum, t) => sum + t.user + t.nice + t.sys + t.irq + t.idle, 0) };
}

/** @type {Record<string, () => Promise<Counts>>} */
const CHECKS = {
  async types() {
    // TypeScript 7 finds what TypeScript 6 finds, in a third of the processor time (docs/testing.md).
    const options = ['--tsconfig', './tsconfig.json', '--fail-on-warnings', '--tsgo-experimental-api'];
    const { ok, output } = await node([bin('svelte-check', 'bin', 'svelte-check'), ...options]);
    const sum = /found (\d+ errors? and \d+ warnings?)/.exec(output);
    return one(ok && sum !== null, sum?.[1]);
  },
  async format() {
    const scripts = otherwise(await node(oxfmtArgs, { silent: true }));
    const oks = [await node(prettierArgs(undefined))];
    if (scripts.length > 0) oks.push(await node(prettierArgs(scripts)));
    return one(oks.every(({ ok }) => ok));
  },
  async lint() {
    // Oxlint has the rules of scripts (tests/rules.test.ts), ESLint those of components and of modules with runes.
    const oks = [
      await node([bin('oxlint', 'bin', 'oxlint'), '--deny-warnings', '.']),
      await node([bin('eslint', 'bin', 'eslint.js'), '--max-warnings', '0', ...RUNES]),
    ];
    return one(oks.every(({ ok }) => ok));
  },
  async unit() {
    const report = join('node_modules', '.cache', 'vitest-report.json');
    mkdirSync(join('node_modules', '.cache'), { recursive: true });
    rmSync(report, { force: true });
    const { ok, output } = await node([
      ...[
        bin('vitest', 'vitest.mjs'),
        'run',
        '--reporter=dot',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ],
    ]);
    try {
      const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
        readFileSync(report, 'utf8'),
      );
      // A file that could not be loaded has no tests to count: it counts as one failure.
      const broken = testResults.filter(
        (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
          file.status === 'failed' && file.assertionResults.length === 0,
      ).length;
      const failed = numFailedTests + broken;
      const note = `${testResults.length} files${numPendingTests ? `, ${numPendingTests} skipped` : ''}`;
      console.log(slowestFiles(testResults).join('\n'));
      return { passed: numPassedTests, failed: failed === 0 && !ok ? 1 : failed, note };
    } catch {
      if (ok) process.stdout.write(output);
      return one(false, 'no report');
    }
  },
  async build() {
    // In a process of its own: it waits for the build without letting anything else run.
    const script =
      "import { ensureBuild } from './scripts/lib/build.js'; process.exit(ensureBuild() ? 0 : 1)";
    const { ok } = await node(['--input-type=module', '--eval', script]);
    return one(ok);
  },
  async e2e() {
    const { ok, output } = await node([join('tests', 'e2e', 'run.js')], { live: true });
    const sum = /(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/.exec(output);
    if (!sum) return one(false, 'ended before its summary');
    const failed = Number(sum[2]);
    return {
      passed: Number(sum[1]),
      failed: failed === 0 && !ok ? 1 : failed,
      ...(sum[3] && { note: `${sum[3]} skipped` }),
    };
  },
};

requireNode();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in CHECKS));
if (unknown.length > 0) {
  console.error(
    `There is no check called ${unknown.join(', ')}. The checks are ${Object.keys(CHECKS).join(', ')}.`,
  );
  process.exit(2);
}
ensureInstalled();

/** @type {Counts} */
const total = { passed: 0, failed: 0 };
/** @type {string[]} */
const rows = [];
/** Runs a check and says what came of it, how long it took and how busy the machine was. @param {string} name */
async function run(name) {
  console.log(`— ${name}`);
  const began = performance.now();
  const before = clock();
  const counts = await /** @type {() => Promise<Counts>} */ (CHECKS[name])();
  total.passed += counts.passed;
  total.failed += counts.failed;
  const after = clock();
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const busy = 1 - (after.idle - before.idle) / Math.max(1, after.all - before.all);
  const line = `${name.padEnd(7)} ${counts.passed} passed, ${counts.failed} failed`;
  const facts = [counts.note, `${seconds} s, cores ${(100 * busy).toFixed(0)} % busy`];
  rows.push(`${line} (${facts.filter(Boolean).join('; ')})`);
  console.log(rows.at(-1));
}

/** Runs checks side by side, as many as there are cores, in this order. @param {string[]} names */
async function beside(names) {
  const waiting = [...names];
  const lane = async () => {
    for (let name = waiting.shift(); name; name = waiting.shift()) await run(name);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
}

const began = performance.now();
const chosen = Object.keys(CHECKS).filter((name) => wanted.length === 0 || wanted.includes(name));
/** On one core each, longest first; types and rules need what SvelteKit generates. */
const single = ['types', 'build', 'lint', 'format'].filter((name) => chosen.includes(name));
if (single.some((name) => name !== 'build')) await node([bin('@sveltejs', 'kit', 'svelte-kit.js'), 'sync']);
await beside(single);
for (const name of chosen) if (!single.includes(name)) await run(name);
const minutes = ((performance.now() - began) / 60_000).toFixed(1);
console.log(
  `\n${rows.join('\n')}\n\nin ${minutes} minutes\n\n${total.passed} passed, ${total.failed} failed`,
);
process.exit(total.failed > 0 ? 1 : 0);
