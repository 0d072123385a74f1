import { sizeOf } from '#lib/base/tensor.ts';
import { nearest } from '#lib/base/nearest.ts';
import { planOf, type SampleSpec } from '#lib/diffusion/sampler/spec.ts';
import { readyModel } from '#lib/live/session-work.svelte.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { isDiffusion, type DiffusionModel, type ModelConfig } from '#lib/models/model-config.ts';
import { classesOf, graphOf, pictureOf } from '#lib/models/registry.ts';
import type { Program, ProgramStep } from '#lib/programs/program.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import type { ModelRef } from '#lib/runtime/protocol.ts';
import { MOST_VALUES, type Plain } from '../messages.ts';
import { readPlain } from './read-message.ts';
import { noTensor, Refused } from './refused.ts';

/** How a run of a program is watched on its way. */
export interface Watch {
  /** Aborted where nobody wants the rest: the cell was stopped or runs again. */
  readonly signal: AbortSignal;
  /** Hears every step as plain data, its buffers to be handed over. */
  readonly step: (value: object, transfer: Transferable[]) => void;
}

interface Around {
  readonly engine: Engine;
  readonly modelOf: (id: string) => LiveModel;
  readonly configOf: (id: string) => Promise<ModelConfig>;
  /** What a cell gives a part of a program, as the part's inputs. */
  readonly feed: (config: ModelConfig, of: Readonly<Record<string, unknown>>) => Promise<object>;
}

type Given = Readonly<Record<string, unknown>>;
const recordOf = (of: unknown): Given => Object(of) as Given;

/** Options of `sample` that go on as they are. */
const GOES_ON = { sampler: 0, steps: 0, seed: 0, guidance: 0, spacing: 0, eta: 0, start: 0, end: 0, clip: 0 };
const PASSED: readonly string[] = Object.keys(GOES_ON satisfies Partial<Record<keyof SampleSpec, number>>);
const OTHERS: readonly string[] = ['model', 'class', 'text', 'x', 'tensors'];

/**
 * The sampling loop of the lessons, for a cell: `{ model, class, text, steps, guidance, sampler, seed, … }`.
 * The steps go to `watch`, each with the shape of its pictures: `[C, H, W]`, or `[n, C, H, W]` of a list of classes.
 * @throws Refused for options that cannot be, RangeError with the plan's own sentence, Fault of the loading or a pass
 */
export async function sampled(around: Around, of: unknown, watch: Watch) {
  const options = recordOf(of);
  const unknown = Object.keys(options).find((name) => ![...PASSED, ...OTHERS].includes(name));
  if (unknown !== undefined) {
    const meant = nearest(unknown, [...PASSED, ...OTHERS]);
    throw new Refused(
      {
        en: `sample() takes no “${unknown.slice(0, 60)}”. It takes ${[...OTHERS, ...PASSED].join(', ')}.`,
        zh: `sample() 没有“${unknown.slice(0, 60)}”这一项。可以写的是：${[...OTHERS, ...PASSED].join('、')}。`,
      },
      meant === undefined ? [] : [meant],
    );
  }
  if (typeof options.model !== 'string')
    throw new Refused({
      en: 'sample() takes the name of a model that removes noise, as in sample({ model: …, class: 7, steps: 20 }). The models of lessons 7 to 9 are such.',
      zh: 'sample() 需要一个去噪模型的名字，例如 sample({ model: …, class: 7, steps: 20 })。第 7 到 9 课的模型就是去噪模型。',
    });
  const config = await around.configOf(options.model);
  if (!isDiffusion(config) || !pictureOf(config))
    throw new Refused({
      en: `${config.name} removes no noise, so it cannot make pictures. The models of lessons 7 to 9 can.`,
      zh: `${config.name} 不是去噪模型，不能生成图片。第 7 到 9 课的模型可以。`,
    });
  const spec = specOf(config, options);
  const { count, each } = asRefusal(() => planOf(config, spec));
  const graph = graphOf(config);
  for (const name of spec.outputs ?? [])
    if (!graph.values.has(name)) throw new Refused(noTensor(config.name, name));
  const beside = (spec.outputs ?? []).reduce((n, name) => n + 2 * count * sizeOf(graph.value(name).shape), 0);
  const values = spec.steps * (3 * count * each + beside);
  if (values > MOST_VALUES)
    throw new Refused({
      en: `${spec.steps} steps with what each of them says are ${values.toExponential(1)} values; a cell is handed ${MOST_VALUES / 1e6} million at the most. Ask for fewer steps, pictures or tensors.`,
      zh: `${spec.steps} 步连同每一步的结果共有 ${values.toExponential(1)} 个数值，一个单元最多能拿到 ${MOST_VALUES / 1e4} 万个。请减少步数、图片或张量。`,
    });
  const { PROGRAM } = await import('#lib/programs/sampling/program.ts');
  const { channels, height, width } = pictureOf(config) ?? { channels: 1, height: 1, width: each };
  const several = Array.isArray(options.text ?? options.class);
  const shape = [...(several ? [count] : []), channels, height, width];
  const step: Watch['step'] = (value, transfer) => watch.step({ ...value, shape }, transfer);
  await run(around, PROGRAM, { denoiser: config.name }, spec, { ...watch, step });
  return { model: config.name };
}

