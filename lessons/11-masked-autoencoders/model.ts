import { describe } from '#lib/graph/index.ts';
import { maeSizes, maskRatioFor, type MAEConfig } from '#lib/models/mae/graph.ts';
import { FAMILY } from '#lib/models/mae/family.ts';
import { graphOf, know } from '#lib/models/registry.ts';
import type { PreprocessSpec } from '#lib/images/index.ts';

know(FAMILY);

/** What the page needs of the config.json before anything arrives. */
interface Stored {
  readonly config: MAEConfig;
  readonly preprocessing: PreprocessSpec & { readonly size: number };
}
const stored = import.meta.glob<Stored>('/models/mae/config.json', { eager: true, import: 'default' });

/** The model that this lesson runs: a folder under `models/`. */
export const MODEL = 'mae';
export const { config: CONFIG, preprocessing: SPEC } = stored['/models/mae/config.json']!;
export const SIZES = maeSizes(CONFIG);
/** How a picture falls into patches. */
export const FORM = { image: CONFIG.image, patch: CONFIG.patch, channels: CONFIG.channels } as const;

/** The variant in which so many patches are seen; at least one must be. */
export const variantFor = (visible: number) => ({
  maskRatio: maskRatioFor(Math.max(1, visible), SIZES.patches),
});

/** The graph in which so many patches are seen. */
export const graphFor = (visible: number) =>
  graphOf({ architecture: 'mae', config: { ...CONFIG, ...variantFor(visible) } });

/** Multiply-adds of the two halves of the network, and what they hold at once. */
export interface MaeCost {
  readonly encoder: number;
  readonly decoder: number;
}

/** A chart asks for a dozen of them whenever it is drawn. */
const known = new Map<number, MaeCost>();
const DECODER = /^(decoder|unshuffled$|patch_pred$|reconstruction$)/;

/** What one pass costs when so many patches are seen: counted in the graph. */
export function costFor(visible: number): MaeCost {
  let cost = known.get(visible);
  if (!cost) {
    const { macs, tensors } = describe(graphFor(visible));
    const decoder = tensors.reduce((sum, t) => sum + (DECODER.test(t.name) ? t.macs : 0), 0);
    cost = { encoder: macs - decoder, decoder };
    known.set(visible, cost);
  }
  return cost;
}
