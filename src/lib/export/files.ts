import { atVariant, familyOf, type Blueprint, type Variant } from '#lib/models/registry.ts';
import type { Description } from '#lib/graph/describe.ts';
import { encode } from '#lib/graph/encode.ts';
import type { Graph, WeightSource } from '#lib/graph/index.ts';
import { torchScript, type TorchScript } from '#lib/graph/torch.ts';
import { WEIGHTS_FILE } from '#lib/runtime/models.ts';
import { sizeOf, type Tensor } from '#lib/base/tensor.ts';
import { provenanceLine, type NamedTensor } from '#lib/live/named-tensor.ts';
import { bindWeights } from '#lib/models/bind.ts';
import type { ModelConfig } from '#lib/models/model-config.ts';
import { loadFile, type LoadOptions } from '#lib/weights/download.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { writeSafetensors, type TensorToWrite } from '#lib/weights/safetensors-write.ts';
import { float32Of } from '#lib/weights/source.ts';

/**
 * A model's weights on the page itself, at a variant: from the browser's cache where the worker has put them.
 * @throws Fault those of the download, WeightsError
 */
export async function weightsOf(
  folder: string,
  model: ModelConfig,
  variant: Variant,
  options: Pick<LoadOptions, 'signal' | 'onProgress'> = {},
): Promise<WeightSource> {
  const file = model.files[WEIGHTS_FILE]!;
  const bytes = await loadFile(folder + WEIGHTS_FILE, { ...file, ...options });
  const weights = bindWeights(parseSafetensors(bytes, WEIGHTS_FILE), model);
  return atVariant(weights, model, variant).weights;
}

/** Weights that the worker has written under the graph's names (`Engine.written`). */
export function writtenWeights(bytes: Uint8Array): WeightSource {
  return parseSafetensors(bytes, WEIGHTS_FILE);
}

/**
 * The graph as one ONNX file with the weights inside, as stored (half precision is cast when it runs). Without weights
 * every weight is a zero, of a LayerNorm a one. Answers of the model come first among the outputs, then `more`.
 */
export function onnxOf(
  graph: Graph,
  of: Blueprint,
  more: readonly string[],
  weights?: WeightSource,
): Uint8Array<ArrayBuffer> {
  const answers = familyOf(of.architecture).answers(of.config);
  const outputs = [...new Set([...answers, ...more.filter((n) => graph.values.get(n)?.kind === 'node')])];
  const { model } = encode(graph, { outputs, external: false, ...(weights && { weights }) });
  return model.slice();
}

/**
 * Tensors of the page, as far as their values are here, as one safetensors file. Its metadata says of each the names of
 * its dimensions and what it was made from: `dims.probs`: `K`, `from.probs`: `vit-flexi/probs`.
 */
export function tensorsFile(
  tensors: readonly Pick<NamedTensor, 'value' | 'provenance'>[],
  about: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const here = tensors.flatMap(({ value, provenance }) => (value ? [{ value, provenance }] : []));
  const said = here.flatMap(({ value: { name, dims }, provenance }) => [
    [`dims.${name}`, dims.join(' ')],
    [`from.${name}`, provenanceLine({ provenance })],
  ]);
  return writeSafetensors(
    here.map(({ value: { name, shape, data } }) => ({ name, shape, data })),
    { ...about, ...Object.fromEntries(said) },
  );
}

/** A field of a CSV file (RFC 4180). */
function field(value: string | number): string {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Every tensor and weight with its shape, dimension names, operation, bytes, multiply-adds and parameters. */
export function costTable({ tensors, weights }: Description): string {
  const rows: (string | number)[][] = [
    ['name', 'kind', 'shape', 'dims', 'op', 'bytes', 'macs', 'parameters'],
    ...tensors.map((t) => [
      t.name,
      t.op === 'Input' ? 'input' : 'tensor',
      t.shape.join('x'),
      t.dims.join(' '),
      t.op,
      t.bytes,
      t.macs,
      // Weights have lines of their own: the column adds up to the model's.
      0,
    ]),
    ...weights.map((w) => [
      w.name,
      'weight',
      w.shape.join('x'),
      w.dims.join(' '),
      '',
      4 * w.parameters,
      0,
      w.parameters,
    ]),
  ];
  return rows.map((row) => row.map(field).join(',')).join('\r\n') + '\r\n';
}

/** What a script for PyTorch loads beside the model's own weights. */
export interface ScriptData {
  readonly script: TorchScript;
  /** Name of the script's data file; undefined for a script of shapes alone. */
  readonly file: string | undefined;
}

/** The script that makes a tensor, and the name of the file with its inputs. `trained`: it loads weights and inputs. */
export function scriptOf(graph: Graph, name: string, title: string, trained: boolean): ScriptData {
  const file = trained ? `${name}.inputs.safetensors` : undefined;
  const script = torchScript(graph, name, { title, ...(file && { files: [WEIGHTS_FILE, file] }) });
  return { script, file };
}

/**
 * The data file of a script: the inputs, constants too long to be written down, weights that were resized to the patch
 * size, and the page's own values as `expected`.
 */
export function scriptInputs(
  graph: Graph,
  { script }: ScriptData,
  values: {
    readonly inputs: Readonly<Record<string, Float32Array>>;
    /** The weights at the patch size, and the stored ones under the same names. */
    readonly weights: WeightSource;
    readonly stored: WeightSource;
    readonly expected?: Tensor | undefined;
  },
): Uint8Array<ArrayBuffer> {
  const tensors: TensorToWrite[] = [];
  for (const name of script.inputs) {
    const { shape } = graph.value(name);
    const data = values.inputs[name] ?? new Float32Array(sizeOf(shape));
    tensors.push({ name, shape, data });
  }
  for (const { name, value } of script.loaded)
    tensors.push({ name, shape: value.shape, data: Float32Array.from(value.data ?? []) });
  for (const name of script.weights) {
    const entry = values.weights.get(name);
    const kept = values.stored.get(name);
    const same = entry && kept && entry.file === kept.file && entry.offset === kept.offset;
    const data = same ? undefined : float32Of(values.weights, name);
    if (data && entry) tensors.push({ name, shape: entry.shape, data });
  }
  if (values.expected) tensors.push({ ...values.expected, name: 'expected' });
  return writeSafetensors(tensors);
}
