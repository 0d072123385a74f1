import { moments, Readout, winner } from '#lib/analysis/lens.ts';
import { softmax } from '#lib/analysis/softmax.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import { inStretches } from '#lib/figures/draw/work.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { InputValues } from '#lib/models/family.ts';
import { CONFIG, TRAINED } from '#lib/notebook/patch-shapes.ts';
import { ClassifierViewModel } from '#lib/notebook/classifier-view-model.svelte.ts';
import type { StripName } from '#lib/notebook/view-model.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import { untrack } from 'svelte';
import { PatchMap, type PatchLens } from './patch-map.svelte.ts';
import type { AnswerFields } from './state.ts';
import { branchesOf, HEAD, streamsOf } from './stream-names.ts';

const LAST = `blocks.${CONFIG.depth - 1}`;

/** The head applied to one token at every depth. */
export interface TokenLens {
  /** `[depth + 1, K]` each. */
  readonly logits: Float64Array;
  readonly probs: Float64Array;
}
/** What each part of the last CLS row wrote. */
export interface Wrote {
  /** Names of the parts, the embedding first. */
  readonly parts: readonly string[];
  /** `[parts, K]`. */
  readonly each: Float64Array;
  /** What every row gets: W β + b, `[K]`. */
  readonly constant: Float64Array;
  /** max |sum of the parts + constant − logit| over all classes. */
  readonly off: number;
}
/** What stage, prose, strip and drawer of lesson 5 share. */
export class AnswerViewModel extends ClassifierViewModel<AnswerFields> {
  /** The same model with blocks taken out; asked only where that is shown. */
  readonly cut: LiveModel;
  /** `tokens`, `blocks.0` … : the stream at every depth. */
  readonly streams = streamsOf(CONFIG);
  /** The map of what the patches say. */
  readonly map = new PatchMap(this);
  protected readonly way: readonly StripName[] = [
    [LAST, { en: 'last block', zh: '最后一层' }],
    ['norm', { en: 'normalised', zh: '归一化' }],
    ['pooled', { en: 'CLS', zh: 'CLS' }],
    ['logits', { en: 'logits', zh: 'logits' }],
    ['probs', { en: 'answer', zh: '答案' }],
  ];

