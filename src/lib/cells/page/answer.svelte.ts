import { Fault } from '#lib/base/errors.ts';
import { faultText } from '#lib/base/faults.ts';
import { sizeOf, type Tensor } from '#lib/base/tensor.ts';
import { preprocess } from '#lib/images/preprocess.ts';
import type { Rgba } from '#lib/images/rgba.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import { FIRST_MODEL } from '#lib/models/first-model.ts';
import type { ModelConfig } from '#lib/models/model-config.ts';
import {
  familyOf,
  graphOf,
  inputsOf,
  neutralOf,
  withVariant,
  type InputValues,
} from '#lib/models/registry.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import type { House } from '../house.ts';
import { nearestTensors, tooLarge } from '../language/book.ts';
import { MOST_VALUES, type FromSandbox, type Plain, type ToSandbox } from '../messages.ts';
import { plainMap } from '../plain.ts';
import { sentTensor } from './feed.svelte.ts';
import { pictureIds, squareOf } from './gallery-picture.ts';
import { readPicture, readPlain } from './read-message.ts';
import { readTexts, type ReadTexts } from './texts.ts';

/** What the page says to something that a cell asked, and the buffers that go along. */
export interface Reply {
  readonly reply: ToSandbox;
  readonly transfer: Transferable[];
}
type Asks = Extract<FromSandbox, { say: 'asks' }>;
export type Answer = (asked: Asks) => Promise<Reply>;

/** A question that is answered with a sentence instead. */
class Refused extends Error {
  readonly nearest: readonly string[];
  constructor(message: string, nearest: readonly string[] = []) {
    super(message);
    this.nearest = nearest;
  }
}

const MODEL = /^[a-z0-9][\w.-]{0,63}$/i;
/** Most tensors of one pass. */
const MOST_TENSORS = 200;

/** Answers what cells ask of the page: tensors by names that are computed, models, passes of models, settings. */
export function answerer(
  house: House,
  engine: Engine,
  set: (changes: Readonly<Record<string, Plain>>) => string | undefined,
  watch: (name: string, given: Tensor) => void,
): Answer {
  const models = plainMap<string, LiveModel>();
  const modelOf = (id: string): LiveModel => {
    const known = models.get(id) ?? new LiveModel(engine, id, { ahead: false });
    models.set(id, known);
    return known;
  };
  const work: Record<Asks['what'], (of: unknown) => Promise<{ value: unknown; transfer?: Transferable[] }>> =
    {
      tensor: (of) => askedTensor(house, String(of), watch),
      describe: async (of) => ({ value: described(await configOf(modelOf, String(of))) }),
      run: (of) => pass(house, modelOf, of),
      picture: (of) => askedPicture(house, String(of)),
      set: async (of) => {
        const changes = readPlain(of);
        if (typeof changes !== 'object' || changes === null || Array.isArray(changes))
          throw new Refused('state.set() takes the fields to be set, such as state.set({ p: 8 }).');
        const refused = set(changes as Readonly<Record<string, Plain>>);
        if (refused !== undefined) throw new Refused(refused);
        return { value: null };
      },
    };
  return async ({ call, what, of }) => {
    try {
      const { value, transfer = [] } = await work[what](of);
      return { reply: { say: 'answer', call, value }, transfer };
    } catch (error) {
      const message = error instanceof Refused ? error.message : faultText(toRecord(error)).en;
      const nearest = error instanceof Refused && error.nearest.length > 0 ? { nearest: error.nearest } : {};
      return { reply: { say: 'refuse', call, message, ...nearest }, transfer: [] };
    }
  };
}

async function askedPicture(house: House, id: string) {
  const square = await squareOf(id, house.picture?.width);
  if (!square)
    throw new Refused(`The gallery has no picture “${id.slice(0, 100)}”. It has ${pictureIds().join(', ')}.`);
  const { width, height } = square;
  const data = Uint8ClampedArray.from(square.data);
  return { value: { width, height, data }, transfer: [data.buffer] };
}

async function askedTensor(house: House, name: string, watch: (name: string, given: Tensor) => void) {
  const named = house.named(name);
  if (!named) {
    const names = house.tensors?.map((tensor) => tensor.name) ?? [];
    throw new Refused(`There is no tensor “${name.slice(0, 100)}” here.`, nearestTensors(name, names));
  }
  if (named.shape && sizeOf(named.shape) > MOST_VALUES) throw new Refused(tooLarge(name, named.shape).en);
  const value = await arrived(named);
  watch(name, value);
  const { tensor, transfer } = sentTensor(name, value);
  return { value: tensor, transfer };
}

/** The values of a tensor, once they are there. */
function arrived(named: NamedTensor): Promise<NonNullable<NamedTensor['value']>> {
  return new Promise((resolve) => {
    const stop = $effect.root(() => {
      $effect(() => named.want());
      $effect(() => {
        const { value, pending } = named;
        if (!value || pending) return;
        resolve(value);
        queueMicrotask(() => stop());
      });
    });
  });
}

async function configOf(modelOf: (id: string) => LiveModel, id: string): Promise<ModelConfig> {
  if (!MODEL.test(id))
    throw new Refused(`“${id.slice(0, 64)}” is no name of a model, such as “${FIRST_MODEL}”.`);
  try {
    return await modelOf(id).describe();
  } catch (error) {
    if (error instanceof Fault && error.code === 'model-missing')
      throw new Refused(
        `This site has no model “${id}”. The inspector lists those there are; “${FIRST_MODEL}” is one.`,
      );
    throw error;
  }
}

