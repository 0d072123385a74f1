import { build, type Blueprint } from './registry.ts';
import type { VitConfig } from './vit/config.ts';
import { toFloat32 } from '#lib/weights/dtype.ts';
import { mapNames, STYLE_TITLES, type NameMap, type NameStyle, type Origin } from './vit/keymaps.ts';
import { SafetensorsFile } from '#lib/weights/safetensors.ts';
import {
  bytesOf,
  overlay,
  shapeText,
  WeightsError,
  type OverlayTensor,
  type WeightEntry,
  type WeightSource,
} from '#lib/weights/source.ts';

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
export function bindVit(source: WeightSource, config: VitConfig): WeightSource {
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
  checkFit(bound, { architecture: 'vit', config }, fileOf(source), { style, needless });
  return bound;
}

/** A tensor that every checkpoint of these has; what stands before it in a file stands before the others too. */
const LANDMARKS: Readonly<Record<Exclude<Blueprint['architecture'], 'vit'>, string>> = {
  uvit: 'patch_embed.proj.weight',
  dit: 'x_embedder.proj.weight',
  mae: 'patch_embed.proj.weight',
};
/** Tables that follow from the configuration, which some files store all the same. */
const TABLES = /^(decoder_)?pos_embed$/;

/**
 * The weights of any architecture under the graph's names, which are those of the published code; a common prefix
 * (`module.`) is taken off. A ViT's may have other names, see `bindVit`.
 * @throws WeightsError for the first tensor that is missing, has another shape, or has no place in the configuration
 */
export function bindWeights(source: WeightSource, of: Blueprint): WeightSource {
  if (of.architecture === 'vit') return bindVit(source, of.config);
  const landmark = LANDMARKS[of.architecture];
  const first = source.names().find((name) => name === landmark || name.endsWith(`.${landmark}`));
  const prefix = first?.slice(0, first.length - landmark.length) ?? '';
  const bound: WeightSource = {
    get: (name) => source.get(prefix + name),
    names: () =>
      source
        .names()
        .filter((name) => name.startsWith(prefix))
        .map((name) => name.slice(prefix.length)),
    buffers: source.buffers,
  };
  checkFit(bound, of, fileOf(source), { style: '', needless: (name) => TABLES.test(name) });
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

interface Fit {
  /** Said after the name of a missing tensor. */
  readonly style: string;
  /** Whether a tensor that the graph doesn't use may be there all the same. */
  readonly needless: (name: string) => boolean;
}

function checkFit(bound: WeightSource, of: Blueprint, at: { file?: string }, fit: Fit): void {
  const needed = [...build(of).values.values()].filter((value) => value.kind === 'weight');
  const missing = needed.filter((value) => !bound.get(value.name));
  if (missing[0]) {
    const more = missing.length > 1 ? `, and ${missing.length - 1} more with it` : '';
    throw new WeightsError(`it is missing${more}${fit.style}`, { ...at, tensor: missing[0].name });
  }
  for (const { name, shape } of needed) {
    const found = bound.get(name)!.shape;
    if (shapeText(found) !== shapeText(shape)) {
      throw new WeightsError(
        `its shape is ${shapeText(found)}, the configuration needs ${shapeText(shape)}`,
        { ...at, tensor: name },
      );
    }
  }
  const used = new Set(needed.map((value) => value.name));
  const left = bound.names().find((name) => !used.has(name) && !fit.needless(name));
  if (left !== undefined) {
    throw new WeightsError('the configuration has no place for it, so the answers would be wrong', {
      ...at,
      tensor: left,
    });
  }
}

function fileOf(source: WeightSource): { file?: string } {
  return source instanceof SafetensorsFile ? { file: source.file } : {};
}
