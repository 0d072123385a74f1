import { modulesBeside } from '#lib/base/folders.ts';
import type { Family } from './family.ts';

/** What a family's folder exports from its `family.ts`. */
interface Folder {
  readonly FAMILY: Family;
}

const modules = import.meta.env
  ? import.meta.glob<Folder>('./*/family.ts', { eager: true })
  : await modulesBeside<Folder>(import.meta.url, 'family.ts');

/** Every family, in the order they say of themselves, and by name among equals. */
export const found: readonly Family[] = Object.values(modules)
  .map(({ FAMILY }) => FAMILY)
  .sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
