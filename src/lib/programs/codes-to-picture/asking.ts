import { guide } from '#lib/diffusion/math/guidance.ts';
import type { TextContext } from '#lib/diffusion/sampler/spec.ts';
import type { WireTensor } from '#lib/base/tensor.ts';
import type { InputValues, Variant } from '#lib/models/family.ts';
import { graphOf, inputsOf, inputWith } from '#lib/models/registry.ts';
import { sizeOf } from '#lib/base/tensor.ts';
import type { ProgramContext } from '../program.ts';
import { averagedRows } from './latents.ts';
import type { CodePlan } from './spec.ts';

/** What a pass of the generator said. */
export interface Said {
  /** Guided logits `[places, K]`, and what the told network's were read from, `[places, D]`. */
  readonly logits: Float32Array;
  readonly hidden: Float32Array;
  /** What was fed, but for a cache: whoever feeds it the same sees all its tensors. */
  readonly inputs: InputValues;
  readonly variant: Variant;
  /** Tensors that were asked for beside. */
  readonly tensors: readonly WireTensor[];
  /** How many tokens went through the network. */
  readonly tokens: number;
  readonly ms: number;
}

/** Values, or values twice where a guided pass asks two networks. */
function twice(values: Float32Array, guided: boolean): Float32Array {
  if (!guided) return values;
  const both = new Float32Array(2 * values.length);
  both.set(values);
  both.set(values, values.length);
  return both;
}

/** Rows `from` to before `to` of each of the `batch` in `[batch, rows, width]`. */
function rowsOf(data: Float32Array, batch: number, width: number, from: number, to: number): Float32Array[] {
  const each = data.length / batch;
  return Array.from({ length: batch }, (_, b) => data.slice(b * each + from * width, b * each + to * width));
}

/** The generator as a run asks it: whole, or one token at a time with what earlier ones have left. */
export class Asking {
  readonly #plan: CodePlan;
  readonly #call: ProgramContext<unknown>['call'];
  readonly #told: TextContext | undefined;
  readonly #cached: boolean;
  /** Keys and values that the whole network left, for the first step with a cache; then the worker has them. */
  #past: Float32Array | undefined;
  #began = false;
  /** Of scales: what the network is told of those before, `[N − 1, E]`. */
  readonly #sums: Float32Array;
  #filled = 0;

  constructor(plan: CodePlan, call: ProgramContext<unknown>['call'], told: TextContext | undefined) {
    const { spec, chooser, book, places } = plan;
    this.#plan = plan;
    this.#call = call;
    this.#told = told;
    const hides = (spec.interventions?.causal?.[0] ?? 1) === 1;
    this.#cached = chooser.step !== undefined && spec.cache !== false && hides;
    this.#sums = new Float32Array(chooser.order === 'scales' ? (places - 1) * book.width : 0);
  }

  /** Tells a scale what those before it add up to. */
  tell(scale: number, latents: Float32Array): void {
    const { book, chooser } = this.#plan;
    const rows = averagedRows(latents, book.width, book.grid, chooser.sides[scale] ?? book.grid);
    this.#sums.set(rows, this.#filled);
    this.#filled += rows.length;
  }

