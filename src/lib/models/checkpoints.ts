import { modulesBeside } from '#lib/base/folders.ts';
import type { Checkpoint } from './family.ts';
import { CHECKPOINTS, knowCheckpoint } from './known.ts';

/** What a family's folder exports from its `checkpoint.ts`. */
interface Reader {
  readonly CHECKPOINT: Checkpoint;
}

const modules = import.meta.env
  ? import.meta.glob<Reader>('./*/checkpoint.ts', { eager: true })
  : await modulesBeside<Reader>(import.meta.url, 'checkpoint.ts');

// To import this file is to know the names that every family has been published with. The worker and the command line
// do; of a page, what opens or writes files does, once it is asked to.
for (const [path, { CHECKPOINT }] of Object.entries(modules))
  knowCheckpoint(path.replace(/^\.\/|\/checkpoint\.ts$/g, ''), CHECKPOINT);

export { CHECKPOINTS };

/** How weights files of a family are read. @throws Error for an id that no folder has */
export function checkpointOf(id: string): Checkpoint {
  const found = CHECKPOINTS.get(id);
  if (!found) throw new Error(`src/lib/models/${id}/checkpoint.ts is missing`);
  return found;
}