function described(config: ModelConfig) {
  const graph = graphOf(config);
  return {
    id: config.name,
    inputs: inputsOf(config).map(({ name, shape }) => ({ name, shape })),
    tensors: graph
      .tensorNames()
      .map((name) => ({ name, shape: graph.value(name).shape, dims: graph.value(name).dims })),
    labels: config.labels.map(({ en }) => en),
    patchSizes: config.patchSizes,
  };
}

async function pass(house: House, modelOf: (id: string) => LiveModel, of: unknown) {
  const { model, picture, tensors, texts, given } = Object(of) as Record<string, unknown>;
  const config = await configOf(modelOf, String(model));
  const sizes = familyOf(config.architecture).variants?.fields ?? [];
  const all = Object.entries(Object(given) as Record<string, unknown>);
  const live = modelOf(config.name);
  const read = await readTexts(config, live, texts === undefined ? undefined : readPlain(texts));
  if (typeof read === 'string') throw new Refused(read);
  const wishes = all.filter(([name, v]) => sizes.includes(name) && typeof v === 'number');
  const variant = { ...(Object.fromEntries(wishes) as Record<string, number>), ...read?.variant };
  const wished = withVariant(config, variant);
  const neutral = neutralOf(wished);
  const inputs = {
    ...feed(house, wished, config, readPicture(picture), all, read),
    ...interventions(neutral, wished, all),
  };
  const known = [...inputsOf(wished).map(({ name }) => name), ...sizes, ...GIVEN];
  const unknown = all.find(([name]) => !known.includes(name));
  if (unknown)
    throw new Refused(
      `${config.name} takes no “${unknown[0].slice(0, 60)}”. It takes picture, tensors, ${known.join(', ')}.`,
    );
  const intervenes = Object.keys(neutral).some((name) => name in inputs);
  const graph = graphOf(wished, { interventions: intervenes });
  const asked = Array.isArray(tensors) ? tensors.slice(0, MOST_TENSORS).map(String) : [];
  const outputs = asked.length > 0 ? asked : [...familyOf(config.architecture).answers(wished.config)];
  for (const name of outputs) {
    const value = graph.values.get(name.replace(/\[\d+\]$/, ''));
    if (!value)
      throw new Refused(
        `${config.name} has no tensor “${name.slice(0, 100)}”.`,
        nearestTensors(name, graph.tensorNames()),
      );
    if (value.name === name && sizeOf(value.shape) > MOST_VALUES)
      throw new Refused(tooLarge(name, value.shape).en);
  }
  if (!(await live.load()))
    throw live.fault
      ? new Fault(live.fault.code, live.fault.details)
      : new Refused('The model could not be loaded.');
  const answer = await live.pass({ inputs, outputs, variant, interventions: intervenes });
  const sent = answer.tensors.map((tensor) => sentTensor(tensor.name, tensor));
  return {
    value: { tensors: sent.map(({ tensor }) => tensor) },
    transfer: sent.flatMap(({ transfer }) => transfer),
  };
}

/** What a denoiser is told, beside its inputs by name. */
const GIVEN = ['time', 'class', 'seed'];

/** What the network is fed, as its family makes it of what is given, and inputs by their names over that. */
function feed(
  house: House,
  of: ModelConfig,
  config: ModelConfig,
  own: Rgba | undefined,
  all: readonly (readonly [string, unknown])[],
  texts: ReadTexts | undefined,
): InputValues {
  const number = (name: string, otherwise: number) => {
    const value = all.find(([n]) => n === name)?.[1];
    return typeof value === 'number' ? value : otherwise;
  };
  const rgba = own ?? house.picture;
  const fed = familyOf(of.architecture).feed(of.config, {
    picture: rgba && preprocess(rgba, config.preprocessing),
    time: number('time', 0.5),
    class: number('class', -1),
    seed: number('seed', 1),
    visible: [],
    ...(texts && { tokens: texts.rows }),
    diffusion: config.diffusion,
  });
  const named = inputsOf(of).flatMap(({ name, role, shape }) => {
    const value = all.find(([n]) => n === name)?.[1];
    return role === 'intervention' || value === undefined
      ? []
      : [[name, fitted(name, value, shape)] as const];
  });
  const tokens = texts && { [texts.input]: Float32Array.from(texts.rows.flat()) };
  if (!fed && named.length === 0 && !tokens)
    throw new Refused(
      `${config.name} could not be fed: there is no picture yet, or it needs more than a picture.`,
    );
  return { ...tokens, ...fed, ...Object.fromEntries(named) };
}

function interventions(
  neutral: ReturnType<typeof neutralOf>,
  of: ModelConfig,
  all: readonly (readonly [string, unknown])[],
): InputValues {
  const given = all.filter(([name]) => Object.hasOwn(neutral, name));
  if (given.length === 0) return {};
  const whole = Object.fromEntries(Object.entries(neutral).map(([name, { data }]) => [name, data]));
  const set = given.map(([name, value]) => [name, fitted(name, value, neutral[name]?.shape ?? [])] as const);
  return { ...whole, ...Object.fromEntries(set) };
}

/** @throws Refused where the values are not as many as the input takes */
function fitted(name: string, value: unknown, shape: readonly number[]): Float32Array {
  const flat = typeof value === 'number' ? Float32Array.of(value) : value;
  if (flat instanceof Float32Array && flat.length === sizeOf(shape)) return flat;
  const many = flat instanceof Float32Array ? flat.length : 'no';
  throw new Refused(`${name} takes [${shape.join(', ')}], ${sizeOf(shape)} values, and was given ${many}.`);
}
