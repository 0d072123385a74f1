import { atVariant, neutralOf, variantOf } from '#lib/models/registry.ts';
import type { WeightSource } from '#lib/weights/source.ts';
import { WEIGHTS_FILE } from '#lib/runtime/models.ts';
import { modelFolder } from '#lib/runtime/addresses.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import { partOf } from '#lib/graph/index.ts';
import type { Inspector } from './inspector.svelte.ts';
import { saveBlob } from '#lib/ui/save.ts';

/** What can be taken home. Everything else about files is in exports.ts, which is fetched with the first of them. */
export type Export = 'safetensors' | 'onnx' | 'csv' | 'py' | 'inputs' | 'weights';

function save(content: BlobPart, name: string, type = 'application/octet-stream'): void {
  saveBlob(new Blob([content], { type }), name);
}

/** The open tensor and the pinned ones, as far as their values are here. */
export function chosenTensors(inspector: Inspector): NamedTensor[] {
  const names = [...new Set([inspector.selected, ...inspector.state.pins])];
  return names.flatMap((n) => {
    const named = inspector.named(n);
    return named?.value ? [named] : [];
  });
}

/** Inputs of the running graph: the picture, time and class or the masking, and what is changed of the model. */
function inputsOf(inspector: Inspector): Record<string, Float32Array> {
  const { blueprint } = inspector;
  const neutral = neutralOf(blueprint);
  return {
    ...Object.fromEntries(Object.entries(neutral).map(([name, { data }]) => [name, data])),
    ...inspector.feed,
    ...inspector.interventions,
  };
}

/**
 * Makes a file and saves it.
 * @throws Fault, WeightsError, GraphError: what the making of that file can meet
 */
export async function takeHome(inspector: Inspector, what: Export): Promise<void> {
  const made = await import('#lib/export/files.ts');
  const { graph, blueprint, source, live, selected } = inspector;
  const model = live ? await live.describe() : undefined;
  const about = inspector.patch === undefined ? source.name : `${source.name}.p${inspector.patch}`;
  const folder = modelFolder(source.name);
  /** Weights under the graph's names; those of a reader's file are written so by the worker, which has read it. */
  const stored = async (): Promise<WeightSource> =>
    source.own
      ? made.writtenWeights(await inspector.engine.written({ url: folder, config: source.own }))
      : made.weightsOf(folder, model!, variantOf(model!));
  const at = (of: WeightSource) => atVariant(of, model!, inspector.variant).weights;
  switch (what) {
    case 'csv':
      return save(made.costTable(inspector.description), `${about}.csv`, 'text/csv');
    case 'safetensors':
      return save(
        made.tensorsFile(chosenTensors(inspector), {
          model: source.name,
          ...(inspector.patch !== undefined && { patch: String(inspector.patch) }),
        }),
        `${about}.tensors.safetensors`,
      );
    case 'onnx': {
      const names = [selected, ...inspector.state.pins].filter((n) => !partOf(n));
      const file = made.onnxOf(graph, blueprint, names, model && at(await stored()));
      return save(file, `${about}.onnx`);
    }
    case 'weights':
      if (source.own) save(await inspector.engine.written({ url: folder, config: source.own }), WEIGHTS_FILE);
      return;
    case 'py':
      return save(
        made.scriptOf(graph, selected, titleOf(inspector), !!live).script.code,
        `${selected}.py`,
        'text/x-python',
      );
    case 'inputs': {
      if (!model) return;
      const script = made.scriptOf(graph, selected, titleOf(inspector), true);
      const kept = await stored();
      const file = made.scriptInputs(graph, script, {
        inputs: inputsOf(inspector),
        weights: at(kept),
        stored: kept,
        expected: inspector.named(selected)?.value,
      });
      return save(file, script.file ?? `${selected}.safetensors`);
    }
  }
}

/** What a script says it is about. */
export function titleOf(inspector: Inspector): string {
  const { source, patch } = inspector;
  return patch === undefined ? source.name : `${source.name} at patch ${patch}`;
}
