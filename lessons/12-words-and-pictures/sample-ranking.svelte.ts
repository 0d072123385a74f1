import { awaiting } from '#lib/base/awaited.svelte.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import { similarityMatrix, type Matrix } from '#lib/analysis/contrast.ts';
import { permutation, shufflePatches } from '#lib/analysis/permute.ts';
import { preprocess } from '#lib/images/index.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { TextTokens } from '#lib/live/text-tokens.svelte.ts';
import { PICTURE, TOKENS } from '#lib/models/clip/graph.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import type { Break } from './choices.ts';
import { endFirst, reversedWords } from './broken-inputs.ts';
import { diagonalRank, type DiagonalRank } from './diagonal-rank.ts';
import { CONFIG, SPEC } from './model.ts';
import { whole, type SignSheet } from '#lib/pictures/sign-sheet.svelte.ts';
import type { WordsViewModel } from './view-model.svelte.ts';

/** Names or signs that go through a tower in one pass. */
const AT_ONCE = 10;
/** Of the order into which every picture’s patches are shuffled. */
const SEED = 12;

/** What is ranked: names, their signs’ ids, and the scale that was learned. */
export interface SampleOf {
  readonly names: readonly string[];
  readonly signs: readonly string[];
  readonly scale: number;
}
const same = (a: SampleOf, b: SampleOf) => a.names.join('\n') === b.names.join('\n') && a.scale === b.scale;

type Feed = 'texts' | 'pictures';
/** The tables that the comparisons are made of: which tower, and what is done to its input. */
const TABLES = ['names', 'signs', 'end', 'order', 'patches'] as const;
type Table = (typeof TABLES)[number];
const FEED: Readonly<Record<Table, Feed>> = {
  names: 'texts',
  signs: 'pictures',
  end: 'texts',
  order: 'texts',
  patches: 'pictures',
};
const WIDTH = CONFIG.embed;

/** A tower’s answers, of length 1 and as they were before that. */
interface Rows {
  readonly unit: Float32Array;
  readonly raw: Float32Array;
}

/** Names against signs, and how well the diagonal stands out. */
export interface Ranked {
  /** `[n, n]`, names down. */
  readonly logits: Matrix;
  readonly rank: DiagonalRank;
}
/** The ranking as it is and with each change. */
export type Rankings = Readonly<Partial<Record<Break | 'plain', Ranked>>>;

/** Ranks a sample of signs by their own names, a tenth of the sample in each pass, as it is and broken. Reactive. */
export class SampleRanking {
  readonly #live: LiveModel<object>;
  readonly #tokens: TextTokens;
  readonly #sheet: Pick<SignSheet, 'picture'>;
  #of = $state.raw<SampleOf>();
  #rankings = $state.raw<Rankings>({});
  #done = $state(0);
  #total = $state(0);
  #stop = $state.raw<AbortController>();
  #fault = $state.raw<FaultRecord>();
  /** What has been computed of the present sample. */
  #rows: Partial<Record<Table, Rows>> = {};

