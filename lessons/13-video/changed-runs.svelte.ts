import { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { VivitConfig } from '#lib/models/vivit/config.ts';
import { useEngine } from '#lib/runtime/context.ts';
import { changedInputs, changedOrder, reordered, type Change } from './changes.ts';
import type { Clip } from './clip-source.svelte.ts';
import { MODELS } from './model.ts';
import { NETS, type Net } from './state.ts';
import type { VideoViewModel } from './view-model.svelte.ts';

/** A clip with one thing changed. */
export interface Changed {
  readonly clip: Clip;
  readonly change: Change;
  /** Which frame of the clip stands at each place. */
  readonly order: readonly number[];
  /** The frames as the networks are fed them. */
  readonly frames: Float32Array;
}

/** Both networks on the changed clip, or changed themselves, beside those of the page. Make it while a component is made. */
export class ChangedRuns {
  readonly joint: LiveModel<VivitConfig>;
  readonly encoder: LiveModel<VivitConfig>;
  readonly #vm: VideoViewModel;
  readonly #of = new WeakMap<Float32Array, Changed>();

  constructor(vm: VideoViewModel) {
    this.#vm = vm;
    const engine = useEngine();
    this.joint = new LiveModel<VivitConfig>(engine, MODELS.joint, { ahead: false });
    this.encoder = new LiveModel<VivitConfig>(engine, MODELS.encoder, { ahead: false });
    $effect(() => {
      const changed = this.asked;
      for (const net of NETS) {
        this[net].interventions = changed && this.#inputs;
        this[net].inputs = changed && { x: changed.frames };
      }
    });
    $effect(() => {
      const stops = NETS.map((net) => this[net].tensors.want('probs'));
      return () => stops.forEach((stop) => stop());
    });
  }

  readonly #inputs = $derived.by(() => changedInputs(this.#vm.state.change));
  /** What is asked now; undefined before there is a clip. */
  readonly asked: Changed | undefined = $derived.by(() => {
    const { clip } = this.#vm;
    if (!clip) return undefined;
    const { change, mix, frame } = this.#vm.state;
    const order = changedOrder(change, clip.count, { seed: mix, frame });
    const changed = { clip, change, order, frames: reordered(clip.frames, order) };
    this.#of.set(changed.frames, changed);
    return changed;
  });
  /** The newest answer of a network to a changed clip, and which one that is. */
  answer(net: Net): { readonly changed: Changed; readonly probs: Float32Array } | undefined {
    const x = this[net].shown?.inputs.x;
    const changed = x && this.#of.get(x);
    const probs = this[net].tensors.get('probs')?.data;
    return changed && probs && { changed, probs };
  }
}
