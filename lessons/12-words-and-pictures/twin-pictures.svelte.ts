import { awaiting } from '#lib/base/awaited.svelte.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import { preprocess, type Rgba } from '#lib/images/index.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { PICTURE } from '#lib/models/clip/graph.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import { CONFIG, SPEC } from './model.ts';
import type { SignSheet } from '#lib/pictures/sign-sheet.svelte.ts';
import { TESTS, type Twin } from './twins.ts';

/** Two pictures made of signs, and what the picture tower says of them. */
export interface TwinEmbeddings {
  readonly pictures: readonly [Rgba, Rgba];
  /** `[E]` each, of length 1. */
  readonly rows: readonly [Float32Array, Float32Array];
}

/** The picture tower’s answers for the two pictures of a test, computed when `want` is called. Reactive. */
export class TwinPictures {
  readonly #live: LiveModel<object>;
  readonly #sheet: Pick<SignSheet, 'picture'>;
  #known = $state.raw<Readonly<Partial<Record<Twin, TwinEmbeddings>>>>({});
  #fault = $state.raw<FaultRecord>();
  #asked: Partial<Record<Twin, boolean>> = {};

  constructor(live: LiveModel<object>, sheet: Pick<SignSheet, 'picture'>) {
    this.#live = live;
    this.#sheet = sheet;
  }
  /** Undefined until they are there. */
  get(twin: Twin): TwinEmbeddings | undefined {
    return this.#known[twin];
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }

  /** Computes a test’s two embeddings, once; nothing before the signs’ pixels are here. */
  async want(twin: Twin): Promise<void> {
    if (this.#asked[twin]) return;
    const [first, second] = TESTS[twin].pictures.map((list) => this.#sheet.picture(list, CONFIG.image));
    if (!first || !second) return;
    this.#asked[twin] = true;
    this.#fault = undefined;
    try {
      const rows = await awaiting(() => this.#embed(first, second));
      if (rows) this.#known = { ...this.#known, [twin]: { pictures: [first, second], rows } };
      else this.#asked[twin] = false;
    } catch (error) {
      this.#fault = toRecord(error);
      this.#asked[twin] = false;
    }
  }

  async #embed(first: Rgba, second: Rgba): Promise<TwinEmbeddings['rows'] | undefined> {
    if (!(await this.#live.load())) return undefined;
    const one = preprocess(first, SPEC);
    const x = new Float32Array(2 * one.length);
    x.set(one);
    x.set(preprocess(second, SPEC), one.length);
    const { tensors } = await this.#live.pass({
      inputs: { [PICTURE]: x },
      outputs: ['visual.embedding'],
      batch: 2,
    });
    const data = tensors[0]?.data;
    return data && [data.slice(0, CONFIG.embed), data.slice(CONFIG.embed)];
  }
}
