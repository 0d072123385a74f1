import { drawnCodes, gumbels, logProbabilities, weightOf } from '#lib/analysis/choosing.ts';
import type { ProgramContext } from '../program.ts';
import { Asking } from './asking.ts';
import { decoded, latentsOf } from './latents.ts';
import { refined } from './refine.ts';
import { settled } from './settled.ts';
import { placesOf, stepsOf, type CodePlan, type CodesToPicture } from './spec.ts';
import type { CodeStep, Resume } from './step.ts';

/** Codes of the scales before `scale` alone. */
function upTo({ chooser }: CodePlan, codes: Int32Array, scale: number): Int32Array {
  const end = chooser.sides.slice(0, scale).reduce((n, side) => n + side * side, 0);
  return codes.map((code, place) => (place < end ? code : -1));
}

/** A run on its way: what it has chosen, and what it makes of it. */
export class Run {
  readonly #context: ProgramContext<CodesToPicture>;
  readonly #plan: CodePlan;
  readonly #asking: Asking;
  readonly #summing: boolean;
  /** Steps of what refines the codes; 0 without it. */
  readonly #refining: number;
  readonly #total: number;
  #pass: number;
  #step: number;
  #passes: number;
  #tokens: number;
  #codes: Int32Array;
  #latents: Float32Array | undefined;
  #hidden: Float32Array | undefined;

  constructor(context: ProgramContext<CodesToPicture>, plan: CodePlan, asking: Asking) {
    const { models, spec } = context;
    this.#context = context;
    this.#plan = plan;
    this.#asking = asking;
    this.#summing = plan.chooser.order === 'scales';
    this.#refining = plan.refiner && models.refiner?.diffusion ? (spec.refine?.steps ?? 8) : 0;
    this.#total = stepsOf(plan, this.#refining);
    const resume = context.resume as Resume | undefined;
    this.#pass = resume?.pass ?? plan.first;
    this.#step = resume?.step ?? 0;
    this.#passes = resume?.passes ?? 0;
    this.#tokens = resume?.tokens ?? 0;
    this.#codes = resume?.codes ?? plan.codes;
  }

  /** Every step, until the one that is asked for. */
  async *steps(): AsyncGenerator<CodeStep, void, void> {
    const { until, signal } = this.#context;
    for (const part of [this.#choosing(), this.#refined()])
      for await (const step of part) {
        yield step;
        if (step.step === until) return;
        signal.throwIfAborted();
      }
  }

  /** Pass after pass of the network that chooses. */
  async *#choosing(): AsyncGenerator<CodeStep, void, void> {
    const { passes } = this.#plan;
    // The scales before the first pass are told again: what stood then is known by their codes.
    for (let scale = 1; this.#summing && scale <= Math.min(this.#pass, passes - 1); scale++)
      this.#asking.tell(scale, await this.#sum(scale));
    if (this.#pass >= passes && this.#step === 0) {
      // Every code was given: they are decoded.
      yield { ...this.#said(this.#pass), ...(await this.#shown(this.#refining === 0)) };
    }
    while (this.#pass < passes) {
      yield await this.#chosen(this.#pass);
      this.#pass++;
      if (this.#summing && this.#pass < passes)
        this.#asking.tell(this.#pass, this.#latents ?? (await this.#sum(this.#pass)));
    }
  }

  /** What the codes of the scales before `scale` add up to. */
  #sum(scale: number): Promise<Float32Array> {
    return latentsOf(this.#context, this.#plan, upTo(this.#plan, this.#codes, scale));
  }

  /** One pass. */
  async #chosen(pass: number): Promise<CodeStep> {
    const { spec, chooser, passes } = this.#plan;
    const asked = placesOf(this.#plan, pass);
    const from = chooser.order === 'raster' ? pass : (asked[0] ?? 0);
    const weight = weightOf(this.#plan.weight, spec.ramp ?? false, pass, passes);
    const { hidden, tokens, logits, ...said } = await this.#asking.ask(
      pass,
      [from, from + asked.length],
      this.#codes,
      weight,
    );
    const logs = logProbabilities(logits, chooser.count, spec);
    const noise = (spec.temperature ?? 1) > 0 ? gumbels(spec.seed, 2 * pass, logits.length) : undefined;
    const drawn = drawnCodes(logs, chooser.count, noise);
    const { codes, confidence } = settled(this.#plan, pass, this.#codes, asked, logs, drawn);
    const places = asked.filter((place) => this.#codes[place] === -1 && codes[place] !== -1);
    this.#codes = codes;
    this.#hidden = hidden;
    this.#passes++;
    this.#tokens += tokens * (this.#plan.guided ? 2 : 1);
    this.#latents = undefined;
    const shown = await this.#shown(pass === passes - 1 && this.#refining === 0);
    return {
      ...this.#said(pass),
      places,
      asked,
      logits,
      logs,
      drawn,
      weight,
      ...said,
      ...shown,
      ...(confidence && { confidence }),
    };
  }

  /** A step in which nothing was asked; others add to it. */
  #said(pass: number): CodeStep {
    return {
      kind: 'codes',
      step: ++this.#step,
      total: this.#total,
      pass,
      passes: this.#passes,
      tokens: this.#tokens,
      codes: this.#codes,
      places: [],
      asked: [],
      logits: new Float32Array(),
      logs: new Float32Array(),
      drawn: [],
      weight: this.#plan.weight,
      inputs: {},
      variant: {},
      tensors: [],
      ms: 0,
      decodeMs: 0,
    };
  }

  /** The picture, where one is decoded: of the codes, or of latents that are given. */
  async #shown(
    last: boolean,
    latents?: Float32Array,
  ): Promise<Pick<CodeStep, 'latents' | 'picture' | 'decodeMs'>> {
    const { decode = 'each' } = this.#plan.spec;
    if (decode === 'none' || (decode === 'last' && !last)) return { decodeMs: 0 };
    if (!latents) this.#latents = await latentsOf(this.#context, this.#plan, this.#codes);
    const of = latents ?? this.#latents;
    if (!of) return { decodeMs: 0 };
    const { data, ms } = await decoded(this.#context, this.#plan, of);
    return { latents: of, picture: data, decodeMs: ms };
  }

  /** The rest that codes leave over, step after step. */
  async *#refined(): AsyncGenerator<CodeStep, void, void> {
    const { places, passes, refiner, first, weight } = this.#plan;
    const { diffusion } = this.#context.models.refiner ?? {};
    if (!refiner || !diffusion) return;
    const grid = refiner.grid ** 2;
    if (!this.#hidden) {
      // Nothing was asked in this run: the hidden state of the last grid is.
      const said = await this.#asking.ask(passes - 1, [places - grid, places], this.#codes, weight);
      this.#hidden = said.hidden;
      this.#passes++;
      this.#tokens += said.tokens * (this.#plan.guided ? 2 : 1);
    }
    const sum = this.#latents ?? (await latentsOf(this.#context, this.#plan, this.#codes));
    const codes = Float32Array.from(this.#codes.slice(places - grid));
    const done = this.#step - Math.max(1, passes - first);
    let at = 0;
    for await (const rest of refined(this.#context, this.#plan, diffusion, this.#hidden, codes)) {
      if (at++ < done) continue;
      const whole = sum.map((v, i) => v + (rest.x0[i] ?? 0));
      const shown = await this.#shown(at === this.#refining, whole);
      yield { ...this.#said(at - 1), kind: 'refine', rest, ...shown };
    }
  }
}
