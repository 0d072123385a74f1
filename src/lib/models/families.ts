import { FAMILIES, know, type Folder } from './known.ts';

/** Fetched when a model of the family is; nothing to fetch where all are here from the beginning. */
const folders: Readonly<Record<string, () => Promise<Folder>>> = import.meta.env
  ? import.meta.glob<Folder>('./*/family.ts')
  : {};

/**
 * Brings the family of a model that was just fetched. For an id that no folder has it brings all, so that what is said of
 * the id can name them.
 */
export async function bringFamily(id: unknown): Promise<void> {
  if (typeof id === 'string' && FAMILIES.has(id)) return;
  const own = folders[`./${String(id)}/family.ts`];
  const wanted = own ? [own] : Object.values(folders);
  for (const { FAMILY } of await Promise.all(wanted.map((fetch) => fetch()))) know(FAMILY);
}
