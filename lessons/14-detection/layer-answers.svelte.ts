import { boxAt } from '#lib/analysis/detection/boxes.ts';
import type { Target } from '#lib/analysis/detection/matching-cost.ts';
import { detectionsOf } from '#lib/analysis/detection/detections.ts';
import { setLoss, type SetLoss } from '#lib/analysis/detection/set-loss.ts';
import { useTensor } from '#lib/live/use-tensor.svelte.ts';
import { countOf, judge, SURE, targetsOf } from './judged.ts';
import { matchProblem, queryOf, type MatchProblem } from './matching-problem.ts';
import { CONFIG } from './model.ts';
import type { DrawnScene } from './scene-drawing.ts';
import type { DetectionViewModel } from './view-model.svelte.ts';

/**
 * How much “no object” counted in this network's training (`empty` of training/configs/detr-cnn-cpu.toml). The paper has
 * 0.1 for a hundred queries; of sixteen a larger share hits, so that each miss must count more.
 */
export const EMPTY = 0.4;

/** What the heads say after one layer of the decoder, and how it is matched with the objects of the scene. */
export interface LayerAnswer {
  readonly layer: number;
  readonly scene: DrawnScene;
  readonly targets: readonly Target[];
  /** Of each target its number in the scene, from 1. */
  readonly numbers: readonly number[];
  /** `[Q, K + 1]` and `[Q, 4]` */
  readonly probs: Float32Array;
  readonly boxes: Float32Array;
  readonly problem: MatchProblem;
  /** Of each object its query, −1 for none. */
  readonly queryOf: readonly number[];
}

/** Names of the tensors that are read off a layer: those of the last have no number. */
export const readOf = (what: 'probs' | 'boxes', layer: number): string =>
  layer === CONFIG.decoderDepth - 1 ? what : `${what}.${layer}`;

/** Answers after every layer of the decoder, all of one scene. Make it while a component is made. */
export class LayerAnswers {
  readonly #vm: DetectionViewModel;
  readonly #tables: readonly { readonly current: Float32Array | undefined }[][];

  constructor(vm: DetectionViewModel) {
    this.#vm = vm;
    this.#tables = Array.from({ length: CONFIG.decoderDepth }, (_, layer) =>
      (['probs', 'boxes'] as const).map((what) => {
        const tensor = useTensor(() => vm.named(readOf(what, layer)));
        return {
          get current() {
            return tensor.current?.data;
          },
        };
      }),
    );
  }

  /** By layer; empty until there is an answer. */
  readonly all: readonly LayerAnswer[] = $derived.by(() => {
    const scene = this.#vm.answered?.scene;
    if (!scene) return [];
    const targets = targetsOf(scene.standing);
    const numbers = scene.standing.flatMap(({ box }, i) => (box ? [i + 1] : []));
    return this.#tables.flatMap(([first, second], layer) => {
      const [probs, boxes] = [first?.current, second?.current];
      if (!probs || !boxes) return [];
      const problem = matchProblem(probs, boxes, targets);
      return [{ layer, scene, targets, numbers, probs, boxes, problem, queryOf: queryOf(problem) }];
    });
  });
}

/** The loss of a layer's answers; undefined where there are more objects than queries, so that some are matched with none. */
export function lossOf({ probs, boxes, targets, queryOf }: LayerAnswer, empty = EMPTY): SetLoss | undefined {
  if (queryOf.includes(-1)) return undefined;
  const rows = Array.from({ length: boxes.length / 4 }, (_, q) => boxAt(boxes, q));
  return setLoss(probs, rows, targets, queryOf, { empty });
}

/** What a layer's sure detections are worth. */
export const worthOf = ({ probs, boxes, scene }: LayerAnswer) =>
  countOf(judge(detectionsOf(probs, boxes, CONFIG.classes, SURE), scene.standing));
