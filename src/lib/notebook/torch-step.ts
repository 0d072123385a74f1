import { formatShape } from '#lib/graph/errors.ts';
import type { Graph } from '#lib/graph/graph.ts';
import { pythonName, torchLines } from '#lib/graph/torch-lines.ts';
import type { Dims } from '#lib/base/tensor.ts';

/** A line of code, with the sizes of the tensor it makes or names as its comment. */
export interface CodeRow {
  readonly code: string;
  readonly sizes?: Dims;
}

/**
 * Tensors at which the lines of a step begin, by name: going back from its tensor, those that are marked, and what whole
 * parts of the network put out that it does not belong to (`blocks.11` for `norm`).
 * @param marked tensors that the page names, as those of the strip
 * @throws GraphError for an unknown name
 */
export function beginningsOf(graph: Graph, name: string, marked: readonly string[]): string[] {
  const parts = new Set<string>();
  for (const one of graph.tensorNames())
    for (let dot = one.lastIndexOf('.'); dot > 0; dot = one.lastIndexOf('.', dot - 1))
      parts.add(one.slice(0, dot));
  const isOther = (part: string) =>
    parts.has(part) && !name.startsWith(`${part}.`) && !part.startsWith(`${name}.`);
  const found = new Set<string>();
  const seen = new Set([graph.value(name)]);
  const queue = [...seen];
  for (let v = queue.pop(); v; v = queue.pop())
    for (const input of v.producer?.inputs ?? []) {
      if (seen.has(input) || input.kind !== 'node') continue;
      seen.add(input);
      if (!input.internal && (marked.includes(input.name) || isOther(input.name))) found.add(input.name);
      else queue.push(input);
    }
  return [...found];
}

/** What lines of code need to be imported, with an empty line after it. */
export function importRows(rows: readonly CodeRow[]): readonly CodeRow[] {
  const code = rows.map((row) => row.code).join('\n');
  const imports = [
    ...(/\bmath\./.test(code) ? ['import math'] : []),
    ...(/\btorch\./.test(code) ? ['import torch'] : []),
    ...(/\bF\./.test(code) ? ['import torch.nn.functional as F'] : []),
  ];
  return (imports.length > 0 ? [...imports, ''] : []).map((code) => ({ code }));
}

/**
 * The lines of PyTorch that make some tensors from those before them, with the sizes of each and what must be there.
 * @param marked tensors that the page names, as those of the strip: the lines begin at them
 * @param model what the weights are of, in words; `w` holds them by their names
 * @throws GraphError for an unknown name, or one that no line makes
 */
export function rowsOfTensors(
  graph: Graph,
  names: readonly string[],
  marked: readonly string[],
  model: string,
): readonly CodeRow[] {
  const begin = new Set(names.flatMap((name) => beginningsOf(graph, name, marked)));
  const { lines, inputs, weights, loaded } = torchLines(
    graph,
    names,
    [...begin].filter((name) => !names.includes(name)),
  );
  return [
    ...inputs.map((v) => ({ code: `# given: ${pythonName(v.name)}`, sizes: v })),
    ...(weights.length > 0 ? [{ code: `# w: the weights of ${model}, by name` }] : []),
    ...loaded.map((l) => ({
      code: `# w[${JSON.stringify(l.name)}]: a constant, from the inputs of the whole script`,
      sizes: l.value,
    })),
    ...lines.map((line) => ({ code: line.code, ...(!line.value.internal && { sizes: line.value }) })),
  ];
}

/** The lines that make a step's tensor, with their imports. @throws GraphError as `rowsOfTensors` does */
export function rowsOfStep(
  graph: Graph,
  name: string,
  marked: readonly string[],
  model: string,
): readonly CodeRow[] {
  const rows = rowsOfTensors(graph, [name], marked, model);
  return [...importRows(rows), ...rows];
}

/** The rows as text, as they are copied: with `# [T=197, D=192]` behind a line. */
export function textOf(rows: readonly CodeRow[]): string {
  const line = ({ code, sizes }: CodeRow) =>
    sizes ? `${code}${code.startsWith('#') ? '' : '  #'} ${formatShape(sizes)}` : code;
  return `${rows.map(line).join('\n')}\n`;
}