  /** The logits of pass `pass`, whose codes stand at `rows` of the network's N; `codes` are those known so far. */
  async ask(
    pass: number,
    rows: readonly [from: number, to: number],
    codes: Int32Array,
    weight: number,
  ): Promise<Said> {
    const { guided, generator, chooser, spec } = this.#plan;
    const stepping = this.#cached && this.#began;
    const interventions = spec.interventions !== undefined || spec.order !== undefined;
    const variant: Variant = stepping ? chooser.step!.variant : {};
    const own = new Set(
      inputsOf({ ...generator, config: { ...generator.config, ...variant } }).map(({ name }) => name),
    );
    const changed = Object.entries({ ...spec.interventions, ...this.#placed() }).filter(([name]) =>
      own.has(name),
    );
    const whole = this.#whole(codes);
    const inputs = { ...whole, ...Object.fromEntries(changed) };
    const batch = guided ? 2 : 1;
    const begins = this.#cached && !stepping ? chooser.step!.begin : [];
    const graph = graphOf(
      { ...generator, config: { ...generator.config, ...variant } },
      { batch, interventions },
    );
    const wanted = (spec.outputs ?? []).filter((name) => graph.values.has(name));
    const outputs = [...new Set([chooser.logits, chooser.hidden, ...begins, ...wanted])];
    const fed = stepping ? { ...Object.fromEntries(changed), ...this.#step(pass, codes) } : inputs;
    const carry = stepping ? { carry: { [chooser.step!.cache]: chooser.step!.past } } : {};
    const asked = { inputs: fed, outputs, variant, batch, interventions, ...carry };
    const { tensors, ms } = await this.#call('generator', asked);
    const of = (name: string) => tensors.find((t) => t.name === name)!;
    if (this.#cached && !stepping) this.#past = joined(begins.map((name) => of(name).data));
    this.#began = true;
    const [from, to] = stepping ? [0, 1] : rows;
    const [cond, uncond] = rowsOf(of(chooser.logits).data, batch, chooser.count, from, to);
    const hidden = of(chooser.hidden);
    const [own0] = rowsOf(hidden.data, batch, hidden.shape.at(-1) ?? 1, from, to);
    return {
      logits: uncond ? guide(cond!, uncond, weight) : cond!,
      hidden: own0!,
      inputs,
      variant: {},
      tensors: wanted.map((name) => copyOf(of(name))),
      tokens: stepping ? 1 : chooser.tokens,
      ms,
    };
  }

  /** What the whole network is fed. */
  #whole(codes: Int32Array): InputValues {
    const { chooser, spec, guided, none, order, generator } = this.#plan;
    const y = [spec.style ?? none, ...(guided ? [none] : [])];
    const context = this.#told && {
      context: guided ? joined([this.#told.told, this.#told.empty]) : this.#told.told,
    };
    const fed = inputsOf(generator).find(({ name }) => name === chooser.input)!;
    const count = sizeOf(fed.shape);
    const values =
      chooser.order === 'scales'
        ? this.#sums
        : Float32Array.from({ length: count }, (_, n) => {
            const code = codes[chooser.order === 'raster' ? (order[n] ?? n) : n] ?? -1;
            return code === -1 ? (chooser.mask ?? 0) : code;
          });
    const told = inputWith(generator, 'class');
    return {
      ...context,
      ...(told && { [told.name]: Float32Array.from(y) }),
      [chooser.input]: twice(values.slice(), guided),
    };
  }

  /** What a step with a cache is fed for code number `pass`: the code before it. */
  #step(pass: number, codes: Int32Array): InputValues {
    const { chooser, order, guided } = this.#plan;
    const { slot, place, past, first } = chooser.step!;
    const before = order[pass - 1] ?? 0;
    const left = this.#past;
    this.#past = undefined;
    return {
      [chooser.input]: twice(Float32Array.of(codes[before] ?? 0), guided),
      [slot]: Float32Array.of(first + pass - 1),
      [place]: Float32Array.of(first + before),
      ...(left && { [past]: left }),
    };
  }

  /** Of a run in another order: which row of the positions each token is given. */
  #placed(): InputValues {
    const { spec, order, chooser, generator } = this.#plan;
    const places = inputsOf(generator).find(({ name }) => name === 'places');
    if (!spec.order || chooser.order !== 'raster' || !places?.neutral) return {};
    const { neutral } = places;
    const first = chooser.step?.first ?? 0;
    return { places: neutral.map((row, i) => (i < first ? row : first + (order[i - first] ?? 0))) };
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((n, { length }) => n + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const copyOf = (t: WireTensor): WireTensor => ({ ...t, data: t.data.slice() });
