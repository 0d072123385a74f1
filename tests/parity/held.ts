import { familyOf, inputsOf } from '#lib/models/registry.ts';
import { checkSizes, fedNames, Golden, type GoldenSet } from '#lib/live/golden.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { parseModelConfig, type ModelConfig } from '#lib/models/model-config.ts';
import type { CreateSession, Session } from '#lib/runtime/ort.ts';
import { prepareModel, type PreparedModel } from '#lib/runtime/prepare.ts';
import { parseSafetensors, type SafetensorsFile } from '#lib/weights/safetensors.ts';
import type { WeightSource } from '#lib/weights/source.ts';

/** One figure held against PyTorch's. */
export interface Held {
  /** A tensor, or a figure of one: `norm: mean`. */
  readonly name: string;
  /** max |Δ| over the elements compared; Infinity for another size. */
  readonly worst: number;
  /** What `worst` may be. */
  readonly limit: number;
}

/**
 * One pass of a model that has references: a patch size, another size of picture, whether the intervention inputs are
 * built in, or such inputs as the references say, not neutral.
 */
export type Pass =
  | { readonly patch: number }
  | { readonly image: number }
  | { readonly interventions: boolean }
  | { readonly given: string };

export function passName(pass: Pass): string {
  if ('patch' in pass) return `patch ${pass.patch}`;
  if ('image' in pass) return `picture of ${pass.image} pixels`;
  return 'given' in pass ? `inputs of ${pass.given}` : `interventions ${pass.interventions}`;
}

/** The references of a pass. */
const setOf = (pass: Pass): GoldenSet =>
  'patch' in pass
    ? pass.patch
    : 'image' in pass
      ? `i${pass.image}`
      : 'given' in pass
        ? pass.given
        : undefined;

/** Figures of a tensor that `stat/` entries of the references hold, in their order. */
const FIGURES = ['min', 'max', 'mean', 'mean |x|'];

/** A stored model with the references that PyTorch left for it. */
export class HeldModel {
  readonly model: ModelConfig;
  readonly weights: WeightSource;
  readonly golden: Golden;
  readonly #stored: SafetensorsFile;

  /** @param read gives a file of the model's folder. Throws ModelConfigError, WeightsError. */
  constructor(read: (file: string) => Uint8Array) {
    this.model = parseModelConfig(new TextDecoder().decode(read('config.json')));
    this.weights = bindWeights(parseSafetensors(read('model.safetensors')), this.model);
    const bytes = read('golden.safetensors');
    this.golden = new Golden(bytes);
    this.#stored = parseSafetensors(bytes);
  }

  /** Every pass its references belong to. */
  get passes(): readonly Pass[] {
    const { patches, sides } = this.golden;
    if (patches.length > 0) return patches.map((patch) => ({ patch }));
    const given = this.golden.names('k').length > 0 ? [{ given: 'k' }] : [];
    const others = sides.map((image) => ({ image }));
    return [{ interventions: false }, ...others, ...given, { interventions: true }];
  }

  /** Names of the tensors that a pass computes and PyTorch left a reference for. */
  outputs(pass: Pass): readonly string[] {
    if ('patch' in pass) return this.golden.names(pass.patch);
    const fed = fedNames(this.model);
    if (!('interventions' in pass)) return this.#referred(setOf(pass)).filter((name) => !fed.includes(name));
    return this.named(pass).filter((name) => !fed.includes(name));
  }

  /** Names of every tensor of the graph of a pass without interventions. */
  named(pass: Pass): readonly string[] {
    const outputs = familyOf(this.model.architecture).answers(this.model.config);
    const plain = 'patch' in pass || 'image' in pass ? pass : { interventions: false };
    return this.prepare(plain, outputs).graph.tensorNames();
  }

  /** The graph of a pass, bound and encoded for some outputs. */
  prepare(pass: Pass, outputs: readonly string[]): PreparedModel {
    return prepareModel(this.weights, this.model, { ...this.#options(pass), outputs });
  }

  #options(pass: Pass) {
    if ('patch' in pass) return { variant: pass };
    if ('image' in pass) return { variant: pass, batch: this.golden.batchOf(`i${pass.image}`) };
    if ('given' in pass) return { interventions: true, batch: this.golden.batchOf(pass.given) };
    return { ...pass, ...checkSizes(this.golden, this.model) };
  }

  /** Names of a set's references that no intervention is given by. */
  #referred(set: GoldenSet): readonly string[] {
    const given = new Set(inputsOf(this.model).map(({ name }) => name));
    return this.golden.names(set).filter((name) => name === 'x' || !given.has(name));
  }

  /** Runs a prepared pass; with what it was fed, by name. */
  async run(
    pass: Pass,
    { graph, encoded, neutral }: PreparedModel,
    createSession: CreateSession,
    outputs: readonly string[],
  ): Promise<{ results: Awaited<ReturnType<Session['run']>>; fed: ReadonlyMap<string, Float32Array> }> {
    const { model, golden } = this;
    const set = setOf(pass);
    const session = await createSession(encoded);
    const feeds = encoded.inputs.map((name) => {
      const data = typeof set === 'number' ? golden.input : (golden.inputOf(name, set) ?? neutral[name]);
      if (!data) throw new Error(`${model.name}: nothing to feed ${name} with`);
      return { name, shape: graph.value(name).shape, data };
    });
    const results = await session.run(feeds, outputs);
    await session.release();
    return { results, fed: new Map(feeds.map(({ name, data }) => [name, data])) };
  }

  /** Runs a pass on the sessions given and holds every tensor against its reference. */
  async hold(pass: Pass, createSession: CreateSession): Promise<Held[]> {
    const outputs = this.outputs(pass);
    const { results } = await this.run(pass, this.prepare(pass, outputs), createSession, outputs);
    return results.flatMap((tensor) => {
      const patch = 'patch' in pass ? pass.patch : undefined;
      const { name, worst, scale } = this.golden.compare(setOf(pass), tensor)!;
      // Two float32 programs that add in another order; ten trained blocks let it grow to 2e-5 of the largest value.
      const share = patch === undefined ? 5e-5 : 1e-3;
      return [{ name, worst, limit: share * (1 + scale) }, ...this.#figures(patch, tensor)];
    });
  }

  /** Least, most and means of a tensor against those PyTorch left, where it did. */
  #figures(patch: number | undefined, { name, data }: { name: string; data: Float32Array }): Held[] {
    const key = `stat/p${patch}/${name}`;
    if (!this.#stored.get(key)) return [];
    const reference = this.#stored.float32(key);
    const limit = 1e-3 * (1 + Math.max(Math.abs(reference[0]!), Math.abs(reference[1]!)));
    return statistics(data).map((value, i) => ({
      name: `${name}: ${FIGURES[i]}`,
      worst: Math.abs(value - reference[i]!),
      limit,
    }));
  }
}

/** Minimum, maximum, mean, and mean of absolute values. */
function statistics(values: Float32Array): [number, number, number, number] {
  let [min, max, sum, absolute] = [Infinity, -Infinity, 0, 0];
  for (const v of values) {
    min = Math.min(min, v);
    max = Math.max(max, v);
    sum += v;
    absolute += Math.abs(v);
  }
  return [min, max, sum / values.length, absolute / values.length];
}

/** What is off, worst first: by how much of its limit. */
export const off = (held: readonly Held[]): readonly Held[] =>
  held.filter(({ worst, limit }) => !(worst <= limit)).sort((a, b) => b.worst / b.limit - a.worst / a.limit);
