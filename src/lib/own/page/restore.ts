import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { canKeep, recallKept } from './kept.ts';
import { fromLink, type Value } from './corrected.ts';
import { Opening } from './opening.svelte.ts';
import type { OwnModel } from './opened.svelte.ts';

/**
 * Opens a model that a link names, where it is kept in this browser. What the link says was corrected goes before what
 * was kept.
 * @returns undefined where it is not kept, or its file is no model any more
 */
export async function restore(
  engine: Engine,
  name: string,
  as: Readonly<Record<string, Value>>,
): Promise<OwnModel | undefined> {
  const found = canKeep() ? await recallKept(name).catch(() => undefined) : undefined;
  if (!found) return undefined;
  const { corrected, names, title } = found.about;
  const opening = new Opening(engine);
  await opening.take(found.files, {
    corrected: Object.keys(as).length > 0 ? fromLink(as) : corrected,
    names,
    title,
  });
  const model = opening.is(name) ? opening.accept() : undefined;
  if (!model) opening.cancel();
  return model;
}
