import type { Family } from './family.ts';

/** What a family's folder exports from its `family.ts`. */
interface Folder {
  readonly FAMILY: Family;
}

/** The families' modules as Node finds them when no bundler has gathered them: the command line, and scripts. */
async function fromFolders(): Promise<Record<string, Folder>> {
  const { readdirSync, existsSync } = await import('node:fs');
  const here = new URL('.', import.meta.url);
  const names = readdirSync(here).filter((name) => existsSync(new URL(`${name}/family.ts`, here)));
  const modules = await Promise.all(
    names.map((name) => import(/* @vite-ignore */ new URL(`${name}/family.ts`, here).href) as Promise<Folder>),
  );
  return Object.fromEntries(names.map((name, i) => [name, modules[i]!]));
}

const modules = import.meta.env
  ? import.meta.glob<Folder>('./*/family.ts', { eager: true })
  : await fromFolders();

/** Every family, in the order they say of themselves, and by name among equals. */
export const found: readonly Family[] = Object.values(modules)
  .map(({ FAMILY }) => FAMILY)
  .sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