function specOf(config: DiffusionModel, options: Given): SampleSpec {
  const { tensors, text, seed = 1 } = options;
  const x = Array.isArray(options.x) ? Float32Array.from(options.x.flat(Infinity), Number) : options.x;
  if (x !== undefined && !(x instanceof Float32Array))
    throw new Refused({
      en: 'x, the state to set out from, is a tensor or a list of numbers.',
      zh: 'x 是采样的起点，必须是张量或一列数。',
    });
  if (!Number.isSafeInteger(seed) || Number(seed) < 0)
    throw new Refused({ en: 'The seed is a whole number from 0 up.', zh: '种子是从 0 起的整数。' });
  const passed = Object.fromEntries(
    PASSED.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]] as const])),
  );
  const asked = text ?? options.class ?? null;
  const labels = (Array.isArray(asked) ? asked.map(readPlainOf) : [readPlainOf(asked)]).map((label) =>
    labelOf(config, label),
  );
  return {
    sampler: 'ddim',
    steps: 20,
    seed: 1,
    ...passed,
    labels,
    ...(x && { x }),
    ...(tensors !== undefined && { outputs: (Array.isArray(tensors) ? tensors : [tensors]).map(String) }),
  };
}
const readPlainOf = (of: unknown): Plain => readPlain(of);

/** The index of a class, by its number or its name in English; null for none. */
function labelOf(config: DiffusionModel, asked: Plain): number | null {
  if (asked === null || typeof asked === 'number') return asked;
  const names = config.labels.map(({ en }) => en);
  const wanted = String(asked).trim().toLowerCase();
  const at = names.findIndex((name) => name.toLowerCase() === wanted);
  if (at >= 0 && at < classesOf(config).count) return at;
  const meant = nearest(wanted, names);
  throw new Refused(
    {
      en: `${config.name} reads no sentences: it is told one of its classes, ${names.join(', ') || 'by number'}, and “${wanted.slice(0, 60)}” is none of them.`,
      zh: `${config.name} 读不懂句子，只能告诉它一个类别：${names.join('、') || '写类别的编号'}。“${wanted.slice(0, 60)}”不在其中。`,
    },
    meant === undefined ? [] : [meant],
  );
}

/**
 * A program of the site, by its id, for a cell: `{ program, parts, spec }`. What stands in the spec under the name of a
 * part is what the cell gives that part, as `run` takes it; the rest goes on as it is.
 * @throws Refused for an unknown program, part or model, Fault of the loading or a pass
 */
