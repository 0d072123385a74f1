import { MODELS, type Source } from '#lib/inspector/sources.ts';
import { familyOf } from '#lib/models/registry.ts';
import type { Walk } from '#lib/models/walk.ts';

/** What families say of a whole network, each in a file named after its model; texts come with this page alone. */
const found = import.meta.glob<Walk>('/src/lib/models/*/*.walk.ts', { import: 'WALK' });

const fileOf = ({ name, blueprint }: Source) => `/src/lib/models/${blueprint.architecture}/${name}.walk.ts`;

/** The models that are drawn whole, as lists have their families. */
export const DRAWN: readonly Source[] = [...MODELS.values()]
  .filter((source) => fileOf(source) in found)
  .sort((a, b) => familyOf(a.blueprint.architecture).order - familyOf(b.blueprint.architecture).order);

export function drawnSource(model: string): Source | undefined {
  return DRAWN.find(({ name }) => name === model);
}

/** What is said of a model; undefined for one that is not drawn. */
export async function walkOf(model: string): Promise<Walk | undefined> {
  const source = drawnSource(model);
  return source && found[fileOf(source)]?.();
}
