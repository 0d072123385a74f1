import type { ModelConfig } from './model-config.ts';
import type { Blueprint } from './registry.ts';

/**
 * A network without weights as a model that a page can run: nothing is fetched for it.
 * @param name told apart by: two of one name are one model
 */
export function weightless<C extends object>(of: Blueprint<C>, name: string): ModelConfig<C> {
  return {
    schema: 'patchwork-model/1',
    name,
    ...of,
    patchSizes: [],
    patchResize: 'pi-bilinear',
    preprocessing: {
      size: 1,
      fit: 'crop',
      interpolation: 'bilinear',
      antialias: true,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    },
    labels: [],
    files: {},
    weightless: true,
  };
}
