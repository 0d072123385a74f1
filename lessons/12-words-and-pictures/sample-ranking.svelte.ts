import { awaiting } from '#lib/base/awaited.svelte.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import { similarityMatrix } from '#lib/analysis/contrast.ts';
import { permutation, shufflePatches } from '#lib/analysis/permute.ts';
import { preprocess } from '#lib/images/index.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { TextTokens } from '#lib/live/text-tokens.svelte.ts';
import { PICTURE, TOKENS } from '#lib/models/clip/graph.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import { endFirst, reversedWords, type Break } from './broken-inputs.ts';
import { diagonalRank, type DiagonalRank } from './diagonal-rank.ts';
import { CONFIG, SPEC } from './model.ts';
import { whole, type SignSheet } from './sign-sheet.svelte.ts';

/** Signs of the sample, and how many go through a tower in one pass. */
export const SAMPLE = 100;
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

/** Signs spread over the atlas, `count` of them, each of a name of its own. */
export function sampleOf<T extends { readonly name: string }>(
  all: readonly T[],
  count = SAMPLE,
): readonly T[] {
  const first = new Map(all.map((one) => [one.name, one]));
  const different = [...first.values()];
  const step = different.length / count;
  if (step <= 1) return different;
  return Array.from({ length: count }, (_, i) => different[Math.floor((i + 0.5) * step)]!);
}

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

/** The ranking as it is and with each change. */
export type Rankings = Readonly<Partial<Record<Break | 'plain', DiagonalRank>>>;

/** Ranks a sample of signs by their own names, a tenth of the sample in each pass, as it is and broken. Reactive. */
export class SampleRanking {
  readonly #live: LiveModel<object>;
  readonly #tokens: TextTokens;
  readonly #sheet: SignSheet;
  #of = $state.raw<SampleOf>();
  #rankings = $state.raw<Rankings>({});
  #done = $state(0);
  #total = $state(0);
  #stop = $state.raw<AbortController>();
  #fault = $state.raw<FaultRecord>();
  /** What has been computed of the present sample. */
  readonly #rows = new Map<Table, Rows>();

  constructor(live: LiveModel<object>, tokens: TextTokens, sheet: SignSheet) {
    this.#live = live;
    this.#tokens = tokens;
    this.#sheet = sheet;
  }
  /** What is known of this sample. */
  rankings(of: SampleOf | undefined): Rankings {
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
      this.#rows.clear();
      this.#rankings = {};
    }
    this.#of = of;
    const needed = (['names', 'signs', ...TABLES.filter((table) => table === change)] as const).filter(
      (table) => !this.#rows.has(table),
    );
    [this.#done, this.#total] = [0, needed.length * of.names.length];
    try {
      await awaiting(async () => {
        if (!(await this.#live.load())) return;
        await this.#tokens.load();
        for (const table of needed) {
          const rows = await this.#table(table, of, stop.signal);
          if (!rows) return;
          this.#rows.set(table, rows);
        }
        this.#rankings = {
          ...this.#rankings,
          plain: this.#rank('names', 'signs', of.scale),
          [change]: this.#changed(change, of.scale),
        };
      });
    } catch (error) {
      const fault = toRecord(error);
      if (fault.code !== 'cancelled') this.#fault = fault;
    } finally {
      this.#stop = undefined;
    }
  }

  #changed(change: Break, scale: number): DiagonalRank | undefined {
    if (change === 'scale') return this.#rank('names', 'signs', 1);
    if (change === 'lengths') return this.#rank('names', 'signs', scale, 'raw');
    if (change === 'patches') return this.#rank('names', 'patches', scale);
    return this.#rank(change, 'signs', scale);
  }
  #rank(texts: Table, pictures: Table, scale: number, rows: keyof Rows = 'unit'): DiagonalRank | undefined {
    const [a, b] = [this.#rows.get(texts), this.#rows.get(pictures)];
    return a && b && diagonalRank(similarityMatrix(a[rows], b[rows], WIDTH, scale));
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
