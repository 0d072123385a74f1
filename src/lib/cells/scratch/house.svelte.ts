import type { Text } from '#lib/base/lang.ts';
import { byName } from '#lib/live/by-name.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { tensorOf } from '#lib/live/make-tensor.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import { wholeOf } from '#lib/graph/index.ts';
import { FIRST_MODEL, type FirstConfig } from '#lib/models/first-model.ts';
import { patchField } from '#lib/notebook/classifier-sizes.ts';
import { TRAINED } from '#lib/notebook/patch-shapes.ts';
import { SeenPicture } from '#lib/notebook/seen.svelte.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { name, type Field } from '#lib/state/schema.ts';
import type { LinkProblem } from '#lib/state/permalink.ts';
import type { House, KnownTensor } from '../house.ts';
import { knownTensors } from '../known.ts';
import type { Plain } from '../messages.ts';
import { settled } from '../settled.ts';

const FIELDS: Readonly<Record<string, Field<unknown>>> = { p: patchField(16), pic: name('golden-retriever') };

/** What cells have on the notebook's own page: the first lessons' vision transformer on the reader's picture. */
export class ScratchHouse implements House {
  readonly live: LiveModel<FirstConfig>;
  readonly seen: SeenPicture;
  readonly sizes = TRAINED;
  /** Patch size in pixels, and the picture's id. `at` is what `SeenPicture` asks for: no patch is chosen here. */
  readonly set_ = $state({ p: 16, pic: 'golden-retriever', at: [0, 0] as const });
  problems: readonly LinkProblem[] = $state.raw([]);
  readonly #named = byName((tensor) => tensorOf(this.live, tensor));

  /** Make it while a component is made. */
  constructor(engine: Engine) {
    this.live = new LiveModel<FirstConfig>(engine, FIRST_MODEL);
    this.seen = new SeenPicture(this, this.set_, this.live);
    $effect(() => {
      this.live.inputs = this.seen.input && { x: this.seen.input };
    });
    $effect(() => {
      this.live.variant = { patch: this.set_.p };
    });
  }

  readonly tensors: readonly KnownTensor[] | undefined = $derived.by(() => {
    const { graph } = this.live;
    return graph && knownTensors(graph);
  });
  named(tensor: string): NamedTensor | undefined {
    return this.live.graph?.values.has(wholeOf(tensor)) ? this.#named(tensor) : undefined;
  }
  get picture() {
    return this.seen.square;
  }
  get state() {
    return { p: this.set_.p, pic: this.set_.pic };
  }
  set(changes: Readonly<Record<string, Plain>>): Text | undefined {
    const { values, refused } = settled(FIELDS, changes);
    if (refused === undefined) Object.assign(this.set_, values);
    return refused;
  }
}
