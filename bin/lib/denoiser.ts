import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { classesOf, neutralOf, pictureOf } from '#lib/models/registry.ts';
import type { Device } from '#lib/base/device.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import type { Forward } from '#lib/diffusion/sampler/loop.ts';
import { PREDICTION } from '#lib/diffusion/sampler/spec.ts';
import { bindWeights } from '#lib/models/bind.ts';
import {
  isDiffusion,
  parseModelConfig,
  type DiffusionModel,
  type ModelConfig,
} from '#lib/models/model-config.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import type { WeightSource } from '#lib/weights/source.ts';
import { readBytes } from './files.ts';
import { nearest } from '#lib/base/nearest.ts';
import { sessionsOn } from './session.ts';
import { UsageError } from './usage.ts';

const WEIGHTS = 'model.safetensors';

/** A folder's diffusion model and its weights. */
export interface Denoiser {
  readonly model: DiffusionModel;
  readonly weights: WeightSource;
}

/** @throws UsageError for what is no folder of a diffusion model; ModelConfigError, WeightsError */
export function openDenoiser(folder: string): Denoiser {
  const path = join(folder, 'config.json');
  if (!existsSync(folder) || !statSync(folder).isDirectory() || !existsSync(path)) {
    throw new UsageError(`${folder} is no model folder: sample needs one with a config.json and ${WEIGHTS}`);
  }
  const model = parseModelConfig(readFileSync(path, 'utf8'), path);
  if (!isDiffusion(model) || !pictureOf(model)) {
    throw new UsageError(
      `${folder} holds a model of the kind "${model.architecture}", which makes no pictures`,
    );
  }
  const file = join(folder, WEIGHTS);
  return { model, weights: bindWeights(parseSafetensors(readBytes(file), file), model) };
}

/** The class an option names, by its id or its number; null for `none`. @throws UsageError */
export function classOf(model: ModelConfig, named: string): number | null {
  if (named === 'none') return null;
  const { labels } = model;
  const { count } = classesOf(model);
  const at = labels.findIndex((label) => label.id === named);
  if (at >= 0) return at;
  if (/^\d+$/.test(named) && Number(named) < count) return Number(named);
  const ids = labels.map((label) => label.id);
  const similar = nearest(named, ids);
  const known = ids.length > 0 ? `${ids.join(', ')}, ` : '';
  throw new UsageError(
    `--class takes ${known}a number from 0 to ${count - 1}, or none, not "${named}"${similar ? `; did you mean ${similar}` : ''}`,
  );
}

/** Short names of inputs that `--set` knows. */
const SHORT: Readonly<Record<string, string>> = {
  skips: 'skip_gates',
  conv: 'conv_gate',
  positions: 'pos_scale',
};

/**
 * `skips=0,1,1 pos_scale=0` as values of the graph's intervention inputs. One value for many is repeated.
 * @throws UsageError for an unknown input or another number of values
 */
export function interventionsOf(
  model: ModelConfig,
  settings: readonly string[],
): Record<string, Float32Array> | undefined {
  if (settings.length === 0) return undefined;
  const neutral = neutralOf(model);
  return Object.fromEntries(
    settings.map((setting) => {
      const at = setting.indexOf('=');
      if (at < 1) throw new UsageError(`--set takes input=values, not "${setting}"`);
      const asked = setting.slice(0, at).trim();
      const name = SHORT[asked] ?? asked;
      const input = Object.hasOwn(neutral, name) ? neutral[name] : undefined;
      if (!input) {
        const known = Object.keys(neutral);
        const similar = nearest(asked, known);
        throw new UsageError(
          `--set knows no input "${asked}"; ${similar ? `did you mean ${similar}` : `there are ${known.join(', ')}`}`,
        );
      }
      const values = setting
        .slice(at + 1)
        .split(',')
        .map((v) => (v.trim() === '' ? NaN : Number(v)));
      const { length } = input.data;
      if (!values.every(Number.isFinite) || (values.length !== length && values.length !== 1)) {
        throw new UsageError(
          `--set ${asked} takes ${length === 1 ? 'one number' : `${length} numbers with commas between them, or one for all`}, not "${setting.slice(at + 1)}"`,
        );
      }
      return [name, Float32Array.from({ length }, (_, i) => values[i] ?? values[0]!)];
    }),
  );
}

/** Forward passes of a batch on WASM, with as many threads as the machine runs at once. @throws Fault */
export async function openForward(
  { model, weights }: Denoiser,
  batch: number,
  interventions: boolean,
  device: Device = 'wasm',
): Promise<Forward> {
  const { graph, encoded, neutral } = prepareModel(weights, model, {
    batch,
    outputs: [PREDICTION],
    interventions,
  });
  const session = await (await sessionsOn(device))(encoded, { lasting: true });
  return (inputs, outputs) => {
    const feeds = encoded.inputs.map((name) => ({
      name,
      shape: graph.value(name).shape,
      data: inputs[name] ?? neutral[name]!,
    }));
    return session.run(feeds, outputs);
  };
}
