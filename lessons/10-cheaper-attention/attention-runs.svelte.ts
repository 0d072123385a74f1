import type { Tensor } from '#lib/base/tensor.ts';
import { byName } from '#lib/live/by-name.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { tensorOf } from '#lib/live/make-tensor.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import { ATTENTION_DEFAULTS, type AttentionConfig } from '#lib/models/bare-attention/config.ts';
import { FAMILY } from '#lib/models/bare-attention/family.ts';
import { know } from '#lib/models/registry.ts';
import { weightless } from '#lib/models/weightless.ts';
import { useEngine } from '#lib/runtime/context.ts';
import { patchRows, windowFor, type Kind } from './kinds.ts';

know(FAMILY);

/** What is run: the four kinds, and linear attention with queries and keys multiplied first. */
export const RUNS = ['global', 'window', 'shifted-window', 'linear', 'linear-quadratic'] as const;
export type Run = (typeof RUNS)[number];

/** What the attentions are fed, and how. */
interface Feed {
  /** Queries, keys and values of one block, `[h, T, d]` each. */
  readonly parts: () => readonly [Tensor, Tensor, Tensor] | undefined;
  /** Factor on the queries. */
  readonly by: () => number;
  /** The wished side of a window in tokens. */
  readonly window: () => number;
}

/** Tokens along a side of the grid that `[h, T, d]` are: a class token, or none, stands before the patches. */
export const gridOf = ({ shape }: Pick<Tensor, 'shape'>): number => Math.floor(Math.sqrt(shape[1] ?? 1));

/**
 * The same queries, keys and values, attended to in every way, each a network without weights that the worker runs.
 * Make it while the view model is made (it opens effects).
 */
export class AttentionRuns {
  readonly lives: Readonly<Record<Run, LiveModel<AttentionConfig>>>;
  readonly #feed: Feed;

  constructor(feed: Feed) {
    this.#feed = feed;
    const engine = useEngine();
    const live = (kind: Run) =>
      new LiveModel<AttentionConfig>(
        engine,
        weightless(
          { architecture: 'bare-attention', config: { ...ATTENTION_DEFAULTS, kind } },
          `attention-${kind}`,
        ),
        { ahead: false },
      );
    this.lives = Object.fromEntries(RUNS.map((kind) => [kind, live(kind)])) as typeof this.lives;
    $effect(() => {
      const { wish } = this;
      if (!wish) return;
      for (const kind of RUNS) {
        this.lives[kind].inputs = wish.inputs;
        this.lives[kind].variant = wish.variant;
      }
    });
  }

  /** What all kinds are asked; made once for all, since a model asks anew whenever it is given other arrays. */
  readonly wish = $derived.by(() => {
    const given = this.#feed.parts();
    if (!given) return undefined;
    const grid = gridOf(given[0]);
    const [q, k, v] = given.map((part) => patchRows(part, grid)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const factor = this.#feed.by();
    const inputs = { q: factor === 1 ? q : q.map((value) => value * factor), k, v };
    return { inputs, variant: { grid, window: windowFor(grid, this.#feed.window()) } };
  });

  readonly #tensors = Object.fromEntries(
    RUNS.map((kind) => [kind, byName((name) => tensorOf(this.lives[kind], name))]),
  ) as Readonly<Record<Run, (name: string) => NamedTensor>>;

  /** A tensor of one kind; undefined where its graph has none of that name. */
  tensor(kind: Run, name: string): NamedTensor | undefined {
    return this.lives[kind].graph?.values.has(name) ? this.#tensors[kind](name) : undefined;
  }

  /** What a kind's tensors on screen were computed from: its grid and window; undefined before the first answer. */
  shown(kind: Kind): { readonly grid: number; readonly window: number } | undefined {
    const variant = this.lives[kind].shown?.variant;
    return variant && { grid: Number(variant.grid), window: Number(variant.window) };
  }
}
