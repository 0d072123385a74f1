import { meanDistance, type PatchGrid } from '#lib/analysis/attention.ts';
import { inverse, maxDifference, permutation, shufflePatches, tokenOrder } from '#lib/analysis/permute.ts';
import { best, type Guess } from '#lib/notebook/answer.ts';
import { CONFIG } from '#lib/notebook/patch-shapes.ts';
import { SIDE } from '#lib/notebook/classifier-sizes.ts';
import { patchGeometry } from '#lib/images/index.ts';
import { useEngine } from '#lib/runtime/context.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';

/** What the runs depend on; all reactive. */
export interface RunsWish {
  readonly p: number;
  readonly input: Float32Array | undefined;
  readonly seed: number;
  readonly block: number;
  readonly head: number;
  /** All four runs are looked at, not the intact one alone. */
  readonly all: boolean;
}

/** One of the four runs: with or without positions, patches in order or shuffled. */
export interface Run {
  readonly pos: boolean;
  readonly mix: boolean;
  readonly live: LiveModel;
}

const NO_POSITIONS = { pos_scale: Float32Array.of(0) };

/**
 * The same model run four times on one picture: with and without positions, its patches in order and shuffled. The
 * weights are downloaded once; three of the runs are computed only while somebody looks at all four.
 */
export class FourRuns {
  readonly straight: Run;
  readonly all: readonly Run[];
  readonly #wish: () => RunsWish;

  constructor(wish: () => RunsWish, live: LiveModel) {
    this.#wish = wish;
    const another = () => new LiveModel(useEngine(), live.name, { ahead: false });
    this.straight = { pos: true, mix: false, live };
    this.all = [
      this.straight,
      { pos: true, mix: true, live: another() },
      { pos: false, mix: false, live: another() },
      { pos: false, mix: true, live: another() },
    ];
    for (const run of this.all) {
      if (!run.pos) run.live.interventions = NO_POSITIONS;
      // The one as it is follows the picture by itself.
      if (run !== this.straight)
        $effect(() => {
          const { p, input } = wish();
          const x = run.mix ? this.shuffled : input;
          run.live.variant = { patch: p };
          run.live.inputs = x && { x };
        });
      $effect(() => {
        if (!wish().all) return;
        const stops = ['probs', 'norm', this.attention].map((name) => run.live.tensors.want(name));
        return () => {
          for (const stop of stops) stop();
        };
      });
    }
  }

  find(pos: boolean, mix: boolean): Run {
    return this.all.find((r) => r.pos === pos && r.mix === mix) ?? this.straight;
  }

  /** Name of the attention that is compared. */
  get attention(): string {
    return `blocks.${this.#wish().block}.attn.probs`;
  }
  /** The patch that lies at each place of the shuffled picture. */
  readonly order = $derived.by(() => {
    const { p, seed } = this.#wish();
    return permutation(patchGeometry(SIDE, p).count, seed);
  });
  /** The place of each patch in the shuffled picture. */
  readonly places = $derived.by(() => inverse(this.order));
  readonly shuffled = $derived.by(() => {
    const { p, input } = this.#wish();
    return input && shufflePatches({ size: SIDE, data: input }, p, this.order);
  });

  /** Whether what a run shows belongs to the picture, patch size and shuffle of now. */
  fresh(run: Run): boolean {
    const { p, input } = this.#wish();
    const { shown } = run.live;
    return (
      shown !== undefined && shown.variant.patch === p && shown.inputs.x === (run.mix ? this.shuffled : input)
    );
  }

  /** The likeliest answer of a run. */
  answer(run: Run): Guess | undefined {
    const probs = run.live.tensors.get('probs');
    const labels = run.live.config?.labels;
    return probs && labels ? best(probs, labels, 1)[0] : undefined;
  }
  /** What a run gives the class that the intact run holds likeliest. */
  chance(run: Run): number | undefined {
    const first = this.straight.live.tensors.get('probs');
    const probs = run.live.tensors.get('probs');
    if (!first || !probs) return undefined;
    let top = 0;
    first.data.forEach((v, i) => {
      if (v > first.data[top]!) top = i;
    });
    return probs.data[top];
  }

  /**
   * max |Δ| between the final tokens of the shuffled picture and those of the picture in order, each compared with the
   * token of the same patch, CLS with CLS. Undefined until both runs have answered.
   */
  difference(pos: boolean): number | undefined {
    const [straight, mixed] = [this.find(pos, false), this.find(pos, true)];
    if (!this.fresh(straight) || !this.fresh(mixed)) return undefined;
    const a = mixed.live.tensors.get('norm');
    const b = straight.live.tensors.get('norm');
    return a && b ? maxDifference(a.data, b.data, CONFIG.dim, tokenOrder(this.order)) : undefined;
  }

  /** Where patch `n` looks in a run, the patches put back in their places: `[N]` by patch. */
  look(run: Run, n: number): Float32Array | undefined {
    const found = this.#head(run);
    if (!found) return undefined;
    const { data, tokens, at } = found;
    const query = run.mix ? this.places[n]! : n;
    const row = at + (1 + query) * tokens + 1;
    return Float32Array.from(
      { length: tokens - 1 },
      (_, patch) => data[row + (run.mix ? this.places[patch]! : patch)]!,
    );
  }
  /** Mean distance this head looks in a run, in patches, by places in the picture that the run saw. */
  distance(run: Run): number | undefined {
    const found = this.#head(run);
    if (!found) return undefined;
    const place: PatchGrid = { grid: Math.round(Math.sqrt(found.tokens - 1)), prefix: 1 };
    return meanDistance(found.data, place, found.at);
  }
  #head(run: Run): { data: Float32Array; tokens: number; at: number } | undefined {
    const probs = run.live.tensors.get(this.attention);
    const tokens = probs?.shape.at(-1);
    if (!probs || tokens === undefined || tokens !== this.order.length + 1 || !this.fresh(run))
      return undefined;
    return { data: probs.data, tokens, at: this.#wish().head * tokens * tokens };
  }
}
