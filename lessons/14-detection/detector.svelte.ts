import { untrack } from 'svelte';
import { detectionsOf, type Detection } from '#lib/analysis/detection/detections.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { DetrConfig } from '#lib/models/detr/config.ts';
import type { InputValues } from '#lib/models/registry.ts';
import { useEngine } from '#lib/runtime/context.ts';
import { CONFIG, MODELS, NETS } from './model.ts';
import type { DrawnScene } from './scene-drawing.ts';
import type { StemName } from './state.ts';

/** What a detector is asked. */
export interface Asked {
  readonly scene: DrawnScene | undefined;
  readonly stem: StemName;
  /** Values of intervention inputs, a new object only where one of them changes; undefined: the network as it is. */
  readonly interventions?: InputValues | undefined;
}

/** A network's newest answer, and the scene it is of. */
export interface Answered {
  readonly scene: DrawnScene;
  /** `[Q, K + 1]`, the last column “no object”. */
  readonly probs: Float32Array;
  /** `[Q, 4]`: cx, cy, w, h as shares of the side. */
  readonly boxes: Float32Array;
  /** Of every query its likeliest class, the surest first. */
  readonly all: readonly Detection[];
}

/**
 * The networks of the lesson on a scene, the chosen one at work, as it is or changed. Probabilities and boxes are wanted as
 * long as it lives; other tensors by `live.tensors`. Make it while a component or the view model is made.
 */
export class Detector {
  readonly #lives: readonly { readonly stem: StemName; readonly live: LiveModel<DetrConfig> }[];
  readonly #asked: () => Asked;
  readonly #of = new WeakMap<Float32Array, DrawnScene>();

  constructor(asked: () => Asked) {
    this.#asked = asked;
    const engine = useEngine();
    this.#lives = NETS.map((stem) => ({
      stem,
      live: new LiveModel<DetrConfig>(engine, MODELS[stem], { ahead: false }),
    }));
    $effect(() => {
      const { scene, interventions } = asked();
      const { live } = this;
      if (scene) this.#of.set(scene.x, scene);
      live.interventions = interventions;
      live.inputs = scene && { x: scene.x };
    });
    $effect(() => {
      const { live } = this;
      return untrack(() => {
        const stops = ['probs', 'boxes'].map((name) => live.tensors.want(name));
        return () => {
          for (const stop of stops) stop();
          // When it is chosen again it answers anew: what it said was of another scene.
          live.tensors.clear();
        };
      });
    });
  }

  /** The network at work. */
  get live(): LiveModel<DetrConfig> {
    return this.of(this.#stem);
  }
  /** Derived by itself, so that another scene is no other network. */
  readonly #stem = $derived.by(() => this.#asked().stem);
  of(stem: StemName): LiveModel<DetrConfig> {
    const { live } = this.#lives.find((one) => one.stem === stem) ?? this.#lives[0] ?? {};
    if (!live) throw new Error('the lesson has no network');
    return live;
  }
  /** The newest answer of the network at work; undefined until there is one. */
  readonly answered: Answered | undefined = $derived.by(() => {
    const { live } = this;
    const x = live.shown?.inputs.x;
    const scene = x && this.#of.get(x);
    const [probs, boxes] = ['probs', 'boxes'].map((name) => live.tensors.get(name)?.data);
    if (!scene || !probs || !boxes) return undefined;
    return { scene, probs, boxes, all: detectionsOf(probs, boxes, CONFIG.classes, 0) };
  });
}
