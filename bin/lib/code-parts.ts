import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Device } from '#lib/base/device.ts';
import { parseModelConfig, type ModelConfig, type NeededModel } from '#lib/models/model-config.ts';
import { familyOf } from '#lib/models/registry.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import type { ModelRef } from '#lib/runtime/protocol.ts';
import { Runner } from '#lib/runtime/runner.ts';
import { needed } from './painting.ts';
import { sessionsOn } from './session.ts';
import { openTarget, type Target } from './target.ts';
import { UsageError } from './usage.ts';

type Note = (line: string) => void;

/** A network of a program: its configuration, and the folder it lies in. */
export interface CodePart {
  readonly model: ModelConfig;
  readonly target: Target;
}

/** What a folder of a network that chooses codes, or of one that paints what they leave over, takes to run. */
export interface CodeParts {
  readonly generator: CodePart;
  readonly decoder: CodePart;
  readonly text?: CodePart;
  readonly refiner?: CodePart;
}

const configIn = (folder: string): ModelConfig => {
  const path = join(folder, 'config.json');
  return parseModelConfig(readFileSync(path, 'utf8'), path);
};

/** Whether a folder holds such a network. */
export function choosesCodes(folder: string): boolean {
  if (!existsSync(join(folder, 'config.json'))) return false;
  const { codeChooser, codeRefiner } = familyOf(configIn(folder).architecture);
  return codeChooser !== undefined || codeRefiner !== undefined;
}

/** The networks, each from its folder beside this one. @throws UsageError for one that is missing or not named */
export function partsOf(folder: string, note: Note): CodeParts {
  const beside = (from: string, of: ModelConfig, asked: NeededModel | undefined, what: string) => {
    if (!asked) throw new UsageError(`${of.name} does not say ${what}`);
    const target = needed(from, of, asked, note);
    const at = join(dirname(resolve(from)), asked.model);
    return { at, part: { model: configIn(at), target } };
  };
  const own = { model: configIn(folder), target: openTarget(folder, [], { note }) };
  const refines = familyOf(own.model.architecture).codeRefiner !== undefined;
  const chosen = refines
    ? beside(folder, own.model, own.model.generator, 'whose codes it refines')
    : { at: folder, part: own };
  const { model } = chosen.part;
  const { part: decoder } = beside(chosen.at, model, model.autoencoder, 'whose codes it chooses');
  const text = model.text && beside(chosen.at, model, model.text, 'whose text tower it reads').part;
  return { generator: chosen.part, decoder, ...(text && { text }), ...(refines && { refiner: own }) };
}

/** The models as the worker of a page knows them, and what runs their passes here. */
export async function runnerOf(parts: CodeParts, device: Device) {
  const all = Object.entries(parts) as [string, CodePart][];
  const models = Object.fromEntries(
    all.map(([part, { model }]): [string, ModelRef] => [part, { url: `${part}/`, config: model }]),
  );
  const weights = new Map(all.map(([part, { target }]) => [`${part}/`, target]));
  const runner = new Runner({
    device,
    createSession: await sessionsOn(device),
    prepare: (source, { config }, request, like) => prepareModel(source, config, { ...request, like }),
    weights: async ({ url }) => weights.get(url)!.weights(),
  });
  return { models, runner };
}
