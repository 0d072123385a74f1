import { formatShape } from './errors.ts';
import type { Graph } from './graph.ts';
import { pythonName, torchLines, type TorchLine } from './torch-lines.ts';
import type { Value } from './types.ts';

export interface TorchOptions {
  /** What the script is about, for its first line: `a model at patch 16`. */
  readonly title: string;
  /**
   * Files the script loads, in this order, later ones over earlier ones. They hold the weights the graph names, the
   * inputs, and the values of `loaded`. Without files the script runs on PyTorch's meta device: shapes alone.
   */
  readonly files?: readonly string[];
  /** Tensors the script begins at, in place of the graph's inputs: they are loaded as inputs are. */
  readonly given?: readonly string[];
}

export interface TorchScript {
  readonly code: string;
  /** Constants too long to be written down: the script loads them under these names. */
  readonly loaded: readonly { readonly name: string; readonly value: Value }[];
  /** Inputs of the graph the script needs, and given tensors. */
  readonly inputs: readonly string[];
  /** Weights it needs. */
  readonly weights: readonly string[];
}

/**
 * A PyTorch script that computes one tensor of the graph, operation by operation and with nothing it does not need.
 * `result` is the tensor; where the files hold a tensor called `expected`, the script compares the two.
 * Throws GraphError for an unknown name, an input that is asked for, or an operation without a line in PyTorch.
 */
export function torchScript(graph: Graph, name: string, options: TorchOptions): TorchScript {
  const target = graph.value(name);
  const { lines, inputs, weights, loaded, of } = torchLines(graph, [name], options.given);
  const files = options.files ?? [];

  const shape = formatShape(target);
  const head = [
    `# ${name} ${shape} of ${options.title}`,
    'import torch',
    'import torch.nn.functional as F',
    ...(files.length > 0 ? ['from safetensors.torch import load_file'] : []),
    '',
    ...(files.length > 0 ? fromFiles(files) : fromMeta(weights, loaded)),
    ...inputs.map((v) => inputLine(v, files.length > 0)),
    '',
  ];
  const tail = ['', `result = ${of(name)}`, 'print(tuple(result.shape))'];
  if (files.length > 0) {
    tail.push(
      'if "expected" in w:',
      '    difference = (result - w["expected"].reshape(result.shape)).abs().max().item()',
      '    print(f"largest difference to the page: {difference:.2e}")',
    );
  }
  return {
    code: [...head, ...lines.map(withSizes), ...tail, ''].join('\n'),
    loaded,
    inputs: inputs.map((v) => v.name),
    weights: weights.map((v) => v.name),
  };
}

/** A line with the sizes of its tensor; a helper without a name has none. */
function withSizes({ code, value: { internal, shape } }: TorchLine): string {
  return internal ? code : `${code}  # [${shape.join(', ')}]`;
}

/** Weights stored in 8 bits become the halves the page computes with (src/lib/weights/eight-bit.ts). */
const WIDEN = [
  '# Weights in 8 bits a value: times the scale of their channel, rounded to a half.',
  'for key in [k for k in w if k.endswith(".scale") and w.get(k[:-6], w[k]).dtype == torch.int8]:',
  '    scale, value = w.pop(key).float(), w[key[:-6]].float()',
  '    w[key[:-6]] = (value * scale.reshape(-1, *[1] * (value.dim() - 1))).half()',
];

function fromFiles(files: readonly string[]): string[] {
  const [first, ...more] = files;
  return [
    `w = load_file(${JSON.stringify(first)})`,
    ...WIDEN,
    ...more.map((file) => `w.update(load_file(${JSON.stringify(file)}))`),
    'w = {name: value.float() if value.is_floating_point() else value for name, value in w.items()}',
  ];
}

function fromMeta(
  weights: readonly Value[],
  loaded: readonly { readonly name: string; readonly value: Value }[],
): string[] {
  const shapes = [
    ...weights.map((v): [string, Value] => [v.name, v]),
    ...loaded.map((l): [string, Value] => [l.name, l.value]),
  ];
  return [
    '# Shapes only: the meta device keeps no values.',
    'torch.set_default_device("meta")',
    'w = {name: torch.empty(shape) for name, shape in {',
    ...shapes.map(([key, v]) => `    ${JSON.stringify(key)}: ${tuple(v.shape)},`),
    '}.items()}',
  ];
}

function inputLine(v: Value, given: boolean): string {
  const type = v.dtype === 'int64' ? ', dtype=torch.int64' : '';
  const source = given
    ? `w[${JSON.stringify(v.name)}].reshape(${tuple(v.shape)})`
    : `torch.empty(${tuple(v.shape)}${type})`;
  return `${pythonName(v.name)} = ${source}${given && type ? '.long()' : ''}`;
}

function tuple(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}
