import type { Text } from '#lib/base/lang.ts';
import { Fault } from '#lib/base/errors.ts';
import { faultText } from '#lib/base/faults.ts';
import { sizeOf, type Tensor } from '#lib/base/tensor.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import { readyModel } from '#lib/live/session-work.svelte.ts';
import { FIRST_MODEL } from '#lib/models/first-model.ts';
import { isDiffusion, type ModelConfig } from '#lib/models/model-config.ts';
import { familyOf, graphOf, inputsOf } from '#lib/models/registry.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import type { House } from '../house.ts';
import { missingTensor, nearestTensors, tooLarge } from '../language/book.ts';
import { MOST_VALUES, type FromSandbox, type Plain, type ToSandbox } from '../messages.ts';
import { plainMap } from '../plain.ts';
import { fed } from './fed.ts';
import { sentTensor } from './feed.svelte.ts';
import { pictureIds, squareOf } from './gallery-picture.ts';
import type { Watch } from './programs.ts';
import { readPlain } from './read-message.ts';
import { noTensor, Refused } from './refused.ts';

/** What the page says to something that a cell asked, and the buffers that go along. */
export interface Reply {
  readonly reply: ToSandbox;
  readonly transfer: Transferable[];
}
type Asks = Extract<FromSandbox, { say: 'asks' }>;
/** Answers a question; of a long one, `watch` hears the steps and says when nobody waits any more. */
export type Answer = (asked: Asks, watch: Watch) => Promise<Reply>;

const programs = () => import('./programs.ts');

const MODEL = /^[a-z0-9][\w.-]{0,63}$/i;
/** Most tensors of one pass. */
const MOST_TENSORS = 200;

/** Answers what cells ask of the page: tensors by names that are computed, models, passes of models, settings. */
export function answerer(
  house: House,
  engine: Engine,
  set: (changes: Readonly<Record<string, Plain>>) => Text | undefined,
  watch: (name: string, given: Tensor) => void,
): Answer {
  const models = plainMap<string, LiveModel>();
  const modelOf = (id: string): LiveModel => {
    const known = models.get(id) ?? new LiveModel(engine, id, { ahead: false });
    models.set(id, known);
    return known;
  };
  const around = {
    engine,
    modelOf,
    configOf: (id: string) => configOf(modelOf, id),
    feed: async (config: ModelConfig, { picture, texts, ...given }: Readonly<Record<string, unknown>>) =>
      (await fed(house, modelOf(config.name), config, { picture, texts, given })).inputs,
  };
  type Made = Promise<{ value: unknown; transfer?: Transferable[] }>;
  const work: Record<Asks['what'], (of: unknown, watch: Watch) => Made> = {
    tensor: (of) => askedTensor(house, String(of), watch),
    describe: async (of) => ({ value: described(await configOf(modelOf, String(of))) }),
    run: (of) => pass(house, modelOf, of),
    sample: async (of, watch) => ({ value: await (await programs()).sampled(around, of, watch) }),
    program: async (of, watch) => ({ value: await (await programs()).programmed(around, of, watch) }),
    picture: (of) => askedPicture(house, String(of)),
    set: async (of) => {
      const changes = readPlain(of);
      if (typeof changes !== 'object' || changes === null || Array.isArray(changes))
        throw new Refused({
          en: 'state.set() takes the fields to be set, such as state.set({ p: 8 }).',
          zh: 'state.set() 里写要设置的字段，例如 state.set({ p: 8 })。',
        });
      const refused = set(changes as Readonly<Record<string, Plain>>);
      if (refused !== undefined) throw new Refused(refused);
      return { value: null };
    },
  };
  return async ({ call, what, of }, watch) => {
    try {
      const { value, transfer = [] } = await work[what](of, watch);
      return { reply: { say: 'answer', call, value }, transfer };
    } catch (error) {
      const { en: message, zh } = error instanceof Refused ? error.text : faultText(toRecord(error));
      const nearest = error instanceof Refused && error.nearest.length > 0 ? { nearest: error.nearest } : {};
      return { reply: { say: 'refuse', call, message, zh, ...nearest }, transfer: [] };
    }
  };
}

async function askedPicture(house: House, id: string) {
  const square = await squareOf(id, house.picture?.width);
  if (!square)
    throw new Refused({
      en: `The gallery has no picture “${id.slice(0, 100)}”. It has ${pictureIds().join(', ')}.`,
      zh: `图库里没有图片“${id.slice(0, 100)}”。有的是：${pictureIds().join('、')}。`,
    });
  const { width, height } = square;
  const data = Uint8ClampedArray.from(square.data);
  return { value: { width, height, data }, transfer: [data.buffer] };
}

async function askedTensor(house: House, name: string, watch: (name: string, given: Tensor) => void) {
  const named = house.named(name);
  if (!named) {
    const names = house.tensors?.map((tensor) => tensor.name) ?? [];
    throw new Refused(missingTensor(name.slice(0, 100), []).text, nearestTensors(name, names));
  }
  if (named.shape && sizeOf(named.shape) > MOST_VALUES) throw new Refused(tooLarge(name, named.shape));
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
    throw new Refused({
      en: `“${id.slice(0, 64)}” is no name of a model, such as “${FIRST_MODEL}”.`,
      zh: `“${id.slice(0, 64)}”不是模型的名字。模型的名字例如“${FIRST_MODEL}”。`,
    });
  try {
    return await modelOf(id).describe();
  } catch (error) {
    if (error instanceof Fault && error.code === 'model-missing')
      throw new Refused({
        en: `This site has no model “${id}”. The inspector lists those there are; “${FIRST_MODEL}” is one.`,
        zh: `本站没有模型“${id}”。有哪些模型，检视器里有列表，例如“${FIRST_MODEL}”。`,
      });
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
    ...(isDiffusion(config) && {
      process: { name: config.diffusion.process, steps: config.diffusion.steps },
    }),
  };
}

async function pass(house: House, modelOf: (id: string) => LiveModel, of: unknown) {
  const { model, tensors, ...given } = Object(of) as Record<string, unknown>;
  const config = await configOf(modelOf, String(model));
  const live = modelOf(config.name);
  const { wished, variant, inputs, intervenes } = await fed(house, live, config, given);
  const graph = graphOf(wished, { interventions: intervenes });
  const asked = Array.isArray(tensors) ? tensors.slice(0, MOST_TENSORS).map(String) : [];
  const outputs = asked.length > 0 ? asked : [...familyOf(config.architecture).answers(wished.config)];
  for (const name of outputs) {
    const value = graph.values.get(name.replace(/\[\d+\]$/, ''));
    if (!value) throw new Refused(noTensor(config.name, name), nearestTensors(name, graph.tensorNames()));
    if (value.name === name && sizeOf(value.shape) > MOST_VALUES)
      throw new Refused(tooLarge(name, value.shape));
  }
  await readyModel(live);
  const answer = await live.pass({ inputs, outputs, variant, interventions: intervenes });
  const sent = answer.tensors.map((tensor) => sentTensor(tensor.name, tensor));
  return {
    value: { tensors: sent.map(({ tensor }) => tensor) },
    transfer: sent.flatMap(({ transfer }) => transfer),
  };
}
