import { toFloat32 } from '#lib/weights/dtype.ts';
import {
  bytesOf,
  overlay,
  shapeText,
  WeightsError,
  type OverlayTensor,
  type WeightEntry,
  type WeightSource,
} from '#lib/weights/source.ts';
import { checkFit, fileOf } from '../shared/bind.ts';
import type { ViTConfig } from './config.ts';
import { vit } from './graph.ts';
import { mapNames, STYLE_TITLES, type NameMap, type NameStyle, type Origin } from './keymaps.ts';

/** A checkpoint's tensors by the graph's names, nothing read or copied yet. */
export interface NamedShapes {
  readonly style: NameStyle;
  /** The file's name, for errors. */
  readonly at: { readonly file?: string };
  names(): string[];
  /** The shape it will have once bound; undefined when there is none of that name. */
  shape(name: string): readonly number[] | undefined;
}

/** @throws WeightsError when the names are none of a ViT's */
export function namedShapes(source: WeightSource): NamedShapes {
  const map = recognise(source);
  return {
    style: map.style,
    at: fileOf(source),
    names: () => [...map.origins.keys()],
    shape: (name) => {
      const origin = map.origins.get(name);
      if (!origin) return undefined;
      if ('one' in origin) return source.get(origin.one)?.shape;
      const [first = 0, ...rest] = source.get(origin.three[0])?.shape ?? [];
      return [3 * first, ...rest];
    },
  };
}

/** Whether a file has a ViT's patch embedding, under one of the names it has been published with. */
export function isVit(source: WeightSource): boolean {
  return mapNames(source.names()) !== undefined;
}

function recognise(source: WeightSource): NameMap {
  const map = mapNames(source.names());
  if (map) return map;
  const some = source
    .names()
    .slice(0, 3)
    .map((name) => `"${name}"`);
  throw new WeightsError(
    `no patch embedding is in it under timm's or Hugging Face's name; its tensors are ${some.length ? some.join(', ') : 'none'}${source.names().length > 3 ? ', …' : ''}`,
    fileOf(source),
  );
}

/**
 * The weights under the graph's names, each with the shape the configuration needs. Names of timm (ours) pass through,
 * those of Hugging Face are translated; its separate query, key and value matrices are laid one after another in a
 * buffer of their own (query first, as timm has them). All other bytes stay where they are.
 * @throws WeightsError for names that are none of a ViT's, and for the first tensor that is missing, has another shape,
 *   or belongs to a part of the network that the configuration leaves out
 */
export function bindVit(source: WeightSource, config: ViTConfig): WeightSource {
  const map = recognise(source);
  const fused: OverlayTensor[] = [];
  for (const [name, origin] of map.origins) {
    if ('three' in origin) fused.push(fuse(source, name, origin.three));
  }
  const base: WeightSource = {
    get: (name) => {
      const origin: Origin | undefined = map.origins.get(name);
      return origin && 'one' in origin ? source.get(origin.one) : undefined;
    },
    names: () => [...map.origins.keys()],
    buffers: source.buffers,
  };
  const bound = fused.length > 0 ? overlay(base, 'qkv.bin', fused) : base;
  const style = map.style === 'timm' ? '' : `; the file's names are those of ${STYLE_TITLES[map.style]}`;
  const needless = (name: string) =>
    !ESSENTIAL.test(name) || (name === 'pos_embed' && config.positions === 'sincos2d');
  checkFit(bound, vit(config), { at: fileOf(source), style, needless });
  return bound;
}

/** Query, key and value as one tensor, in their own element type, or in float32 where they differ. */
function fuse(source: WeightSource, name: string, parts: readonly [string, string, string]): OverlayTensor {
  const entries = parts.map((part) => source.get(part)) as [WeightEntry, WeightEntry, WeightEntry];
  const [q, k, v] = entries;
  for (const [i, entry] of entries.entries()) {
    if (shapeText(entry.shape) !== shapeText(q.shape)) {
      const rule = `its shape is ${shapeText(entry.shape)}, that of "${parts[0]}" ${shapeText(q.shape)}`;
      throw new WeightsError(rule, { ...fileOf(source), tensor: parts[i]! });
    }
  }
  const dtype = k.dtype === q.dtype && v.dtype === q.dtype ? q.dtype : 'F32';
  const pieces = entries.map((entry) => {
    const bytes = bytesOf(source, entry);
    if (dtype === entry.dtype) return bytes;
    const values = toFloat32(bytes, entry.dtype);
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  });
  const data = new Uint8Array(pieces.reduce((n, piece) => n + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    data.set(piece, at);
    at += piece.length;
  }
  const [first = 1, ...rest] = q.shape;
  return { name, dtype, shape: [3 * first, ...rest], data };
}

/** Parts of a ViT that change the answer: a file that has one under a configuration that hasn't would run wrong, silently. */
const ESSENTIAL =
  /^(blocks\.|patch_embed\.|norm\.|norm_pre\.|fc_norm\.|cls_token$|reg_token$|dist_token$|pos_embed$)/;
