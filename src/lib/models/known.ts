import type { Checkpoint, Family } from './family.ts';

/** What a family's folder exports from its `family.ts`. */
export interface Folder {
  readonly FAMILY: Family;
}

const known = new Map<string, Family>();

/** The families that are here, by their id, in the order they say of themselves, and by name among equals. */
export const FAMILIES: ReadonlyMap<string, Family> = known;

/** Adds families to those that are here. A lesson says so which ones it draws before any model has been fetched. */
export function know(...families: readonly Family[]): void {
  const all = new Map([...known.values(), ...families].map((family) => [family.id, family]));
  known.clear();
  for (const family of [...all.values()].sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1)))
    known.set(family.id, family);
}

const readers = new Map<string, Checkpoint>();

/** How weights files of each family are read, by its id: of all of them once `checkpoints.ts` was imported. */
export const CHECKPOINTS: ReadonlyMap<string, Checkpoint> = readers;

/** Adds how weights files of a family are read. */
export function knowCheckpoint(id: string, checkpoint: Checkpoint): void {
  readers.set(id, checkpoint);
}
