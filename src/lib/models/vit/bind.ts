import { fileOf, WeightsError, type WeightSource } from '#lib/weights/source.ts';
import { checkFit, checkTable } from '../shared/bind.ts';
import { mapNames, shapeUnder, type NameMap } from '../shared/naming.ts';
import { renamed } from '../shared/renamed.ts';
import { partNamed } from '../shared/parts.ts';
import { fixedTable } from '../shared/patches.ts';
import { prefixOf } from '../shared/stem-config.ts';
import type { ViTConfig } from './config.ts';
import { vit } from './graph.ts';
import { vitNamings } from './keymaps.ts';
import { atStoredSides } from './resize.ts';
import { checkRotary } from './stored-rotary.ts';

/** A checkpoint's tensors by the graph's names, nothing read or copied yet. */
export interface NamedShapes {
  /** The id of the naming, see keymaps.ts. */
  readonly style: string;
  /** The file's name, for errors. */
  readonly at: { readonly file?: string };
  names(): string[];
  /** The shape it will have once bound; undefined when there is none of that name. */
  shape(name: string): readonly number[] | undefined;
  /** Heads, where a file has the queries of each apart. */
  readonly heads: number | undefined;
}

/** @throws WeightsError when the names are none of a ViT's, or no block is among them */
export function namedShapes(source: WeightSource): NamedShapes {
  const map = recognise(source);
  return {
    style: map.naming.id,
    at: fileOf(source),
    names: () => [...map.origins.keys()],
    shape: (name) => shapeUnder(source, map, name),
    heads: headsIn(source, map),
  };
}

/** Of a kernel `[D, h, d]`. */
function headsIn(source: WeightSource, map: NameMap): number | undefined {
  const origin = map.origins.get('blocks.0.attn.qkv.weight');
  return origin?.target.merge === undefined ? undefined : source.get(origin.from[0]!)?.shape[1];
}

/** A file's names as the graph's; undefined where no patch embedding is in it. */
export const vitNames = (source: WeightSource): NameMap | undefined => {
  const names = source.names();
  return mapNames(names, vitNamings(names));
};

/** Whether a file has a ViT's patch embedding, under one of the names it has been published with. */
export function isVit(source: WeightSource): boolean {
  return vitNames(source) !== undefined;
}

/** A few of the names, quoted. */
function some(names: readonly string[]): string {
  const few = names.slice(0, 3).map((name) => `"${name}"`);
  return `${few.length ? few.join(', ') : 'none'}${names.length > 3 ? ', …' : ''}`;
}

function recognise(source: WeightSource): NameMap {
  const map = vitNames(source);
  if (!map) {
    const whose = "timm's, Hugging Face's, torchvision's or the JAX release's name";
    const rule = `no patch embedding is in it under ${whose}; its tensors are ${some(source.names())}`;
    throw new WeightsError(rule, fileOf(source));
  }
  return map;
}

/** Whether there is a block under a name that is known; else what there is in its place. @throws WeightsError */
export function needBlocks(source: WeightSource, shapes: NamedShapes): void {
  if (shapes.names().some((name) => /^blocks\.\d+\.attn\.qkv\.weight$/.test(name))) return;
  const inside = source.names().filter((name) => /\.\d+\./.test(name));
  const part = inside.map(partNamed).find((found) => found !== undefined);
  const what = part === undefined ? '' : `, ${part}`;
  const has = inside.length > 0 ? `; it has ${some(inside)}${what}, which cannot be run` : '';
  const rule = `no transformer block is in it under timm's (blocks.0.…), Hugging Face's or torchvision's names${has}`;
  throw new WeightsError(rule, shapes.at);
}

/**
 * The weights under the graph's names, each with the shape the configuration needs. Names of timm (ours) pass through,
 * those of Hugging Face and torchvision are translated; separate query, key and value matrices are laid one after
 * another in a buffer of their own (query first, as timm has them). All other bytes stay where they are.
 * @throws WeightsError for names that are none of a ViT's, and for the first tensor that is missing, has another shape,
 *   or has no place in the network
 */
export function bindVit(source: WeightSource, config: ViTConfig): WeightSource {
  const map = recognise(source);
  const bound = atStoredSides(renamed(source, map), config);
  const style = map.naming.names === undefined ? '' : `; the file's names are those of ${map.naming.title}`;
  const needless = (name: string) =>
    (config.classes === 0 && /^head(_dist)?\.(weight|bias)$/.test(name)) ||
    (name === 'pos_embed' && config.positions === 'sincos2d');
  const stored = (name: string) => map.origins.get(name)?.from[0] ?? name;
  checkFit(bound, vit(config), { at: fileOf(source), style, needless, strangers: map.strangers, stored });
  checkRotary(source, map, config);
  if (config.positions === 'sincos2d') {
    const before = config.clsPosition ? prefixOf(config) : 0;
    checkTable(bound, 'pos_embed', fixedTable(config, config.dim, before), fileOf(source));
  }
  return bound;
}
