import type { Doc, Graph, Value } from '#lib/graph/index.ts';
import type { Given, InputSpec, InputValues } from '../family.ts';
import { doc } from '../shared/block-docs.ts';
import { stagesOf, type Stage, type SwinConfig } from './config.ts';

/** Which windows of one partition of a stage are computed: inputs of whole floats, as indices. */
export interface Kept {
  /** `[k]`: the windows that are computed. */
  readonly keep: Value;
  /** `[w]`: for each window its row among the computed ones, or, behind those, its own place. */
  readonly restore: Value;
}

/** A partition of a stage that may be computed in part. */
interface Partition {
  readonly stage: Stage;
  readonly s: number;
  readonly shifted: boolean;
  /** Names of the inputs begin so. */
  readonly name: string;
}

function partitions(c: SwinConfig): Partition[] {
  return stagesOf(c).flatMap((stage, s) => {
    if (stage.kept === undefined) return [];
    const plain = { stage, s, shifted: false, name: `layers.${s}.` };
    return stage.shift > 0 ? [plain, { ...plain, shifted: true, name: `layers.${s}.shifted_` }] : [plain];
  });
}

/** The inputs that say which windows are computed; none where all are. */
export function keptInputs(c: SwinConfig): readonly InputSpec[] {
  return partitions(c).flatMap(({ stage, name }): InputSpec[] => [
    { name: `${name}ids_keep`, role: 'visible', shape: [stage.kept ?? 1], dims: ['w'] },
    { name: `${name}ids_restore`, role: 'restore', shape: [stage.windows ** 2], dims: ['w'] },
  ]);
}

/**
 * The two inputs of a choice of windows.
 * @param ids the windows that are computed, in any order
 * @param windows how many there are
 * @throws RangeError for a window twice or outside the grid
 */
export function keepingOf(
  ids: readonly number[],
  windows: number,
): { readonly keep: Float32Array; readonly restore: Float32Array } {
  const restore = Float32Array.from({ length: windows }, (_, w) => ids.length + w);
  const seen = new Set<number>();
  ids.forEach((id, row) => {
    if (!Number.isInteger(id) || id < 0 || id >= windows || seen.has(id))
      throw new RangeError(`The window ${id} is there twice or lies outside 0 to ${windows - 1}.`);
    seen.add(id);
    restore[id] = row;
  });
  return { keep: Float32Array.from(ids), restore };
}

/** The `count` most active windows by their scores, in the order of the grid; of equal ones the first. */
export function mostActive(scores: ArrayLike<number>, count: number): number[] {
  const order = Array.from({ length: scores.length }, (_, w) => w).sort((a, b) => scores[b]! - scores[a]!);
  return order.slice(0, count).sort((a, b) => a - b);
}

/** Values of `keptInputs` by stage and partition: `[w]` scores of each, as the network names them. */
export function keptFeeds(
  c: SwinConfig,
  scores: (name: string) => ArrayLike<number> | undefined,
): InputValues {
  return Object.fromEntries(
    partitions(c).flatMap(({ stage, name }) => {
      const windows = stage.windows ** 2;
      const found = scores(`${name}window_scores`) ?? new Float32Array(windows);
      const { keep, restore } = keepingOf(mostActive(found, stage.kept ?? windows), windows);
      return [
        [`${name}ids_keep`, keep],
        [`${name}ids_restore`, restore],
      ];
    }),
  );
}

/** Where nobody says which windows: the first ones of the grid. */
export function firstKept(c: SwinConfig, { picture }: Given): InputValues | undefined {
  return picture && { x: picture, ...keptFeeds(c, () => undefined) };
}

/** Declares the inputs; by the beginning of their names, `layers.0.` and `layers.0.shifted_`. */
export function declareKept(g: Graph, c: SwinConfig): ReadonlyMap<string, Kept> {
  const indices = (name: string, count: number, dim: string, title: Doc) =>
    g.cast(g.input(name, [count], [dim], 'float32', title), 'int32');
  return new Map(
    partitions(c).map(({ stage, s, shifted, name }) => {
      const [en, zh] = shifted ? ['shifted windows', '移位窗口'] : ['windows', '窗口'];
      const keep = doc(
        `The ${en} of stage ${s} that are computed`,
        `第 ${s} 阶段参与计算的${zh}`,
        `w_1, \\dots, w_{${stage.kept}}`,
      );
      const restore = doc(
        `Where each of the ${en} of stage ${s} lies after them`,
        `第 ${s} 阶段各${zh}放回时的位置`,
        '\\pi^{-1}',
      );
      return [
        name,
        {
          keep: indices(`${name}ids_keep`, stage.kept ?? 1, 'w', keep),
          restore: indices(`${name}ids_restore`, stage.windows ** 2, 'w', restore),
        },
      ];
    }),
  );
}
