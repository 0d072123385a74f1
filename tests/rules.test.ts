import { ESLint } from 'eslint';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** A rule's severity and its options. */
type Rule = readonly [severity: number, ...options: unknown[]];

/** Rules that Oxlint needs not have: its parser refuses both in a module, which is strict. */
const PARSED = ['no-octal', 'no-dupe-args'];

/** Options of ESLint’s that say no more than the rule without them. */
const NO_OPTIONS = ['preserve-caught-error'];

/** The rules for a file by ESLint’s configuration, those for components aside, as Oxlint names them. */
async function rulesOf(path: string): Promise<[name: string, said: unknown][]> {
  const { rules } = (await new ESLint().calculateConfigForFile(path)) as { rules: Record<string, Rule> };
  return Object.entries(rules)
    .filter(([name, [severity]]) => severity > 0 && !name.startsWith('svelte/') && !PARSED.includes(name))
    .map(([name, [, ...options]]) => [
      name.replace('@typescript-eslint/', 'typescript/'),
      options.length > 0 && !NO_OPTIONS.includes(name) ? ['error', ...options] : 'error',
    ]);
}

describe('Oxlint, which looks at scripts in ESLint’s place', () => {
  const { rules } = JSON.parse(readFileSync('.oxlintrc.json', 'utf8')) as { rules: Record<string, unknown> };

  test.each(['scripts/test.js', 'src/lib/graph/graph.ts'])(
    'has every rule that ESLint has for %s',
    async (path) => {
      const wanted = await rulesOf(path);
      expect(wanted.length).toBeGreaterThan(70);
      expect(Object.fromEntries(wanted.map(([name]) => [name, rules[name]]))).toEqual(
        Object.fromEntries(wanted),
      );
    },
  );
});
