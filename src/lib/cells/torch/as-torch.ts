import { isBatchOfOne, type Dims } from '#lib/base/tensor.ts';
import {
  GraphError,
  partAxis,
  partOf,
  shownShape,
  wholeOf,
  type Graph,
  type Value,
} from '#lib/graph/index.ts';
import { pythonName } from '#lib/graph/torch-lines.ts';
import { importRows, rowsOfTensors, type CodeRow } from '#lib/notebook/torch-step.ts';
import type { ReadCell } from '../language/book.ts';
import { translated, type Code } from './cells.ts';
import { atom, type Page, type Py } from './kinds.ts';

/** A cell as PyTorch. */
export interface AsTorch {
  readonly rows: readonly CodeRow[];
  /** Pieces of the cell, and of those that it needs, for which no line is known. */
  readonly without: readonly string[];
}

interface Around {
  /** The network's graph behind a tensor of the page, where there is one. */
  readonly graphOf: (name: string) => Graph | undefined;
  /** The form of a tensor of the page, also of one that no graph makes. */
  readonly formOf: (name: string) => Dims | undefined;
  readonly state: Readonly<Record<string, unknown>>;
}
type Found = ReadonlyMap<string, { readonly graph: Graph | undefined; readonly value: Value | Dims }>;

/**
 * The lines of PyTorch for a cell: those that make the tensors it names, from the tensors before them in the network, and
 * those of the cell itself with the cells that it needs.
 * @param book all cells of the notebook as they are read
 */
export function asTorch(book: readonly ReadCell[], id: string, around: Around): AsTorch {
  const codes = needed(book, id).flatMap(({ cell }) =>
    cell ? [{ code: cell.code, expression: cell.expression }] : [],
  );
  // Once to see which tensors there are, and again with names beside theirs.
  const { found } = written(codes, around, new Set());
  const taken = new Set([...found.keys()].map(pythonName));
  const { lines, without } = written(codes, around, taken).translated;
  const rows = [
    ...tensorRows(found),
    ...(found.size > 0 ? [{ code: '' }, { code: '# the cell' }] : []),
    ...lines.map((code) => ({ code })),
  ];
  return { rows: [...importRows(rows), ...rows], without };
}

/** The cells as Python, and the tensors that they name, whole. */
function written(codes: readonly Code[], around: Around, taken: ReadonlySet<string>) {
  const found = new Map<string, { readonly graph: Graph | undefined; readonly value: Value | Dims }>();
  const page: Page = {
    state: around.state,
    tensor: (name) => {
      const graph = around.graphOf(name);
      const value = graph?.values.get(wholeOf(name));
      if (graph && value) {
        found.set(wholeOf(name), { graph, value });
        return tensorOf(name, value);
      }
      const form = around.formOf(name);
      if (!form) return undefined;
      found.set(name, { graph: undefined, value: form });
      return atom(pythonName(name), { is: 'tensor', dims: form.dims });
    },
  };
  return { translated: translated(codes, page, taken), found };
}

/** What must be there, and the lines that make the rest. */
function tensorRows(found: Found): CodeRow[] {
  const computed = new Map<Graph, string[]>();
  const rows: CodeRow[] = [];
  let weights = false;
  for (const [name, { graph, value }] of found) {
    const kind = 'kind' in value ? value.kind : 'other';
    if (kind === 'weight') weights = true;
    else if (graph && kind === 'node') computed.set(graph, [...(computed.get(graph) ?? []), name]);
    else rows.push({ code: `# given: ${pythonName(name)}`, sizes: value });
  }
  for (const [graph, names] of computed) {
    try {
      rows.push(...rowsOfTensors(graph, names, [], graph.name));
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      rows.push({ code: `# no line for ${names.join(', ')}: ${error.message}` });
    }
  }
  if (weights && !rows.some(({ code }) => code.startsWith('# w: ')))
    rows.unshift({ code: '# w: the weights of the model, by name' });
  return rows.filter(
    ({ code }, i) => !code.startsWith('# given') || rows.findIndex((row) => row.code === code) === i,
  );
}

/** A tensor as cells have it: without a batch of one, and of a part without the dimension it is taken along. */
function tensorOf(name: string, value: Value): Py {
  const whole = value.kind === 'weight' ? `w[${JSON.stringify(value.name)}]` : pythonName(value.name);
  const one = isBatchOfOne(value) ? '[0]' : '';
  const part = partOf(name);
  const axis = part && partAxis(value);
  const text = part && axis !== undefined ? `${whole}[${axis === 1 ? `0, ` : ''}${part.index}]` : whole + one;
  return atom(text, { is: 'tensor', dims: shownShape(value, name).dims });
}

/** The cell, with those that it needs before it, each once. */
function needed(book: readonly ReadCell[], id: string): ReadCell[] {
  const order: ReadCell[] = [];
  const visit = (at: string, above: readonly string[]) => {
    const cell = book.find((one) => one.id === at);
    if (!cell || order.includes(cell) || above.includes(at)) return;
    for (const need of cell.needs) visit(need, [...above, at]);
    order.push(cell);
  };
  visit(id, []);
  return order;
}