  constructor(walkthrough: Walkthrough<AnswerFields>) {
    super(walkthrough, walkthrough.state);
    this.cut = this.another();
    this.runOnPicture(this.cut);
    $effect(() => this.#knownOnly(this.state));
    $effect(() => {
      this.cut.interventions = this.#interventions;
    });
    $effect(() => this.#readPatches());
  }

  /** A link may ask for a patch size that the model was not trained for, until another stands in. */
  override get silence(): 'untrained' | undefined {
    return TRAINED.includes(this.p) ? undefined : 'untrained';
  }
  /** 1 for a block that runs, 0 for one that is skipped. */
  readonly gates = $derived.by(() =>
    Float32Array.from({ length: CONFIG.depth }, (_, i) => ((this.state.skip >> i) & 1 ? 0 : 1)),
  );
  readonly #interventions: InputValues = $derived.by(() => ({ block_skip: this.gates }));
  /** The depth at which the lens stands where the answer of the shortened model does, if the skipped blocks are the last ones. */
  readonly cutDepth: number | undefined = $derived.by(() => {
    const first = this.gates.indexOf(0);
    if (first < 0) return CONFIG.depth;
    return this.gates.subarray(first).every((g) => g === 0) ? first : undefined;
  });

  /** The weights that read tokens out, once they are here. */
  readonly readout: Readout | undefined = $derived.by(() => {
    const [gamma, beta, weight, bias] = HEAD.map((name) => this.live.tensors.get(name)?.data);
    if (!gamma || !beta || !weight || !bias) return undefined;
    return new Readout({ gamma, beta, weight, bias, eps: CONFIG.normEps });
  });
  readonly labels = $derived.by(() => this.live.config?.labels ?? []);
  label(k: number, lang: 'en' | 'zh'): string {
    return this.labels[k]?.[lang] ?? `#${k}`;
  }
  /** The class that wins; undefined before the first answer. */
  readonly best: number | undefined = $derived.by(() => {
    const logits = this.live.tensors.get('logits');
    return logits && winner(logits.data);
  });
  /** The class that is asked about. */
  readonly asked: number | undefined = $derived.by(() => {
    const { k } = this.state;
    return k >= 0 && k < CONFIG.classes ? k : this.best;
  });
  /** The best class other than the one asked about. */
  readonly rival: number | undefined = $derived.by(() => {
    const logits = this.live.tensors.get('logits')?.data;
    const { asked } = this;
    if (!logits || asked === undefined) return undefined;
    return winner(logits.map((z, k) => (k === asked ? -Infinity : z)));
  });

  /** Index of the token the lens reads: 0 is CLS. */
  readonly token = $derived.by(() => (this.state.tok === 'cls' ? 0 : 1 + this.seen.chosen.index));
  /** All streams of one forward pass, or undefined. */
  readonly #stack: readonly Tensor[] | undefined = $derived.by(() => {
    const stack = this.streams.map((name) => this.live.tensors.get(name));
    return stack.every((s) => s !== undefined) ? stack : undefined;
  });
  readonly lens: TokenLens | undefined = $derived.by(() => this.#read(this.token));
  /** The lens on CLS, whatever token is looked at. */
  readonly clsLens: TokenLens | undefined = $derived.by(() => (this.token === 0 ? this.lens : this.#read(0)));
  /** The head applied to one token of every depth. */
  #read(token: number): TokenLens | undefined {
    const { readout } = this;
    const stack = this.#stack;
    if (!readout || !stack || token * readout.D >= stack[0]!.data.length) return undefined;
    const { K } = readout;
    const logits = new Float64Array(stack.length * K);
    const probs = new Float64Array(stack.length * K);
    stack.forEach(({ data }, d) => {
      readout.readInto(logits, d * K, data, token * readout.D);
      probs.set(softmax(logits.subarray(d * K, (d + 1) * K)), d * K);
    });
    return { logits, probs };
  }

  readonly wrote: Wrote | undefined = $derived.by(() => {
    const { readout } = this;
    const names = branchesOf(CONFIG);
    const parts = names.map((name) => this.live.tensors.get(name)?.data);
    const last = this.live.tensors.get(LAST)?.data;
    const logits = this.live.tensors.get('logits')?.data;
    if (!readout || !last || !logits || !parts.every((part) => part !== undefined)) return undefined;
    const { D, K, eps, constant } = readout;
    const rows = parts.map((part) => part.subarray(0, D));
    const each = readout.contributions(rows, moments(last, D, eps).scale);
    let off = 0;
    for (let k = 0; k < K; k++) {
      let sum = constant[k]!;
      for (let j = 0; j < rows.length; j++) sum += each[j * K + k]!;
      off = Math.max(off, Math.abs(sum - logits[k]!));
    }
    return { parts: names, each, constant, off };
  });

  #patches = $state.raw<PatchLens>();
  /** Every patch read at the chosen depth; computed a few patches at a time. */
  get patches(): PatchLens | undefined {
    return this.#patches;
  }
  #readPatches(): (() => void) | undefined {
    const { readout } = this;
    const depth = this.state.d;
    const stream = this.live.tensors.get(this.streams[depth]!);
    if (!readout || !stream || this.state.view !== 'map') return undefined;
    const { K, D } = readout;
    const count = stream.data.length / D - 1;
    const probs = new Float32Array(count * K);
    const stop = new AbortController();
    const patches = stream.data.subarray(D);
    void inStretches(count, (from, to) => readout.probsInto(probs, patches, from, to), {
      stretch: 28,
      signal: stop.signal,
    }).then((whole) => {
      if (!whole) return;
      const winners = Array.from({ length: count }, (_, t) => winner(probs, t * K, K));
      this.#patches = { depth, grid: Math.round(Math.sqrt(count)), probs, winners };
    });
    return () => stop.abort();
  }

  /** A link may ask for what this model does not have: a patch size, a class, a head. What stands in is said. */
  #knownOnly({ p, k, h }: { p: number; k: number; h: number }): void {
    const near = TRAINED.reduce((a, b) => (Math.abs(b - p) < Math.abs(a - p) ? b : a), TRAINED[0] ?? 16);
    if (!TRAINED.includes(p)) this.#instead('p', p, near);
    if (k >= CONFIG.classes) this.#instead('k', k, -1);
    if (h >= CONFIG.heads) this.#instead('h', h, -1);
  }
  #instead(field: 'p' | 'k' | 'h', raw: number, shown: number): void {
    const problem = { kind: 'value', field, raw: String(raw), shown: String(shown) } as const;
    // What is said already is read and written here; only the state is followed.
    this.walkthrough.problems = [...untrack(() => this.walkthrough.problems), problem];
    this.state[field] = shown;
  }
}
