import { describe, expect, it } from 'vitest';
import { chunksOf, type ModuleGraph } from './chunks.ts';

const NODES = '/w/.svelte-kit/generated/client-optimized/nodes';

/** A site of three lessons and an inspector: what imports what, statically and on demand. */
function site(): Record<string, { imports?: string[]; later?: string[]; entry?: boolean }> {
  const lesson = (slug: string, own: string[]) => ({
    [`/w/lessons/${slug}/lesson.ts`]: {
      imports: ['/w/define.ts', `/w/lessons/${slug}/state.ts`],
      later: [`/w/lessons/${slug}/First.svelte`, `/w/lessons/${slug}/Late.svelte`],
    },
    [`/w/lessons/${slug}/state.ts`]: {},
    [`/w/lessons/${slug}/page.ts`]: { imports: [`/w/lessons/${slug}/lesson.ts`, '/w/stage.ts', ...own] },
    [`/w/lessons/${slug}/en.md`]: { imports: ['/w/step.ts'] },
    [`/w/lessons/${slug}/zh.md`]: { imports: ['/w/step.ts'] },
    [`/w/lessons/${slug}/First.svelte`]: { imports: ['/w/figure.ts'] },
    [`/w/lessons/${slug}/Late.svelte`]: { imports: ['/w/late.ts'] },
  });
  const slugs = ['01-a', '02-b', '03-c'];
  return {
    '/w/node_modules/@sveltejs/kit/src/runtime/client/entry.js': { imports: ['/w/svelte.js'], entry: true },
    '/w/.svelte-kit/generated/client-optimized/app.js': {
      later: [`${NODES}/5.js`, `${NODES}/8.js`],
      entry: true,
    },
    [`${NODES}/5.js`]: { imports: ['/w/src/routes/[lang]/[lesson]/+page.ts'], entry: true },
    [`${NODES}/8.js`]: { imports: ['/w/src/lib/inspector/Page.svelte'], entry: true },
    '/w/src/routes/[lang]/+layout.svelte': { imports: ['/w/header.ts'] },
    '/w/src/routes/[lang]/[lesson]/+page.ts': {
      imports: ['/w/notebook.ts'],
      later: slugs.flatMap((s) =>
        ['lesson.ts', 'page.ts', 'en.md', 'zh.md'].map((f) => `/w/lessons/${s}/${f}`),
      ),
    },
    '/w/src/lib/inspector/Page.svelte': { imports: ['/w/figure.ts', '/w/drawing.ts', '/w/two.ts'] },
    ...lesson('01-a', ['/w/alone.ts']),
    ...lesson('02-b', ['/w/two.ts', '/w/both.ts']),
    ...lesson('03-c', ['/w/deep.ts', '/w/both.ts']),
    '/w/deep.ts': { imports: ['/w/deeper.ts'] },
    ...Object.fromEntries(
      'svelte.js header.ts notebook.ts define.ts stage.ts step.ts figure.ts late.ts drawing.ts alone.ts two.ts both.ts deeper.ts'
        .split(' ')
        .map((name) => [`/w/${name}`, {}]),
    ),
  };
}

function graphOf(modules: ReturnType<typeof site>): ModuleGraph {
  return {
    getModuleIds: () => Object.keys(modules),
    getModuleInfo: (id) => {
      const of = modules[id];
      return of
        ? {
            isEntry: of.entry ?? false,
            importedIds: of.imports ?? [],
            dynamicImporters: Object.keys(modules).filter((from) => modules[from]!.later?.includes(id)),
            dynamicallyImportedIds: of.later ?? [],
          }
        : null;
    },
  };
}

