import { mix, posterior, posteriorMean, type Posterior } from '#lib/diffusion/math/index.ts';
import type { PixelPlace } from '#lib/figures/pixels/paint.ts';
import { derivedTensor, inputTensor, type Known } from '#lib/live/make-tensor.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import { stripOf, type StripItem, type ViewModel } from '#lib/notebook/view-model.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import { SmallPicture } from '#lib/pictures/small.svelte.ts';
import { Chain, type ChainSpec } from './chain.ts';
import { StepPlayer } from './step-player.svelte.ts';
import { NoiseField } from './noise-field.svelte.ts';
import { CHANNELS, FULL, SIDE, STEPS, type NoiseFields } from './state.ts';
import { BackgroundLinks } from './background-links.svelte.ts';
import { tableOf, timeOf, weightsOf } from './schedules.ts';
import { Walkers, type WalkersSpec } from './walkers.ts';
import { DOCS, HERE } from './tensor-docs.ts';

/** Tensors of the strip, in order. */
const NAMES = ['x0', 'epsilon', 'x_t', 'alphas_cumprod', 'posterior_mean'] as const;

/** What is known of a tensor of the picture's sizes. */
function pictureOf(name: keyof typeof DOCS): Known {
  return { shape: [3, SIDE, SIDE], dims: ['C', 'H', 'W'], doc: DOCS[name] };
}

/** Where a value of a small picture lies. */
export function placeOf([row, col]: PixelPlace, channel: number): number {
  return (channel * SIDE + row) * SIDE + col;
}

/** What stage, prose, strip and drawer of lesson 6 share. Everything is computed in this page; no model runs. */
export class NoiseViewModel implements ViewModel {
  readonly walkthrough: Walkthrough<NoiseFields>;
  readonly picture: SmallPicture;
  readonly noise: NoiseField;
  readonly player: StepPlayer;
  readonly chain: BackgroundLinks<ChainSpec, Chain>;
  readonly walk: BackgroundLinks<WalkersSpec, Walkers>;
  /** The pixel of the small picture under the mouse. */
  hovered = $state.raw<PixelPlace>();

  constructor(walkthrough: Walkthrough<NoiseFields>) {
    this.walkthrough = walkthrough;
    const { state } = walkthrough;
    this.picture = new SmallPicture(walkthrough, state);
    this.player = new StepPlayer(
      () => ({ t: state.t, staged: walkthrough.staged }),
      (t) => (state.t = t),
      STEPS - 1,
    );
    this.noise = new NoiseField(
      () => state.seed,
      () => state.size === 'full',
    );
    this.chain = new BackgroundLinks<ChainSpec, Chain>(
      () => {
        const x0 = this.exact;
        return state.view === 'chain' && x0 ? { schedule: this.table, x0, seed: state.seed } : undefined;
      },
      (spec) => new Chain(spec),
      2,
    );
    this.walk = new BackgroundLinks<WalkersSpec, Walkers>(
      () => this.walkSpec,
      (spec) => new Walkers(spec),
      4,
    );
  }

  get state() {
    return this.walkthrough.state;
  }
  /** The t that is shown. */
  get t(): number {
    return this.player.t;
  }
  readonly table = $derived.by(() => tableOf(this.state.sch));
  readonly alphaBar = $derived.by(() => this.table.alphasCumprod[this.t] ?? 1);
  /** Weights of picture and noise as they should be. */
  readonly rates = $derived.by(() => weightsOf('vp', this.alphaBar));
  /** Weights by the rule the reader has chosen. */
  readonly weights = $derived.by(() => weightsOf(this.state.rule, this.alphaBar));

