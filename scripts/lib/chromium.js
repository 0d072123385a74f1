import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The same engine without the browser's own windows, which Debian packs apart. */
const SHELL = 'chromium-headless-shell';
const SHELL_NAMES = [SHELL, 'chrome-headless-shell', 'headless_shell'];
/** Says that the shell could not be installed here, so that not every run tries again. */
const NO_SHELL = 'node_modules/.cache/no-headless-shell';
const A_DAY = 24 * 3600 * 1000;

/** Flags for every browser the tests start: no sandbox (containers run as root), no talk with the outside. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Flags that give Chromium a WebGPU adapter in software, where there is no GPU. */
export const WEBGPU_FLAGS = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** @param {string} path */
function runs(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string[]} names @returns {string | undefined} the first of them on $PATH */
function onPath(names) {
  for (const name of process.platform === 'win32' ? [] : names) {
    const found = spawnSync('which', [name], { encoding: 'utf8' }).stdout?.trim();
    if (found) return found;
  }
  return undefined;
}

/** @returns {string | undefined} the path of Chromium or Chrome, from $CHROMIUM, the usual places, or $PATH */
export function findChromium() {
  const told = process.env.CHROMIUM;
  if (told) return runs(told) ? told : undefined;
  return PATHS.find(runs) ?? onPath(NAMES);
}

/**
 * The headless shell: Chromium's engine without windows, tabs and menus. A fresh reader's page costs about a second of
 * processor time less in it (docs/testing.md). None where $CHROMIUM names a browser: that one is meant for everything.
 * @returns {string | undefined}
 */
export const findShell = () => (process.env.CHROMIUM ? undefined : onPath(SHELL_NAMES));

/** Whether Debian's packages may be installed by this process. */
const mayInstall = () =>
  !process.env.CHROMIUM &&
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  runs('/usr/bin/apt-get');

/** @param {string[]} packages @returns {boolean} whether they are there now */
function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  /** @type {import('node:child_process').SpawnSyncOptions} */
  const options = { stdio: ['ignore', 'ignore', 'inherit'], env };
  spawnSync('apt-get', ['update', '-q'], options);
  return (
    spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], options).status ===
    0
  );
}

/**
 * Finds Chromium, or installs Debian's where this process may.
 * @returns {string | undefined}
 */
export function ensureChromium() {
  const found = findChromium();
  if (found || !mayInstall()) return found;
  console.log('Installing Chromium from Debian …');
  install(['chromium', 'fonts-noto-cjk']);
  return findChromium();
}

/**
 * Finds the headless shell, or installs the one that belongs to Debian's Chromium. Where there is none Chromium itself
 * does; after a failed attempt the next one waits a day.
 * @returns {string | undefined}
 */
export function ensureShell() {
  const found = findShell();
  if (found || !mayInstall() || findChromium() !== '/usr/bin/chromium') return found;
  if (existsSync(NO_SHELL) && Date.now() - statSync(NO_SHELL).mtimeMs < A_DAY) return undefined;
  console.log('Installing Chromium’s headless shell from Debian …');
  // Both, so that they stay of one version: they share their files.
  if (install(['chromium', SHELL])) return findShell();
  mkdirSync(dirname(NO_SHELL), { recursive: true });
  writeFileSync(NO_SHELL, '');
  return undefined;
}

/** What to tell a reader who has no Chromium. */
export const NO_CHROMIUM =
  'No Chromium was found: install one (Debian: apt-get install chromium) or set CHROMIUM to the path of Chromium or Chrome.';
