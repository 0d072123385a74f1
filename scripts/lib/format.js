// Whether every file is written as Prettier writes it. Oxfmt, which prints TypeScript and JavaScript as Prettier does in a fiftieth of
// the time, looks first; Prettier looks at the rest: what Oxfmt would print otherwise, components, styles and data.
import { join } from 'node:path';

/** Languages that Oxfmt reads. */
const SCRIPTS = ['**/*.ts', '**/*.js'];

/** What Node runs to have Oxfmt name the scripts that it would print otherwise. */
export const oxfmtArgs = [join('node_modules', 'oxfmt', 'bin', 'oxfmt'), '--list-different', ...SCRIPTS];

/**
 * The scripts that Prettier is to look at: those that Oxfmt named, and all of them where Oxfmt said anything else.
 * @param {{ ok: boolean, output: string }} said what Oxfmt wrote, and whether it ended well @returns {string[]}
 */
export function otherwise({ ok, output }) {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  if (ok && lines.length === 0) return [];
  return lines.length > 0 && lines.every((line) => /^\S+\.(ts|js)$/.test(line)) ? lines : SCRIPTS;
}

/**
 * What Node runs to have Prettier check files.
 * @param {readonly string[] | undefined} scripts these; without, all that are no scripts
 */
export function prettierArgs(scripts) {
  return [
    join('node_modules', 'prettier', 'bin', 'prettier.cjs'),
    ...['--check', '--log-level', 'warn'],
    // What was found in order stays so until it or the rules change (by content, so that it also holds in a new clone).
    ...['--cache', '--cache-strategy', 'content'],
    ...['--cache-location', join('node_modules', '.cache', scripts ? 'prettier-scripts' : 'prettier')],
    ...(scripts ?? ['.', ...SCRIPTS.map((pattern) => `!${pattern}`)]),
  ];
}
