import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { bibliography } from '#lib/notebook/bibliography/index.ts';
import type { Reference } from '#lib/notebook/bibliography/reference.ts';

const DECLARATION = /\/lessons\/[^/]+\/lesson\.ts\?works$/;

/**
 * The works a lesson cites, by key, read off the text of its declaration.
 * @param source the text of a `lesson.ts`
 * @throws RangeError for a key that the bibliography lacks, and where nothing is declared
 */
export function citedIn(source: string): Readonly<Record<string, Reference>> {
  const list = /^ {2}references: \[([^\]]*)\]/m.exec(source)?.[1];
  if (list === undefined) throw new RangeError('A lesson declares its works: references: [...].');
  const keys = [...list.matchAll(/'([^']+)'/g)].map(([, key]) => key!);
  return Object.fromEntries(
    keys.map((key) => {
      const work = bibliography[key];
      if (!work) throw new RangeError(`The bibliography has no work “${key}”.`);
      return [key, work];
    }),
  );
}

/** `lesson.ts?works` is what a lesson cites: no page brings the bibliography of all of them. */
export function citedWorks(): Plugin {
  return {
    name: 'patchwork:cited-works',
    load(id) {
      if (!DECLARATION.test(id)) return undefined;
      const file = id.slice(0, id.indexOf('?'));
      this.addWatchFile(file);
      return `export default ${JSON.stringify(citedIn(readFileSync(file, 'utf8')))};`;
    },
  };
}
