import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Device } from '#lib/base/device.ts';
import type { TextContext } from '#lib/diffusion/sampler/spec.ts';
import { contextOf, contextShape } from '#lib/diffusion/sampler/text-context.ts';
import { parseModelConfig, type ModelConfig, type NeededModel } from '#lib/models/model-config.ts';
import { familyOf, pictureOf } from '#lib/models/registry.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import type { Denoiser } from './denoiser.ts';
import { openModel, sessionsOn } from './session.ts';
import { openTarget, type Target } from './target.ts';
import { textsOf } from './texts.ts';
import { UsageError } from './usage.ts';

type Note = (line: string) => void;

/** Pictures as an autoencoder decodes them. */
export interface Decoded {
  /** `[n, C, S, S]`, nearly all in −1 … 1. */
  readonly data: Float32Array;
  readonly channels: number;
  readonly side: number;
}

/** The folder beside a model's own that it needs. @throws UsageError where it is missing */
export function needed(
  folder: string,
  { name }: Pick<ModelConfig, 'name'>,
  { model, sha256 }: NeededModel,
  note: Note,
): Target {
  const beside = join(dirname(resolve(folder)), model);
  const described = join(beside, 'config.json');
  if (!existsSync(described))
    throw new UsageError(`${name} needs the model ${model} beside its folder; ${beside} is not there`);
  const { files } = parseModelConfig(readFileSync(described, 'utf8'), described);
  if (files['model.safetensors']?.sha256 !== sha256)
    note(`${beside} has other weights than ${name} was trained with; its pictures may be spoilt`);
  return openTarget(beside, [], { note });
}

/**
 * What a denoiser is told of texts, by the text tower it was trained with; undefined for one that is told none.
 * @param texts one for each picture
 * @throws UsageError for texts to a network that is told none, and for a folder that is missing or of another kind
 */
export async function wordsFor(
  { model }: Denoiser,
  folder: string,
  texts: readonly string[],
  device: Device,
  note: Note,
): Promise<TextContext | undefined> {
  if (!contextShape(model)) {
    if (texts.some((text) => text !== ''))
      throw new UsageError(`--text says nothing to ${model.name}, which is told no texts`);
    return undefined;
  }
  if (!model.text) throw new UsageError(`${model.name} does not say whose text tower it reads`);
  const tower = needed(folder, model, model.text, note);
  const features = familyOf(tower.of.architecture).textFeatures;
  const rows = textsOf(tower, { text: [...texts, ''] }, note);
  if (features === undefined || !rows) throw new UsageError(`${tower.name} has no text tower`);
  const { graph, session } = await openModel(tower, rows.variant, [features], device);
  const feeds = [{ name: rows.name, shape: graph.value(rows.name).shape, data: rows.ids }];
  const [found] = await session.run(feeds, [features]);
  await session.release();
  return contextOf(found!, model);
}

/**
 * Latents `[n, C, s, s]` as a denoiser has them, decoded by the autoencoder it was trained with; undefined for one that
 * paints pixels.
 */
export async function decodedBy(
  { model }: Denoiser,
  folder: string,
  latents: Float32Array,
  device: Device,
  note: Note,
): Promise<Decoded | undefined> {
  if (!model.autoencoder) return undefined;
  const { of, weights, name } = needed(folder, model, model.autoencoder, note);
  const how = familyOf(of.architecture).latents?.(of.config);
  if (!how) throw new UsageError(`${name} is no autoencoder`);
  const { graph, encoded } = prepareModel(weights(), of, { outputs: [how.picture], variant: how.variant });
  const session = await (await sessionsOn(device))(encoded, { lasting: true });
  const { shape } = graph.value(how.input);
  const each = shape.reduce((a, b) => a * b, 1);
  const { channels, height } = pictureOf(of)!;
  const data = new Float32Array((latents.length / each) * channels * height * height);
  for (let k = 0; k * each < latents.length; k++) {
    const own = latents.slice(k * each, (k + 1) * each).map((v) => v / how.scale);
    const [picture] = await session.run([{ name: how.input, shape, data: own }], [how.picture]);
    data.set(picture!.data, k * channels * height * height);
  }
  await session.release();
  return { data, channels, side: height };
}
