import { getFileInfo } from 'prettier';
import { describe, expect, test } from 'vitest';
import { isTest, scriptOf, sources } from './sources.ts';

/** Lines of a source file, and of the scripts of a component, at the most. Tests and prose may be longer. */
const FILE_LINES = 400;
const SCRIPT_LINES = 250;

const lines = (text: string) => text.replace(/\n$/, '').split('\n').length;

describe('the size of files', () => {
  const code = sources().filter(({ path }) => !isTest(path) && !path.endsWith('.md'));
  const long = code.flatMap(({ path, text }) => {
    const [all, script] = [lines(text), path.endsWith('.svelte') ? lines(scriptOf(text)) : 0];
    return all > FILE_LINES || script > SCRIPT_LINES ? [`${path}: ${all} lines, ${script} of script`] : [];
  });

  test(`a file has ${FILE_LINES} lines at the most, a component’s script ${SCRIPT_LINES}`, () => {
    expect(code.length).toBeGreaterThan(300);
    expect(long).toEqual([]);
  });
});

/**
 * The unit within which imports are relative: a folder of the library, the app, the pages, a lesson, the command
 * line; and how the outside spells what lies in it.
 */
function home(path: string): string {
  const [root, first, second] = path.split('/');
  if (root === 'src') return first === 'lib' ? `src/lib/${second}` : `src/${first}`;
  return root === 'lessons' ? `lessons/${first}` : root!;
}

/** Why an import should be spelled otherwise; undefined when it is right. */
function misspelled(from: string, spelled: string, file: string | undefined): string | undefined {
  if (/^\$(lib|lessons)\b/.test(spelled)) return 'an alias of the past';
  if (/^#(lib|app)\/.*\.(ts|js|svelte|md)$/.test(spelled) && !file) return 'no such file';
  if (/^(\.\.\/)+(src|lessons|tests)\//.test(spelled)) return 'a path over the root: # is meant';
  if (!file) return undefined;
  const inside = home(from) === home(file);
  if (inside && !spelled.startsWith('.')) return 'inside one folder a path is relative';
  if (!inside && /^src\/(lib|app)\//.test(file) && spelled.startsWith('.'))
    return 'between folders it is #lib/ or #app/';
  return undefined;
}

describe('one spelling of imports', () => {
  test('relative inside a folder, #lib/ or #app/ between folders', () => {
    const wrong = sources().flatMap(({ path, imports }) =>
      imports.flatMap(({ spelled, file, glob }) => {
        const why = glob ? undefined : misspelled(path, spelled, file);
        return why ? [`${path}: ${spelled} (${why})`] : [];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('the rule tells right from wrong', () => {
    const from = 'src/lib/ui/Slider.svelte';
    expect(misspelled(from, './Stat.svelte', 'src/lib/ui/Stat.svelte')).toBeUndefined();
    expect(misspelled(from, '#lib/base/lang.ts', 'src/lib/base/lang.ts')).toBeUndefined();
    expect(misspelled(from, 'svelte', undefined)).toBeUndefined();
    expect(misspelled(from, '../base/lang.ts', 'src/lib/base/lang.ts')).toBeDefined();
    expect(misspelled(from, '#lib/ui/Stat.svelte', 'src/lib/ui/Stat.svelte')).toBeDefined();
    expect(misspelled(from, '$lib/base/lang.ts', undefined)).toBeDefined();
    expect(misspelled(from, '#lib/base/gone.ts', undefined)).toBeDefined();
    expect(misspelled('bin/x.ts', '../src/lib/base/lang.ts', 'src/lib/base/lang.ts')).toBeDefined();
    expect(misspelled('lessons/a/b.ts', '../../tests/e2e/lesson.ts', undefined)).toBeDefined();
  });
});

describe('formatting', () => {
  test('no folder of sources is left out of it: a name in .prettierignore without a slash before it means every folder so called', async () => {
    // One file of each folder answers for it.
    const folders = new Map(
      sources()
        .filter(({ path }) => !path.endsWith('.md'))
        .map(({ path }) => [path.slice(0, path.lastIndexOf('/')), path]),
    );
    expect(folders.size).toBeGreaterThan(100);
    const ignored = await Promise.all(
      [...folders.values()].map(async (path) => {
        const info = await getFileInfo(path, { ignorePath: '.prettierignore', resolveConfig: false });
        return info.ignored ? [path] : [];
      }),
    );
    expect(ignored.flat()).toEqual([]);
  });
});
