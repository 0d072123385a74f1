import { readFileSync } from 'node:fs';
import { decodeImage } from '#lib/images/decode.node.ts';
import { fitPicture, preprocess } from '#lib/images/index.ts';
import { answerer } from '#lib/cells/page/answer.svelte.ts';
import { tensorFrom } from '#lib/cells/inside/reach.ts';
import type { TestPage } from '#lib/cells/inside/run.testing.ts';
import { PictureValue } from '#lib/cells/inside/values.ts';
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

let engine: Engine | undefined;
const models = new Map<string, LiveModel>();
export function liveModel(name: string): LiveModel {
  engine ??= engineHere(Engine).engine;
  const live = models.get(name) ?? new LiveModel(engine, name, { ahead: false });
  models.set(name, live);
  return live;
}

/** A picture of the gallery, as it is stored. */
export const galleryPicture = (id: string) => decodeImage(readFileSync(`static/pictures/${id}.webp`), id);

/** A page around cells: a picture of the gallery, the tensors of one pass, and the page's own answers. */
export async function pageOf(
  passes: readonly PagePass[],
  state: Readonly<Record<string, unknown>> = {},
  pic = 'golden-retriever',
): Promise<TestPage> {
  const rgba = await galleryPicture(pic);
  const square = fitPicture(rgba, 224, 'crop');
  const tensors = new Map<string, ReturnType<typeof tensorFrom>>();
  for (const { model, inputs, variant = {}, tensors: outputs } of passes) {
    const live = liveModel(model);
    const { preprocessing } = await live.describe();
    await live.load();
    const given = inputs ?? { x: preprocess(rgba, preprocessing) };
    const answer = await live.pass({ inputs: given, outputs, variant });
    for (const { name, shape, dims, data } of answer.tensors)
      tensors.set(name, tensorFrom({ name, shape, dims, values: Float32Array.from(data) }));
  }
  engine ??= engineHere(Engine).engine;
  const house = {
    tensors: [...tensors].map(([name, { shape, dims }]) => ({ name, shape, dims })),
    named: () => undefined,
    picture: square,
    state: {},
    set: () => undefined,
  };
  const answer = answerer(
    house,
    engine,
    () => undefined,
    () => {},
  );
  return { tensors, state, picture: new PictureValue(square.width, square.height, square.data), answer };
}
