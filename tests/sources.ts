/**
 * The project's own source files and what each of them imports, read as text: for the tests that hold the order of the
 * layers and the size of files. Values and types count alike, and so do workers, dynamic imports and globs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ts from 'typescript';

export interface Import {
  /** As written: `#lib/base/lang.ts`, `./Slider.svelte`, `svelte`. */
  readonly spelled: string;
  /** The file it means, from the root of the project; undefined for a package and for what is no source file. */
  readonly file: string | undefined;
  /** One of many files that a glob finds. */
  readonly glob: boolean;
}

export interface Source {
  /** From the root of the project, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

/** Where source code lies. */
const ROOTS = ['src', 'lessons', 'bin', 'scripts', 'plugins'];
const CODE = /\.(ts|js|svelte|md)$/;
/** Package imports, as `imports` in package.json spells them. */
const ALIASES: Readonly<Record<string, string>> = {
  '#lib/': 'src/lib/',
  '#app/': 'src/app/',
  '#tests/': 'tests/',
};

/** Tests and what only tests use: `*.test.ts`, `*.testing.ts`, `testing.ts`, anything in a folder `tests`. */
export const isTest = (path: string) => /(^|[./])(test|testing)\.ts$|(^|\/)tests\//.test(path);

function walk(folder: string, into: string[]): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules') walk(path, into);
    } else if (CODE.test(entry.name)) into.push(path);
  }
}

/** What stands between `<script>` and `</script>`, of all scripts of a component or a page of prose. */
export function scriptOf(text: string): string {
  return [...text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map((m) => m[1] ?? '').join('\n');
}

/** `*`, `**` and `{a,b}` of a glob as a regular expression. */
export function globPattern(glob: string): RegExp {
  const body = glob.replace(/\*\*\/|\*|\{[^}]*\}|[.+^$()|[\]\\?]/g, (piece) => {
    if (piece === '**/') return '(?:.*/)?';
    if (piece === '*') return '[^/]*';
    if (piece.startsWith('{')) return `(?:${piece.slice(1, -1).split(',').join('|')})`;
    return `\\${piece}`;
  });
  return new RegExp(`^${body}$`);
}

/** Every import a text spells, and every pattern it globs. `markup` is searched for dynamic imports only. */
export function spelledIn(code: string, markup = ''): { imports: string[]; globs: string[] } {
  const imports = ts.preProcessFile(code, true, true).importedFiles.map(({ fileName }) => fileName);
  for (const [, spelled] of code.matchAll(/\bnew URL\(\s*['"](\.[^'"]*)['"],\s*import\.meta\.url/g))
    imports.push(spelled!);
  for (const [, spelled] of markup.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)) imports.push(spelled!);
  const globs = [
    ...code.matchAll(/import\.meta\.glob\b[\s\S]{0,200}?\(\s*(\[[^\]]*\]|['"][^'"]*['"])/g),
  ].flatMap(([, list]) => [...list!.matchAll(/['"]([^'"]+)['"]/g)].map((m) => m[1]!));
  return { imports: [...new Set(imports)], globs };
}

/** The file a spelling means; undefined for a package, a generated module (`./$types`) or a file that is no source. */
export function resolve(from: string, spelled: string, known: ReadonlySet<string>): string | undefined {
  const bare = spelled.replace(/\?.*$/, '');
  const alias = Object.keys(ALIASES).find((a) => bare.startsWith(a));
  let path: string;
  if (alias) path = ALIASES[alias]! + bare.slice(alias.length);
  else if (bare.startsWith('.')) path = posix.join(posix.dirname(from), bare);
  else return undefined;
  return known.has(path) ? path : undefined;
}

let read: readonly Source[] | undefined;

/** Every source file below `src`, `lessons`, `bin`, `scripts` and `plugins`, tests too, in the order of their paths. */
export function sources(): readonly Source[] {
  if (read) return read;
  const paths: string[] = [];
  for (const root of ROOTS) walk(root, paths);
  paths.sort();
  const known = new Set(paths);
  read = paths.map((path) => {
    const text = readFileSync(path, 'utf8');
    const inMarkup = /\.(svelte|md)$/.test(path);
    const { imports, globs } = inMarkup ? spelledIn(scriptOf(text), text) : spelledIn(text);
    const found = globs.flatMap((glob) => {
      const from = glob.startsWith('/') ? glob.slice(1) : posix.join(posix.dirname(path), glob);
      const pattern = globPattern(from);
      return paths
        .filter((other) => other !== path && pattern.test(other))
        .map((file) => ({ spelled: glob, file, glob: true }));
    });
    return {
      path,
      text,
      imports: [
        ...imports.map((spelled) => ({ spelled, file: resolve(path, spelled, known), glob: false })),
        ...found,
      ],
    };
  });
  return read;
}
