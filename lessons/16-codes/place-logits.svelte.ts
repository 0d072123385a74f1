import { NewestAnswer } from '#lib/live/newest-answer.svelte.ts';
import type { InputValues } from '#lib/models/family.ts';
import { CODES, PLACES } from './model.ts';
import type { PlaceLogits } from './next-code.ts';
import type { CodesViewModel } from './view-model.svelte.ts';

interface Wish {
  readonly inputs: InputValues;
  readonly place: number;
}

/**
 * What the raster network says of the place that was chosen in the step on show, told the words and told nothing: one pass
 * of the whole sequence, two in a batch. Make it while a panel is made. Reactive.
 */
export class NextLogits {
  readonly #vm: CodesViewModel;
  readonly #answer: NewestAnswer<Wish, PlaceLogits>;

  constructor(vm: CodesViewModel) {
    this.#vm = vm;
    this.#answer = new NewestAnswer(
      () => this.#wish,
      async ({ inputs, place }, signal) => {
        const batch = inputs.y?.length ?? 1;
        const { tensors } = await vm.choosers.raster.pass({ inputs, outputs: ['logits'], batch }, { signal });
        const data = tensors[0]?.data ?? new Float32Array();
        const row = (which: number) => {
          const from = (which * PLACES + place) * CODES;
          return data.slice(from, from + CODES);
        };
        return { told: row(0), ...(batch > 1 && { none: row(1) }) };
      },
    );
  }

  readonly #wish: Wish | undefined = $derived.by(() => {
    const { step, run } = this.#vm.writing;
    // While codes come one after another none of them is opened: that would cost as much as the writing.
    if (run.busy && run.following) return undefined;
    return step && step.logits.length === CODES ? { inputs: step.inputs, place: step.pass } : undefined;
  });
  /** Undefined while it is computed. */
  get current(): PlaceLogits | undefined {
    return this.#answer.to(this.#wish);
  }
  get fault() {
    return this.#answer.fault;
  }
  retry(): void {
    this.#answer.retry();
  }
}
