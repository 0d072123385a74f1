import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Where unit tests lie. End-to-end tests and the bench, beside them in tests/, are run by commands of their own. */
const FOLDERS = ['bin', 'lessons', 'plugins', 'scripts', 'src', 'tests'];
const NOT_HERE = ['bench', 'e2e', 'fixtures'].map((folder) => `tests${sep}${folder}${sep}`);

/** What replaces a module or a global, itself or by `pageHere`, reaches into all that its process imports. */
const REPLACES = /\bvi\.(?:(?:do)?[mM]ock|stubGlobal)\(|\bpageHere\(/;

/** The files of the unit tests: those that share a process with others, and those that have one of their own. */
export function testFiles(): [together: string[], apart: string[]] {
  const files = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((path) => path.endsWith('.test.ts') && !NOT_HERE.some((other) => path.startsWith(other))),
  );
  const own = (path: string) => REPLACES.test(readFileSync(path, 'utf8'));
  return [files.filter((path) => !own(path)), files.filter(own)];
}