  /** x0 `[3, 32, 32]`, and as float64 for the chain. */
  get x0(): Float32Array | undefined {
    return this.picture.x0;
  }
  readonly exact = $derived.by(() => this.x0 && Float64Array.from(this.x0));
  /** ε `[3, 32, 32]`. */
  get eps(): Float32Array {
    return this.noise.small;
  }
  /** x_t `[3, 32, 32]` by the chosen rule. */
  readonly xt = $derived.by(() => {
    const [a, b] = this.weights;
    return this.x0 && mix(this.x0, [a, this.x0], [b, this.eps]);
  });
  readonly #fullX0 = $derived.by(() => this.picture.at(FULL));
  /** x_t `[3, 224, 224]` by the chosen rule. */
  readonly fullXt = $derived.by(() => {
    const [a, b] = this.weights;
    const x0 = this.#fullX0;
    const eps = this.noise.full;
    return x0 && eps && mix(x0, [a, x0], [b, eps]);
  });
  /** x_t at another index, by the chosen rule, with the same ε or another. */
  at(t: number, eps: ArrayLike<number> = this.eps): Float32Array | undefined {
    const [a, b] = weightsOf(this.state.rule, this.table.alphasCumprod[t] ?? 1);
    return this.x0?.map((v, i) => a * v + b * eps[i]!);
  }

  /** Place of the chosen pixel's chosen channel. */
  readonly chosen = $derived.by(() => placeOf(this.state.px, CHANNELS.indexOf(this.state.ch)));

  /** The index the posterior goes back to; −1 is the clean picture. */
  readonly earlier = $derived.by(() => Math.max(-1, this.t - Number(this.state.back)));
  readonly posterior: Posterior = $derived.by(() =>
    posterior(this.table.process, timeOf(this.t), timeOf(this.earlier)),
  );
  /** x_t as it should be, whatever rule is chosen. */
  readonly trueXt = $derived.by(() => {
    const [a, b] = this.rates;
    return this.x0 && mix(this.x0, [a, this.x0], [b, this.eps]);
  });
  readonly posteriorMean = $derived.by(
    () => this.x0 && this.trueXt && posteriorMean(this.posterior, this.x0, this.trueXt),
  );

  /** The walk of the chosen pixel's chosen channel, while it is looked at. */
  readonly walkSpec: WalkersSpec | undefined = $derived.by(() => {
    const x0 = this.x0?.[this.chosen];
    const { seed, links, view } = this.state;
    return view === 'walk' && x0 !== undefined ? { schedule: this.table, x0, seed, links } : undefined;
  });

  // Told apart from how far the work has come, so that each further link does not compute the shown one again.
  readonly #linked = $derived.by(() => this.chain.done > this.t);
  readonly #walked = $derived.by(() => this.walk.done > this.t);
  /** The chain after link t; undefined until it has come there. */
  readonly link = $derived.by(() => (this.#linked ? this.chain.work?.at(this.t) : undefined));
  /** One jump to t with all the noise of the chain's links, folded into one `[3, 32, 32]`. */
  readonly folded = $derived.by(() => {
    const { exact, link, rates } = this;
    return exact && link && link.folded.map((e, i) => rates[0] * exact[i]! + rates[1] * e);
  });
  /** Where the walkers stand after link t `[W]`. */
  readonly walkers = $derived.by(() => (this.#walked ? this.walk.work?.at(this.t) : undefined));

  // What the lesson page asks for.

  readonly #x0 = inputTensor(
    'x0',
    () => this.x0,
    () => pictureOf('x0'),
  );
  readonly #eps = inputTensor(
    'epsilon',
    () => this.eps,
    () => pictureOf('epsilon'),
  );
  readonly #alphasCumprod = inputTensor(
    'alphas_cumprod',
    () => Float32Array.from(this.table.alphasCumprod),
    () => ({ shape: [STEPS], dims: ['t'], doc: DOCS.alphas_cumprod }),
  );
  readonly #tensors: readonly NamedTensor[] = [
    this.#x0,
    this.#eps,
    this.#alphasCumprod,
    derivedTensor(
      'x_t',
      [this.#x0, this.#eps, this.#alphasCumprod],
      'mix',
      () => this.xt,
      () => pictureOf('x_t'),
    ),
    derivedTensor(
      'posterior_mean',
      [this.#x0, this.#eps, this.#alphasCumprod],
      'posteriorMean',
      () => this.posteriorMean,
      () => pictureOf('posterior_mean'),
    ),
  ];

  readonly strip: readonly StripItem[] = stripOf(
    this,
    NAMES.map((name) => [name, DOCS[name].title]),
  );
  readonly ofInput = HERE;
  named(name: string): NamedTensor | undefined {
    return this.#tensors.find((tensor) => tensor.name === name);
  }
}
