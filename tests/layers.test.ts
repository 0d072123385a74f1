import { describe, expect, test } from 'vitest';
import { globPattern, isTest, sources, spelledIn } from './sources.ts';

/**
 * The order of the layers, lowest first: a file knows its own folder and the ones before it. Types count as values do.
 * What stands to the right is what a folder may call; docs/architecture.md says what each is for.
 */
const LAYERS = [
  'base',
  'state',
  'text',
  'graph',
  'images',
  'diffusion/math',
  'learning',
  'diffusion/toy',
  'analysis',
  'weights',
  'models',
  'own/reading',
  'diffusion/sampler',
  'programs',
  'runtime',
  'live',
  'export',
  'ui',
  'still',
  'diffusion/session',
  'figures',
  'pictures',
  'own/page',
  'notebook',
  'cells',
  'inspector',
  'whole',
];

/** The one file of the library that looks at lessons: by a glob, so that a lesson is listed nowhere. */
const CATALOGUE = 'src/lib/notebook/catalogue.ts';

/** What draws on a page: nothing for the command line. */
const DRAWN = LAYERS.slice(LAYERS.indexOf('ui'));

const layerOf = (path: string) => LAYERS.find((layer) => path.startsWith(`src/lib/${layer}/`));
const lessonOf = (path: string) => /^lessons\/([^/]+)\//.exec(path)?.[1];

const code = sources().filter(({ path }) => !isTest(path));
const edges = code.flatMap(({ path, imports }) =>
  imports.flatMap(({ file, glob }) => (file && !isTest(file) ? [{ from: path, to: file, glob }] : [])),
);
const show = (list: readonly { from: string; to: string }[]) =>
  list.map(({ from, to }) => `${from} → ${to}`).sort();

/** Groups of files that reach each other (Tarjan 1972), each sorted and joined with ` ↔ `. */
function cycles(links: readonly { from: string; to: string }[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of links) next.set(from, [...(next.get(from) ?? []), to]);
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[] = [];
  const visit = (node: string) => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    for (const other of next.get(node) ?? []) {
      if (!index.has(other)) visit(other);
      if (stack.includes(other)) low.set(node, Math.min(low.get(node)!, low.get(other)!));
    }
    if (low.get(node) !== index.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1) found.push(group.sort().join(' ↔ '));
  };
  for (const node of next.keys()) if (!index.has(node)) visit(node);
  return found.sort();
}

describe('the order of the layers', () => {
  test('every folder of the library has its place', () => {
    const homeless = code.filter(({ path }) => path.startsWith('src/lib/') && !layerOf(path));
    expect(homeless.map(({ path }) => path)).toEqual([]);
    for (const layer of LAYERS)
      expect(
        code.some(({ path }) => layerOf(path) === layer),
        layer,
      ).toBe(true);
  });

  test('a folder of the library knows itself and what lies below it', () => {
    const upwards = edges.filter(({ from, to }) => {
      const [own, other] = [layerOf(from), layerOf(to)];
      return own && other && LAYERS.indexOf(other) > LAYERS.indexOf(own);
    });
    expect(show(upwards)).toEqual([]);
  });

  test('the library knows neither the app, nor a page, nor a lesson', () => {
    const outwards = edges.filter(
      ({ from, to, glob }) =>
        from.startsWith('src/lib/') &&
        !to.startsWith('src/lib/') &&
        !(from === CATALOGUE && glob && lessonOf(to)),
    );
    expect(show(outwards)).toEqual([]);
  });

  test('a lesson knows itself and the library: no other lesson, nothing of the app', () => {
    const strays = edges.filter(
      ({ from, to }) => lessonOf(from) && lessonOf(to) !== lessonOf(from) && !to.startsWith('src/lib/'),
    );
    expect(show(strays)).toEqual([]);
  });

  test('the app and its pages know no lesson by name', () => {
    const strays = edges.filter(
      ({ from, to }) => from.startsWith('src/') && !from.startsWith('src/lib/') && lessonOf(to),
    );
    expect(show(strays)).toEqual([]);
  });

  test('the app knows no page', () => {
    const strays = edges.filter(
      ({ from, to }) => from.startsWith('src/app/') && to.startsWith('src/routes/'),
    );
    expect(show(strays)).toEqual([]);
  });

  test('the command line uses library code: nothing that draws', () => {
    const strays = edges.filter(
      ({ from, to }) =>
        from.startsWith('bin/') &&
        !to.startsWith('bin/') &&
        (!to.startsWith('src/lib/') || DRAWN.includes(layerOf(to)!)),
    );
    expect(show(strays)).toEqual([]);
  });

  test('no files know each other in a circle', () => {
    // The catalogue finds the lessons, and a lesson knows the notebook: the one circle by design.
    const links = edges.filter(({ from, glob }) => !(from === CATALOGUE && glob));
    expect(cycles(links)).toEqual([]);
  });
});

describe('how imports are read', () => {
  test('values, types, exports, dynamic imports, workers and globs are seen', () => {
    const { imports, globs } = spelledIn(
      `import a from './a.ts';
      import type { B } from './b.ts';
      export { c } from './c.ts';
      type D = import('./d.ts').D;
      const e = () => import('./e.ts');
      new Worker(new URL('./f.ts', import.meta.url));
      const g = import.meta.glob<Record<string, () => void>>('/g/*/{x,y}.ts', { eager: true });
      // import h from './h.ts';`,
      `{#await import('./i.svelte')}`,
    );
    expect(imports.sort()).toEqual([
      './a.ts',
      './b.ts',
      './c.ts',
      './d.ts',
      './e.ts',
      './f.ts',
      './i.svelte',
    ]);
    expect(globs).toEqual(['/g/*/{x,y}.ts']);
  });

  test('a glob is matched name by name', () => {
    const pattern = globPattern('lessons/*/{en,zh}.md');
    expect(pattern.test('lessons/01-patches/en.md')).toBe(true);
    expect(pattern.test('lessons/01-patches/panels/en.md')).toBe(false);
    expect(pattern.test('lessons/01-patches/fr.md')).toBe(false);
    expect(globPattern('src/**/*.ts').test('src/lib/base/lang.ts')).toBe(true);
  });

  test('a circle is found, a chain is none', () => {
    const link = (from: string, to: string) => ({ from, to });
    expect(cycles([link('a', 'b'), link('b', 'c'), link('c', 'a'), link('c', 'd')])).toEqual(['a ↔ b ↔ c']);
    expect(cycles([link('a', 'b'), link('b', 'c'), link('a', 'c')])).toEqual([]);
  });
});
