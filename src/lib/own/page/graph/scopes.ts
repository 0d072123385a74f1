import type { OnnxGraph, OnnxValue } from '../../reading/onnx/graph.ts';

/** Values of a graph that stand under one name scope. */
export interface Scope {
  /** `blocks.3/attn`; empty for what stands under none. */
  readonly title: string;
  readonly values: readonly OnnxValue[];
}

/** The scope that a name is under: what stands before the last `/`, or of names with dots before the last one. */
export function scopeOf(name: string): string {
  const parts = name.split('/').filter(Boolean);
  if (parts.length > 1) return parts.slice(0, -1).join('/');
  const dots = name.split('.');
  return name.includes('/') ? '' : dots.slice(0, -1).join('.');
}

/**
 * The values that nodes give, by scope, in the order of the graph. Constants are left out: they are as stored tensors.
 * @param wanted what a name or an operator must contain; empty: all
 */
export function scopesOf(graph: OnnxGraph, wanted: string): readonly Scope[] {
  const scopes = new Map<string, OnnxValue[]>();
  const word = wanted.trim().toLowerCase();
  for (const value of graph.values) {
    const op = graph.nodes[value.node]?.op ?? '';
    if (value.kind !== 'node' || op === 'Constant') continue;
    if (word !== '' && !`${value.name} ${op}`.toLowerCase().includes(word)) continue;
    const title = scopeOf(value.name);
    const list = scopes.get(title);
    if (list) list.push(value);
    else scopes.set(title, [value]);
  }
  return [...scopes].map(([title, values]) => ({ title, values }));
}

/** What a node reads, and which nodes read what it gives. */
export function neighbours(
  graph: OnnxGraph,
  name: string,
): { readonly from: readonly string[]; readonly to: readonly string[] } {
  const node = graph.nodes.find(({ outputs }) => outputs.includes(name));
  const to = graph.nodes
    .filter(({ inputs }) => inputs.includes(name))
    .flatMap(({ outputs }) => outputs[0] ?? []);
  return { from: node?.inputs ?? [], to };
}

/**
 * How the tokens of an attention lie: the largest square of patches, or a grid of the picture's proportions, with no more
 * than 16 tokens before it. Undefined where there is none.
 * @param proportion width of the picture by its height
 */
export function gridOf(
  tokens: number,
  proportion: number,
): { readonly rows: number; readonly cols: number; readonly prefix: number } | undefined {
  for (let prefix = 0; prefix <= 16; prefix++) {
    const patches = tokens - prefix;
    const rows = Math.round(Math.sqrt(patches / proportion));
    const cols = rows > 0 ? patches / rows : 0;
    if (rows > 1 && Number.isInteger(cols) && Math.abs(cols / rows / proportion - 1) < 0.02)
      return { rows, cols, prefix };
  }
  return undefined;
}
