import type { Text } from '#lib/base/lang.ts';
import type { Graph } from '#lib/graph/index.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import type { ViewModel } from '#lib/notebook/view-model.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import type { House, KnownTensor } from '../house.ts';
import { knownTensors } from '../known.ts';
import type { Plain } from '../messages.ts';
import { plainMap, plainSet } from '../plain.ts';
import { settled } from '../settled.ts';

const isPlain = (value: unknown): value is Plain =>
  ['string', 'number', 'boolean'].includes(typeof value) || (Array.isArray(value) && value.every(isPlain));

const graphsOf = (tensor: NamedTensor | undefined) => (tensor?.graph ? [tensor.graph] : []);

/** What cells have in a lesson: its tensors, its picture, its state. */
export class LessonHouse implements House {
  readonly #vm: ViewModel;
  readonly #walk: Walkthrough;

  constructor(vm: ViewModel, walk: Walkthrough) {
    this.#vm = vm;
    this.#walk = walk;
  }

  /** Those of the strip, and all that the graphs behind them have. */
  readonly tensors: readonly KnownTensor[] | undefined = $derived.by(() => {
    const strip = this.#vm.strip.flatMap(({ name, shape, dims }) =>
      shape && dims ? [{ name, shape, dims }] : [],
    );
    const graphs = plainSet(strip.flatMap(({ name }): readonly Graph[] => graphsOf(this.#vm.named(name))));
    const others = [...graphs].flatMap(knownTensors);
    const known = plainMap([...others, ...strip].map((tensor) => [tensor.name, tensor]));
    return known.size > 0 ? [...known.values()] : undefined;
  });
  named(name: string): NamedTensor | undefined {
    return this.#vm.named(name);
  }
  get picture() {
    return this.#vm.seenPixels;
  }
  get state(): Readonly<Record<string, Plain>> {
    return Object.fromEntries(
      Object.entries(this.#walk.state).flatMap(([name, value]) => (isPlain(value) ? [[name, value]] : [])),
    );
  }
  set(changes: Readonly<Record<string, Plain>>): Text | undefined {
    const { values, refused } = settled(this.#walk.lesson.state.fields, changes);
    if (refused === undefined) Object.assign(this.#walk.state, values);
    return refused;
  }
}
