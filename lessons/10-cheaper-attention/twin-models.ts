import { describe } from '#lib/graph/index.ts';
import { buildGraph, know } from '#lib/models/registry.ts';
import type { SwinConfig } from '#lib/models/swin/config.ts';
import { FAMILY } from '#lib/models/swin/family.ts';
import { folderOf, TWINS, type Twin } from './twin-rows.ts';

know(FAMILY);

const configs = import.meta.glob<SwinConfig>(
  '/models/swin-{plain,window,shifted,linear,multiscale}/config.json',
  {
    eager: true,
    query: '?part',
    import: 'config',
  },
);
const files = import.meta.glob<Readonly<Record<string, { readonly bytes: number }>>>(
  '/models/swin-{plain,window,shifted,linear,multiscale}/config.json',
  { eager: true, query: '?part', import: 'files' },
);

const pathOf = (twin: Twin) => `/models/${folderOf(twin)}/config.json`;

/** The twins that this copy of the site has. */
export const PRESENT: readonly Twin[] = TWINS.filter((twin) => pathOf(twin) in configs);

/** Bytes of a twin’s weights. */
export const bytesOf = (twin: Twin): number => files[pathOf(twin)]?.['model.safetensors']?.bytes ?? 0;

const known = new Map<string, number>();

/** Multiply-adds of one pass of a twin over a picture of that side; undefined for one that is not here. */
export function macsOf(twin: Twin, side: number): number | undefined {
  const config = configs[pathOf(twin)];
  const key = `${twin} ${side}`;
  if (config && !known.has(key)) {
    const graph = buildGraph({ architecture: 'swin', config: { ...config, image: side } });
    known.set(key, describe(graph).macs);
  }
  return known.get(key);
}
