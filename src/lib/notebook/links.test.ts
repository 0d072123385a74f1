import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readLink, writeLink } from '#lib/state/permalink.ts';
import type { Lesson } from './types.ts';

/**
 * Links as readers have sent them, written down when the lesson was new. Whoever changes a lesson's state keeps them
 * opening: raises its version and writes a migration, and adds a link of the new version here; no entry is ever changed.
 */
interface Recorded {
  readonly link: string;
  readonly step?: string;
  readonly open?: string;
  /** Values the link has always meant. */
  readonly state: Readonly<Record<string, unknown>>;
}

const recorded = readdirSync('lessons')
  .map((slug) => [slug, join('lessons', slug, 'tests', 'links.json')] as const)
  .filter(([, file]) => existsSync(file))
  .map(([slug, file]) => [slug, JSON.parse(readFileSync(file, 'utf8')) as Recorded[]] as const);

describe.each(recorded)('%s', (slug, links) => {
  const path = join('lessons', slug, 'lesson.ts');

  it('still exists', () => expect(existsSync(path)).toBe(true));

  it.each(links)('opens $link', async ({ link, step, open, state }) => {
    const { default: lesson } = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as {
      default: Lesson;
    };
    const opened = readLink(lesson.state, link);
    expect(opened.problems).toEqual([]);
    expect(opened.state).toMatchObject(state);
    expect(opened.step).toBe(step);
    expect(opened.open).toBe(open);
    if (step !== undefined) expect(lesson.steps.map((s) => s.id)).toContain(step);
    // What the lesson writes today for that state means the same.
    const again = readLink(lesson.state, writeLink(lesson.state, opened.state));
    expect(again).toMatchObject({ state: opened.state, problems: [] });
  });
});