describe('which modules travel together', () => {
  const modules = site();
  const chunk = chunksOf(graphOf(modules));
  const name = (id: string) => chunk(`/w/${id}`)?.name;

  it('puts what every page has into one file, with what lessons are declared with', () => {
    for (const id of ['svelte.js', 'header.ts', 'define.ts']) expect(name(id)).toBe('site');
  });

  it('tells what most lessons have from what the inspector has too', () => {
    for (const id of ['stage.ts', 'step.ts', 'notebook.ts']) expect(name(id)).toBe('lessons');
    expect(name('figure.ts')).toBe('pages');
    expect(name('drawing.ts')).toBe('inspector');
  });

  it('gives a lesson a file of its own, with the view it opens with', () => {
    for (const id of ['lessons/01-a/page.ts', 'alone.ts', 'lessons/01-a/First.svelte'])
      expect(name(id)).toBe('lesson-01-a');
    expect(name('lessons/01-a/state.ts')).toBe('declared-01-a');
    expect(name('lessons/01-a/lesson.ts')).toBe('declared-01-a');
  });

  it('brings no lesson’s declaration to another that computes with the same', () => {
    const more = site();
    more['/w/lessons/01-a/state.ts'] = { imports: ['/w/noise.ts'] };
    more['/w/noise.ts'] = { imports: ['/w/rng.ts'] };
    more['/w/rng.ts'] = {};
    more['/w/alone.ts'] = { imports: ['/w/noise.ts'] };
    const of = chunksOf(graphOf(more));
    expect(of('/w/noise.ts')?.name).toBe('declared-01-a');
    // Also where the other needs it only in a later view.
    more['/w/lessons/03-c/Late.svelte'] = { imports: ['/w/noise.ts'] };
    const shared = chunksOf(graphOf(more));
    for (const id of ['noise.ts', 'rng.ts']) expect(shared(`/w/${id}`)?.name).toBe('lent-01-a');
    expect(shared('/w/lessons/01-a/state.ts')?.name).toBe('declared-01-a');
  });

  it('leaves what is not needed at once, and each language’s prose, to files of their own', () => {
    for (const id of ['lessons/01-a/en.md', 'lessons/01-a/zh.md', 'lessons/01-a/Late.svelte', 'late.ts'])
      expect(name(id)).toBeUndefined();
  });

  it('leaves a glossary and its parts to a file of their own: another lesson borrows them without the rest', () => {
    const more = site();
    more['/w/lessons/01-a/glossary.ts'] = { imports: ['/w/lessons/01-a/noise-terms.ts'] };
    more['/w/lessons/01-a/noise-terms.ts'] = {};
    more['/w/src/routes/[lang]/[lesson]/+page.ts']!.later!.push('/w/lessons/01-a/glossary.ts');
    const of = chunksOf(graphOf(more));
    for (const file of ['glossary.ts', 'noise-terms.ts']) expect(of(`/w/lessons/01-a/${file}`)).toBeNull();
    expect(of('/w/alone.ts')?.name).toBe('lesson-01-a');
  });

  it('keeps what a few share apart from each of them', () => {
    expect(name('two.ts')).toMatch(/^shared-/);
    expect(name('both.ts')).toMatch(/^shared-|^lessons$/);
    expect(name('two.ts')).not.toBe(name('both.ts'));
  });

  it('keeps what a lesson begins with apart from what it shares with others only in a later view', () => {
    // Both belong to lesson 1 and to the inspector.
    const more = site();
    more['/w/alone.ts'] = { imports: ['/w/core.ts'] };
    more['/w/late.ts'] = { imports: ['/w/whole.ts'] };
    more['/w/whole.ts'] = { imports: ['/w/core.ts'] };
    more['/w/core.ts'] = {};
    more['/w/drawing.ts'] = { imports: ['/w/whole.ts', '/w/late.ts', '/w/alone.ts'] };
    for (const slug of ['02-b', '03-c']) more[`/w/lessons/${slug}/Late.svelte`] = {};
    const of = chunksOf(graphOf(more));
    expect(of('/w/core.ts')?.name).not.toBe(of('/w/whole.ts')?.name);
    expect(of('/w/core.ts')!.rank).toBeGreaterThan(of('/w/whole.ts')!.rank);
  });

  it('never lets a module need one of a lower rank: its file would draw that one after it', () => {
    for (const [id, { imports = [] }] of Object.entries(modules)) {
      const own = chunk(id);
      for (const needed of own ? imports : []) {
        const other = chunk(needed);
        expect(other, `${id} → ${needed}`).not.toBeNull();
        expect(other!.rank, `${id} → ${needed}`).toBeGreaterThanOrEqual(own!.rank);
      }
    }
  });
});