export async function programmed(around: Around, of: unknown, watch: Watch) {
  const { program: id, parts: named, spec: given } = recordOf(of);
  const { PROGRAMS } = await import('#lib/programs/registry.ts');
  const program = PROGRAMS.get(String(id));
  if (!program)
    throw new Refused({
      en: `There is no program “${String(id).slice(0, 60)}”. There are ${[...PROGRAMS.keys()].join(', ')}.`,
      zh: `没有名为“${String(id).slice(0, 60)}”的程序。有的是：${[...PROGRAMS.keys()].join('、')}。`,
    });
  const parts: Record<string, string> = {};
  for (const [part, { title, fits }] of Object.entries(program.parts)) {
    const model = recordOf(named)[part];
    if (typeof model !== 'string')
      throw new Refused({
        en: `“${program.id}” needs a model for each of its parts: ${Object.keys(program.parts).join(', ')}. “${part}” (${title.en}) is missing.`,
        zh: `“${program.id}”的每个部分都需要一个模型：${Object.keys(program.parts).join('、')}。还缺“${part}”（${title.zh}）。`,
      });
    if (!fits(await around.configOf(model)))
      throw new Refused({
        en: `${model} cannot be the part “${part}” (${title.en}) of “${program.id}”.`,
        zh: `${model} 不能用作“${program.id}”的“${part}”（${title.zh}）。`,
      });
    parts[part] = model;
  }
  const spec: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(recordOf(given))) {
    const model = parts[name];
    spec[name] = model
      ? await around.feed(await around.configOf(model), recordOf(value))
      : value instanceof Float32Array
        ? value
        : readPlain(value);
  }
  await run(around, program, parts, spec, watch);
  return { program: program.id };
}

/** Runs a program over models of the site; every step is told, its buffers copied to be handed over. */
async function run<Spec, Step extends ProgramStep>(
  { engine, modelOf }: Around,
  program: Program<Spec, Step>,
  parts: Readonly<Record<string, string>>,
  spec: Spec,
  { signal, step }: Watch,
): Promise<void> {
  const ready = await Promise.all(
    Object.entries(parts).map(async ([part, id]) => [part, await readyModel(modelOf(id))] as const),
  );
  signal.throwIfAborted();
  const models: Readonly<Record<string, ModelRef>> = Object.fromEntries(ready);
  const graphs = ready.map(([, { config }]) => graphOf(config));
  const dimsOf: DimsOf = (name) => graphs.find((graph) => graph.values.has(name))?.value(name).dims;
  await engine.program(
    program,
    { models, spec },
    {
      signal,
      onStep: (made) => {
        if (signal.aborted) return;
        const transfer: Transferable[] = [];
        step(copied(made, dimsOf, transfer), transfer);
      },
    },
  );
}

type DimsOf = (tensor: string) => readonly string[] | undefined;

/** A step as plain data, every buffer copied: the engine keeps its own to go on with after a lost device. */
function copied(step: ProgramStep, dimsOf: DimsOf, transfer: Transferable[]): object {
  const copy = (of: unknown): unknown => {
    if (of instanceof Float32Array) {
      const own = of.slice();
      transfer.push(own.buffer);
      return own;
    }
    if (Array.isArray(of)) return of.map(copy);
    if (typeof of !== 'object' || of === null) return of;
    return Object.fromEntries(Object.entries(of).map(([name, part]) => [name, copy(part)]));
  };
  const tensors = step.tensors.map(({ name, shape, data }) => ({
    name,
    shape: [...shape],
    dims: dimsOf(name)?.length === shape.length ? [...(dimsOf(name) ?? [])] : shape.map(() => ''),
    values: copy(Float32Array.from(data)),
  }));
  return { ...(copy({ ...step, tensors: [] }) as object), tensors };
}

/** A plan's own sentence is for the reader. */
function asRefusal<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) throw new Refused({ en: error.message, zh: error.message });
    throw error;
  }
}
