import { piResize, resizePositions } from '#lib/weights/resize.ts';
import {
  float32Of,
  overlay,
  shapeText,
  WeightsError,
  type OverlayTensor,
  type WeightSource,
} from '#lib/weights/source.ts';
import { gridOf } from '../shared/patches.ts';
import { hasRelPositions, storedSides, type ViTConfig } from './config.ts';

/**
 * The model at another patch size: the configuration with that patch, and the weights with the kernel and the
 * positions resized into a small float32 overlay. Always from the stored tensors, so sizes may be tried in any order.
 * Positions of CLS and of registers stay as they are. With the stored patch size nothing is touched.
 * @param source weights under the graph's names (see `bindVit`)
 * @param stored the configuration the weights were stored with
 * @param patch the wished patch size in pixels, 1 … image; where it doesn't divide the picture the remainder is dropped
 * @throws WeightsError when a tensor is missing or the stored positions are no grid of the picture
 */
export function resizePatch(
  source: WeightSource,
  stored: ViTConfig,
  patch: number,
): { config: ViTConfig; weights: WeightSource } {
  if (!Number.isInteger(patch) || patch < 1 || patch > stored.image) {
    throw new RangeError(`patch ${patch}: a whole number from 1 to ${stored.image} is needed`);
  }
  if (patch === stored.patch) return { config: stored, weights: source };
  if (hasRelPositions(stored)) {
    throw new WeightsError(
      `its patches are ${stored.patch} pixels: its tables of distances fit one grid alone`,
    );
  }
  const tensors: OverlayTensor[] = [];

  const kernel = read(source, 'patch_embed.proj.weight');
  const [width = 0, channels = 0] = kernel.shape;
  tensors.push({
    name: 'patch_embed.proj.weight',
    shape: [width, channels, patch, patch],
    dtype: 'F32',
    data: piResize(kernel.data, stored.patch, patch),
  });

  if (stored.positions === 'learned')
    tensors.push(positionsAt(source, gridOf(stored), gridOf({ ...stored, patch })));
  // Bound weights have the picture's positions already.
  return { config: { ...stored, patch }, weights: overlay(source, `patch-${patch}.bin`, tensors) };
}

type Grid = readonly [rows: number, columns: number];

/** The table of positions at another grid; rows of CLS and registers, which stand before those of the patches, stay. */
function positionsAt(source: WeightSource, from: Grid, to: Grid): OverlayTensor {
  const table = read(source, 'pos_embed');
  const width = table.shape[2] ?? 0;
  const count = to[0] * to[1];
  const extra = (table.shape[1] ?? 0) - from[0] * from[1]; // CLS, registers
  if (extra < 0) {
    throw new WeightsError(`its shape ${shapeText(table.shape)} has no ${from[0]} × ${from[1]} grid`, {
      tensor: 'pos_embed',
    });
  }
  const prefix = table.data.subarray(0, extra * width);
  const data = new Float32Array((extra + count) * width);
  data.set(prefix);
  data.set(resizePositions(table.data.subarray(extra * width), from, to, width), prefix.length);
  return { name: 'pos_embed', shape: [1, extra + count, width], dtype: 'F32', data };
}

/** Weights whose positions are stored for a picture of other sides, with those of the picture. @throws WeightsError */
export function atStoredSides(source: WeightSource, c: ViTConfig): WeightSource {
  if (!c.storedImage || !source.get('pos_embed')) return source;
  const from = gridOf({ ...c, ...storedSides(c) });
  return overlay(source, 'positions.bin', [positionsAt(source, from, gridOf(c))]);
}

function read(source: WeightSource, name: string): { shape: readonly number[]; data: Float32Array } {
  const data = float32Of(source, name);
  if (!data) throw new WeightsError('it is missing', { tensor: name });
  return { shape: source.get(name)!.shape, data };
}
