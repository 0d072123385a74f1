import type { Tensor } from '#lib/base/tensor.ts';
import type { SmallMap } from '#lib/figures/maps/paint.ts';
import { receptiveBox, type Graph } from '#lib/graph/index.ts';
import { FAMILY } from '#lib/models/cnn/family.ts';
import { graphOf, know, preset } from '#lib/models/registry.ts';

know(FAMILY);

/** The CNN that is shown beside the lesson's model: a folder under `models/`. */
export const CNN = 'cnn-cifar10';
const CNN_SIZE = 'cnn-64-cifar10';
/** What its first convolution and its stages hand on: the nearer to the answer, the fewer cells and the more channels. */
export const CNN_LEVELS = ['whiten', 'body.0', 'body.1', 'body.2'] as const;
/** The stream of the ViT before the first block, after it, halfway and after the last one. */
export const VIT_LEVELS = ['tokens', 'blocks.0', 'blocks.5', 'blocks.11'] as const;

/** A square of pixels: first row and column, and the ones after the last. */
export type Square = readonly [top: number, left: number, bottom: number, right: number];

/** One level of a network: its maps are `channels` pictures of `side` × `side` cells. */
export interface Level {
  readonly name: string;
  readonly channels: number;
  readonly side: number;
}

/** A level as the graph has it. Maps `[1, C, H, W]` of a CNN; tokens `[1, 1 + N, D]` of a ViT, CLS left out. */
export function levelOf(graph: Graph, name: string): Level {
  const { shape } = graph.value(name);
  if (shape.length === 4) return { name, channels: shape[1]!, side: shape[2]! };
  return { name, channels: shape[2]!, side: Math.sqrt(shape[1]! - 1) };
}

/** The values of a level's maps, in the tensor's order: all of `[C, H, W]`, of tokens `[1 + N, D]` all but CLS. */
export function valuesOf({ channels, side }: Level, { data, shape }: Tensor): Float32Array | undefined {
  const values = shape.length === 2 ? data.subarray(channels) : data;
  return values.length === channels * side * side ? values : undefined;
}

/** The channels of a level as maps; none where the tensor is one of another shape. */
export function mapsOf(level: Level, tensor: Tensor): SmallMap[] {
  const { channels, side } = level;
  const values = valuesOf(level, tensor);
  if (!values) return [];
  const cells = side * side;
  const tokens = tensor.shape.length === 2;
  return Array.from({ length: channels }, (_, c) => ({
    id: `${c}`,
    label: `${c}`,
    rows: side,
    cols: side,
    values: tokens
      ? Float32Array.from({ length: cells }, (__, n) => values[n * channels + c]!)
      : values.subarray(c * cells, (c + 1) * cells),
  }));
}

/** The pixels of the graph's input `x` that a cell of a level can depend on: its receptive field. */
export function fieldOf(graph: Graph, { name, side }: Level, row: number, col: number): Square {
  const cell = graph.value(name).shape.length === 4 ? [0, 0, row, col] : [0, 1 + row * side + col, 0];
  const [, , rows, cols] = receptiveBox(graph, name, cell, 'x') ?? [];
  return [rows?.[0] ?? 0, cols?.[0] ?? 0, rows?.[1] ?? 0, cols?.[1] ?? 0];
}

/** The CNN's graph, known before it is loaded: its size is a published one. */
export const cnnGraph = (): Graph => graphOf(preset(CNN_SIZE)!);

/** Pixels a side that a cell in the middle of a level of the CNN sees. */
export function middleField(graph: Graph, name: string): number {
  const level = levelOf(graph, name);
  const middle = Math.floor(level.side / 2);
  const [top, , bottom] = fieldOf(graph, level, middle, middle);
  return bottom - top;
}
