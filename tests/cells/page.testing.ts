import { readFileSync } from 'node:fs';
import { decodeImage } from '#lib/images/decode.node.ts';
import { fitPicture, preprocess } from '#lib/images/index.ts';
import { answerer, type Answer } from '#lib/cells/page/answer.svelte.ts';
import { Questions } from '#lib/cells/page/questions.ts';
import { Line } from '#lib/cells/inside/line.ts';
import { html, svg } from '#lib/cells/inside/markup.ts';
import { noise } from '#lib/cells/inside/noise.ts';
import { programsOf, tensorFrom } from '#lib/cells/inside/programs.ts';
import { inputsOf, reachOf } from '#lib/cells/inside/reach.ts';
import type { TensorValue } from '#lib/cells/inside/tensor-value.ts';
import { InputRequest, PictureValue } from '#lib/cells/inside/values.ts';
import type { FromSandbox, ToSandbox } from '#lib/cells/messages.ts';
import { runCells } from '#lib/cells/run.testing.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { InputValues } from '#lib/models/family.ts';
import { Engine } from '#lib/runtime/engine.svelte.ts';
import { engineHere } from '#lib/runtime/node.testing.ts';

/** One pass: which network, on what, and the tensors that cells name of it. */
export interface PagePass {
  readonly model: string;
  readonly inputs?: InputValues;
  readonly variant?: Readonly<Record<string, number>>;
  readonly tensors: readonly string[];
}
/** A page around cells: the tensors of its passes, a picture of the gallery, a state, and the page's own answers. */
export interface TestPage {
  readonly tensors: Readonly<Record<string, TensorValue>>;
  readonly picture: PictureValue;
  readonly state: Readonly<Record<string, unknown>>;
  readonly answer: Answer;
  readonly libraries?: Readonly<Record<string, unknown>>;
}
/** What cells gave: everything that they named, and what they displayed or were, in order. */
export interface Ran {
  readonly names: Readonly<Record<string, unknown>>;
  readonly shown: readonly unknown[];
}

let engine: Engine | undefined;
const models = new Map<string, LiveModel>();
const engineOnce = () => (engine ??= engineHere(Engine).engine);
export function liveModel(name: string): LiveModel {
  const live = models.get(name) ?? new LiveModel(engineOnce(), name, { ahead: false });
  models.set(name, live);
  return live;
}

/** A picture of the gallery, as it is stored. */
export const galleryPicture = (id: string) => decodeImage(readFileSync(`static/pictures/${id}.webp`), id);

export async function pageOf(
  passes: readonly PagePass[],
  state: Readonly<Record<string, unknown>> = {},
): Promise<TestPage> {
  const rgba = await galleryPicture('golden-retriever');
  const square = fitPicture(rgba, 224, 'crop');
  const tensors: Record<string, TensorValue> = {};
  for (const { model, inputs, variant = {}, tensors: outputs } of passes) {
    const live = liveModel(model);
    const { preprocessing } = await live.describe();
    await live.load();
    const given = inputs ?? { x: preprocess(rgba, preprocessing) };
    const answer = await live.pass({ inputs: given, outputs, variant });
    for (const { name, shape, dims, data } of answer.tensors)
      tensors[name] = tensorFrom({ name, shape, dims, values: Float32Array.from(data) });
  }
  const house = { tensors: [], named: () => undefined, picture: square, state: {}, set: () => undefined };
  const answer = answerer(
    house,
    engineOnce(),
    () => undefined,
    () => {},
  );
  return { tensors, state, picture: new PictureValue(square.width, square.height, square.data), answer };
}

/** The sandbox's end of a line to the page's answers, in this process; messages are cloned as a browser does. */
function lineTo(answer: Answer): { readonly line: Line; close(): void } {
  const { port1, port2 } = new MessageChannel();
  const questions = new Questions(answer);
  port2.onmessage = ({ data }: MessageEvent<FromSandbox>) => {
    if (data.say === 'drops') return questions.drop(data.call);
    if (data.say === 'asks')
      void questions.take(
        data,
        (message, transfer) => port2.postMessage(message, transfer),
        () => {},
      );
  };
  const line = new Line(port1);
  line.listen((message: ToSandbox) => {
    if (message.say === 'step') line.stepped(message);
    if (message.say === 'answer' || message.say === 'refuse') line.answered(message);
  });
  return { line, close: () => port1.close() };
}

/** The value that a control has before a reader has touched it. */
function firstValue({ input }: InputRequest): unknown {
  const [first, options] = input.args;
  if (typeof options === 'object' && options !== null && 'value' in options) return options.value;
  return Array.isArray(first) ? (first as unknown[])[0] : first;
}

/** Runs cells over such a page, with the sandbox's own tensors, models and templates. */
export async function runOn(page: TestPage, codes: readonly string[]): Promise<Ran> {
  const { line, close } = lineTo(page.answer);
  const reach = reachOf(line);
  const programs = programsOf(line, 'test', undefined);
  const shown: unknown[] = [];
  let controls = 0;
  const names = await runCells(codes, {
    tensors: page.tensors,
    state: { ...page.state, set: reach.set },
    others: {
      ...page.libraries,
      ...programs,
      ...{ model: reach.model, noise, html, svg, Picture: PictureValue, width: 640 },
      picture: (id?: string) => (id === undefined ? page.picture : reach.pictureOf(id)),
      tensor: (name: string) => page.tensors[name] ?? reach.tensor(name),
      Inputs: inputsOf(() => `test:${controls++}`),
      view: firstValue,
      display: (value: unknown) => (shown.push(value), value),
    },
  }).finally(close);
  const values = Object.entries(names).filter(([name]) => name.startsWith('cell '));
  return { names, shown: [...shown, ...values.map(([, value]) => value)] };
}
