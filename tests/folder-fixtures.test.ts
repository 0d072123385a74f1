/**
 * A program and a lesson are added by their folders alone. The project is copied without its lessons, a stub of each
 * (tests/fixtures) is put where its kind lives, and nothing else is touched: then the tests that every lesson has to pass
 * are run there, and both are asked for by what the site asks with.
 */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ScratchProject } from './scratch-project.ts';
import { sources } from './sources.ts';

// A test run of its own is started.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let project: ScratchProject;
beforeAll(() => {
  project = new ScratchProject('folders');
  project.add('tests/fixtures/programs/mirrored', 'src/lib/programs/mirrored');
  project.add('tests/fixtures/programs/inside.svelte.ts', 'tests/program.svelte.test.ts');
  project.add('models/vit-tiny', 'models/vit-tiny');
  project.add('tests/fixtures/lessons/31-mirror', 'lessons/31-mirror');
  project.add('tests/fixtures/lessons/inside.svelte.ts', 'tests/lesson.svelte.test.ts');
});
afterAll(() => project.remove());

it('nothing of the project itself knows their names', () => {
  const knowing = sources().filter(({ path, text }) => /['"/]mirrored['"/]|31-mirror/.test(path + text));
  expect(knowing.map(({ path }) => path)).toEqual([]);
});

it('the worker runs the program; the lesson has its page, and passes what every lesson has to', async () => {
  const files = [
    'tests/program.svelte.test.ts',
    'tests/lesson.svelte.test.ts',
    ...['lessons', 'links'].map((name) => `src/lib/notebook/${name}.test.ts`),
  ];
  for (const file of files) expect(existsSync(project.at(file)), file).toBe(true);
  const ran = await project.node('node_modules/vitest/vitest.mjs', 'run', ...files);
  expect(ran.status, ran.out.slice(-4000) + ran.err.slice(-2000)).toBe(0);
  expect(ran.out).toMatch(/4 passed/);
});
