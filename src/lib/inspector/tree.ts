import { blocksOf } from '#lib/graph/blocks.ts';
import type { Outline } from '#lib/graph/outline.ts';
import type { Value } from '#lib/graph/types.ts';

/** One line of the outline. */
export interface Row {
  /** The block's, tensor's or weight's name, marked with its kind. */
  readonly id: string;
  readonly kind: 'block' | 'tensor' | 'weight';
  readonly name: string;
  /** What is printed: the name, without the block it stands under. */
  readonly label: string;
  /** From 1 up. */
  readonly level: number;
  /** The tensor or weight; a block's result where it has one. */
  readonly value: Value | undefined;
  /** ONNX types of the operations behind a tensor, in the order of computation. */
  readonly ops: readonly string[];
  /** Rows below it, whether they are shown or not. */
  readonly children: readonly Row[];
  /** Lower-case text that a search looks through. */
  readonly words: string;
  /** Its shape as `x1x197x768x`. */
  readonly sizes: string;
}

/** What PyTorch and papers call an operation, where ONNX has another word. */
const CALLED: Readonly<Record<string, string>> = {
  Gemm: 'linear matmul',
  MatMul: 'matmul',
  Conv: 'conv2d convolution',
  LayerNormalization: 'layernorm',
  BatchNormalization: 'batchnorm',
  Erf: 'gelu',
  Concat: 'cat',
  ReduceMean: 'mean',
};

const sizesOf = (v: Value) => `x${v.shape.join('x')}x`;

function weightRow(value: Value, level: number): Row {
  return {
    id: `w:${value.name}`,
    kind: 'weight',
    name: value.name,
    label: value.name.split('.').slice(-1)[0] ?? value.name,
    level,
    value,
    ops: [],
    children: [],
    words: `${value.name} weight ${value.dims.join('x')}`.toLowerCase(),
    sizes: sizesOf(value),
  };
}

/** The outline of a graph: model → block → tensor → weights, in the order of computation. */
export function treeOf(outline: Outline): readonly Row[] {
  const blocks = blocksOf(outline.nodes.map((n) => n.name));
  const top: Row[] = [];
  const open = new Map<string, Row[]>();
  for (const node of outline.nodes) {
    const block = blocks.get(node.name);
    let list = top;
    let level = 1;
    if (block !== undefined) {
      level = 2;
      const known = open.get(block);
      if (known) list = known;
      else open.set(block, (list = []));
      if (!known) {
        const value = outline.nodes.find((n) => n.name === block)?.value;
        top.push({
          id: `b:${block}`,
          kind: 'block',
          name: block,
          label: block,
          level: 1,
          value,
          ops: [],
          children: list,
          words: block.toLowerCase(),
          sizes: value ? sizesOf(value) : '',
        });
      }
    }
    const { name, value, ops } = node;
    const dims = value.dims.join('x');
    list.push({
      id: `t:${name}`,
      kind: 'tensor',
      name,
      label: block === undefined || name === block ? name : name.slice(block.length + 1),
      level,
      value,
      ops,
      children: node.weights.map((w) => weightRow(w, level + 1)),
      words:
        `${name} ${ops.join(' ')} ${ops.map((op) => CALLED[op] ?? '').join(' ')} ${value.doc?.title.en ?? ''} ${value.doc?.title.zh ?? ''} ${dims}`.toLowerCase(),
      sizes: sizesOf(value),
    });
  }
  return top;
}

/** The rows that are seen: all of the top, and what lies under the open ones. */
export function visibleRows(tree: readonly Row[], open: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  const walk = (list: readonly Row[]) => {
    for (const row of list) {
      rows.push(row);
      if (row.children.length > 0 && open.has(row.id)) walk(row.children);
    }
  };
  walk(tree);
  return rows;
}

/** Every row, in order. */
export function allRows(tree: readonly Row[]): Row[] {
  return tree.flatMap((row) => [row, ...allRows(row.children)]);
}

/** The rows under which a tensor or weight stands, by id, outermost first; empty when it is at the top or unknown. */
export function pathTo(tree: readonly Row[], name: string): string[] {
  for (const row of tree) {
    if (row.kind !== 'block' && row.name === name) return [];
    const inside = row.children.some((c) => c.kind !== 'block' && c.name === name)
      ? []
      : pathTo(row.children, name);
    if (row.children.length > 0 && (inside.length > 0 || row.children.some((c) => c.name === name))) {
      return [row.id, ...inside];
    }
  }
  return [];
}

/** One word of a search, made ready. A shape is told by its signs: `197×768`, `[3, 197, 197]`, `T×D`. */
interface Needle {
  readonly text: string;
  /** `x197x768x` where the word is a shape or a single size. */
  readonly sizes: string | undefined;
}

function needles(query: string): Needle[] {
  const plain = query
    .toLowerCase()
    .replace(/[[\]()]/g, ' ')
    .replace(/\s*[×*·,]\s*/g, 'x')
    .replace(/(\d)\s+(?=\d)/g, '$1x');
  return plain
    .split(/\s+/)
    .filter(Boolean)
    .map((text) => ({
      text,
      sizes: /^x?\d+(x\d+)*x?$/.test(text) ? `x${text.replace(/^x|x$/g, '')}x` : undefined,
    }));
}

/**
 * Tensors and weights that hold every word of the query in their name, operation, title, dimension names or shape.
 * Those whose name begins with the query come first.
 */
export function search(rows: readonly Row[], query: string): Row[] {
  const words = needles(query);
  if (words.length === 0) return [];
  const found = rows.filter(
    (row) =>
      row.kind !== 'block' &&
      words.every(
        (w) => row.words.includes(w.text) || (w.sizes !== undefined && row.sizes.includes(w.sizes)),
      ),
  );
  const first = words[0]!.text;
  const exact = (row: Row) =>
    row.name.toLowerCase() === first ? 0 : row.name.toLowerCase().startsWith(first) ? 1 : 2;
  return found
    .map((row, i) => ({ row, i, rank: exact(row) }))
    .sort((a, b) => a.rank - b.rank || a.i - b.i)
    .map(({ row }) => row);
}