  constructor(live: LiveModel<object>, tokens: TextTokens, sheet: Pick<SignSheet, 'picture'>) {
    this.#live = live;
    this.#tokens = tokens;
    this.#sheet = sheet;
  }
  /** What is known of this sample. */
  known(of: SampleOf | undefined): Rankings {
    return of && this.#of && same(of, this.#of) ? this.#rankings : {};
  }
  get busy(): boolean {
    return this.#stop !== undefined;
  }
  /** Texts and pictures that have gone through their tower in this run, and how many will. */
  get progress(): { readonly done: number; readonly total: number } {
    return { done: this.#done, total: this.#total };
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }
  cancel(): void {
    this.#stop?.abort();
  }

  /** Computes the plain ranking and one change. Nothing while a run is under way. */
  async measure(of: SampleOf, change: Break): Promise<void> {
    if (this.busy) return;
    const stop = (this.#stop = new AbortController());
    this.#fault = undefined;
    if (!this.#of || !same(of, this.#of)) {
      this.#rows = {};
      this.#rankings = {};
    }
    this.#of = of;
    const needed = (['names', 'signs', ...TABLES.filter((table) => table === change)] as const).filter(
      (table) => !this.#rows[table],
    );
    [this.#done, this.#total] = [0, needed.length * of.names.length];
    try {
      await awaiting(async () => {
        if (!(await this.#live.load())) return;
        await this.#tokens.load();
        for (const table of needed) {
          const rows = await this.#table(table, of, stop.signal);
          if (!rows) return;
          this.#rows[table] = rows;
        }
        const [plain, changed] = [this.#rank('names', 'signs', of.scale), this.#changed(change, of.scale)];
        if (plain && changed) this.#rankings = { ...this.#rankings, plain, [change]: changed };
      });
    } catch (error) {
      const fault = toRecord(error);
      if (fault.code !== 'cancelled') this.#fault = fault;
    } finally {
      this.#stop = undefined;
    }
  }

  #changed(change: Break, scale: number): Ranked | undefined {
    if (change === 'scale') return this.#rank('names', 'signs', 1);
    if (change === 'lengths') return this.#rank('names', 'signs', scale, 'raw');
    if (change === 'patches') return this.#rank('names', 'patches', scale);
    return this.#rank(change, 'signs', scale);
  }
  #rank(texts: Table, pictures: Table, scale: number, rows: keyof Rows = 'unit'): Ranked | undefined {
    const [a, b] = [this.#rows[texts], this.#rows[pictures]];
    if (!a || !b) return undefined;
    const logits = similarityMatrix(a[rows], b[rows], WIDTH, scale);
    return { logits, rank: diagonalRank(logits) };
  }

  /** One table of the sample, in passes; undefined where it was stopped. */
  async #table(table: Table, of: SampleOf, signal: AbortSignal): Promise<Rows | undefined> {
    const count = of.names.length;
    const [unit, raw] = [new Float32Array(count * WIDTH), new Float32Array(count * WIDTH)];
    for (let from = 0; from < count; from += AT_ONCE) {
      // The last pass is filled up: one session serves all.
      const part = Array.from({ length: AT_ONCE }, (_, i) => Math.min(count - 1, from + i));
      const [units, raws] =
        FEED[table] === 'texts'
          ? await this.#texts(
              table,
              part.map((i) => of.names[i]!),
              signal,
            )
          : await this.#pictures(
              table,
              part.map((i) => of.signs[i]!),
              signal,
            );
      if (signal.aborted || !units || !raws) return undefined;
      const rows = Math.min(AT_ONCE, count - from);
      unit.set(units.subarray(0, rows * WIDTH), from * WIDTH);
      raw.set(raws.subarray(0, rows * WIDTH), from * WIDTH);
      this.#done += rows;
    }
    return { unit, raw };
  }

  async #texts(table: Table, names: readonly string[], signal: AbortSignal) {
    const rows = this.#tokens.rows(names) ?? [];
    const change =
      table === 'end' ? endFirst : table === 'order' ? reversedWords : (ids: readonly number[]) => ids;
    const inputs = { [TOKENS]: Float32Array.from(rows.flatMap(({ ids }) => change(ids))) };
    const outputs = ['text.embedding', 'text.text_projection'];
    const { tensors } = await this.#live.pass({ inputs, outputs, variant: { texts: AT_ONCE } }, { signal });
    return tensors.map(({ data }) => data);
  }

  async #pictures(table: Table, signs: readonly string[], signal: AbortSignal) {
    const size = CONFIG.channels * CONFIG.image ** 2;
    const x = new Float32Array(AT_ONCE * size);
    for (const [i, sign] of signs.entries()) {
      const rgba = this.#sheet.picture(whole(sign), CONFIG.image);
      if (!rgba) return [];
      const data = preprocess(rgba, SPEC);
      x.set(table === 'patches' ? shuffled(data) : data, i * size);
    }
    const asked = { inputs: { [PICTURE]: x }, outputs: ['visual.embedding', 'visual.proj'], batch: AT_ONCE };
    const { tensors } = await this.#live.pass(asked, { signal });
    return tensors.map(({ data }) => data);
  }
}

/** All pictures’ patches in one and the same other order. */
function shuffled(data: Float32Array): Float32Array {
  const count = (CONFIG.image / CONFIG.patch) ** 2;
  return shufflePatches({ size: CONFIG.image, data }, CONFIG.patch, permutation(count, SEED));
}

const pages = new WeakMap<WordsViewModel, SampleRanking>();

/** The rankings of a page: they stay while the reader looks at other views. */
export function rankingsOf(vm: WordsViewModel): SampleRanking {
  const made = pages.get(vm) ?? new SampleRanking(vm.live, vm.tokens, vm.sheet);
  pages.set(vm, made);
  return made;
}
