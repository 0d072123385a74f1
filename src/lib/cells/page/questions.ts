import type { FromSandbox, ToSandbox } from '../messages.ts';
import { plainMap } from '../plain.ts';
import type { Answer } from './answer.svelte.ts';

type Asks = Extract<FromSandbox, { say: 'asks' }>;
/** How far the work is that a cell has asked for. */
export interface Progress {
  readonly step: number;
  readonly total: number;
}

/** What cells have asked and the page has not answered yet: each can be given up on its way. */
export class Questions {
  readonly #answer: Answer;
  readonly #open = plainMap<number, AbortController>();

  constructor(answer: Answer) {
    this.#answer = answer;
  }

  /** Answers, and says on the way what there is to be said. */
  async take(
    asked: Asks,
    send: (message: ToSandbox, transfer: Transferable[]) => void,
    progress: (cell: string, of: Progress) => void,
  ): Promise<void> {
    const stop = new AbortController();
    this.#open.set(asked.call, stop);
    const { signal } = stop;
    const step = (value: object, transfer: Transferable[]) => {
      send({ say: 'step', call: asked.call, value }, transfer);
      if (asked.cell !== undefined && 'step' in value && 'total' in value)
        progress(asked.cell, { step: Number(value.step), total: Number(value.total) });
    };
    const { reply, transfer } = await this.#answer(asked, { signal, step });
    if (this.#open.get(asked.call) === stop) this.#open.delete(asked.call);
    if (!signal.aborted) send(reply, transfer);
  }
  /** Nobody waits for this answer any more. */
  drop(call: number): void {
    this.#open.get(call)?.abort();
    this.#open.delete(call);
  }
  /** Nor for any other. */
  dropAll(): void {
    for (const call of [...this.#open.keys()]) this.drop(call);
  }
}
