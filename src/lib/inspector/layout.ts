import { Graph, layout } from '@dagrejs/dagre';
import { blocksOf, fold } from '#lib/graph/blocks.ts';
import type { Outline, OutlineNode } from '#lib/graph/outline.ts';

export type Point = readonly [x: number, y: number];

/** A rectangle of the drawing; x and y are its upper left corner. */
export interface Box {
  /**
   * Unique in the drawing: the name; for a block's result inside it `#name`, for what enters a block `block>name`, and
   * for what stands beside one of its many readers `>name>reader`.
   */
  readonly id: string;
  readonly name: string;
  /**
   * A tensor, a block that is folded, one that is unfolded, or a tensor from elsewhere: where it enters a block, or
   * beside a reader of a tensor that has many.
   */
  readonly kind: 'tensor' | 'block' | 'open' | 'entry';
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The tensor; of a block its result. */
  readonly node: OutlineNode | undefined;
  /** Tensors inside a block. */
  readonly count: number;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly skip: boolean;
  readonly points: readonly Point[];
}

type Edge = Omit<Arrow, 'points'>;

/** A graph as rectangles and lines, pixels from the upper left; the data flows down. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Unfolded blocks before what lies in them. */
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

const CHARACTER = 7.3;
const HEIGHT = 46;
const TITLE = 34;
const MARGIN = 14;

/** `1×197×768`, as it is printed in a box. */
export function sizes(node: OutlineNode): string {
  return node.value.shape.join('×') || '1';
}

function widthFor(...lines: string[]): number {
  return Math.max(112, Math.ceil(Math.max(...lines.map((l) => l.length)) * CHARACTER) + 28);
}

interface Item {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}
interface Laid {
  readonly width: number;
  readonly height: number;
  /** Upper left corners. */
  readonly at: ReadonlyMap<string, Point>;
  readonly arrows: readonly Arrow[];
}

/** Layers from above to below (Sugiyama et al. 1981), by dagre. */
function layered(items: readonly Item[], edges: readonly Edge[]): Laid {
  // The blocks of a model are alike: only the first is laid out, by places in place of names.
  const place = new Map(items.map(({ id }, i) => [id, i]));
  const key = JSON.stringify([
    items.map((b) => [b.width, b.height]),
    edges.map((e) => [place.get(e.from), place.get(e.to), e.skip]),
  ]);
  let form = forms.get(key);
  if (!form) {
    if (forms.size >= 64) forms.clear();
    forms.set(key, (form = arrange(items, edges)));
  }
  return {
    ...form,
    at: new Map(items.map(({ id }, i) => [id, form.at[i] ?? [0, 0]])),
    arrows: edges.map((e, i) => ({ ...e, points: form.lines[i] ?? [] })),
  };
}

/** A layout without names: places in the order of the items, lines in that of the edges. */
interface Form {
  readonly width: number;
  readonly height: number;
  readonly at: readonly Point[];
  readonly lines: readonly (readonly Point[])[];
}
const forms = new Map<string, Form>();

function arrange(items: readonly Item[], edges: readonly Edge[]): Form {
  const g = new Graph();
  g.setGraph({ rankdir: 'TB', nodesep: 22, ranksep: 30, edgesep: 18, marginx: MARGIN, marginy: MARGIN });
  g.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of items) g.setNode(id, { width, height });
  // A path that is not a shortcut is kept straight.
  for (const e of edges) g.setEdge(e.from, e.to, { weight: e.skip ? 1 : 4 });
  layout(g);
  const whole = g.graph() as { width?: number; height?: number };
  return {
    width: whole.width ?? 0,
    height: whole.height ?? 0,
    at: items.map(({ id, width, height }): Point => {
      const { x = 0, y = 0 } = g.node(id) as { x?: number; y?: number };
      return [x - width / 2, y - height / 2];
    }),
    lines: edges.map((e) => {
      const { points = [] } = g.edge(e.from, e.to) as { points?: { x: number; y: number }[] };
      return points.map((p): Point => [p.x, p.y]);
    }),
  };
}

const shifted = (arrow: Arrow, dx: number, dy: number): Arrow => ({
  ...arrow,
  points: arrow.points.map(([x, y]): Point => [x + dx, y + dy]),
});

/** The inside of one block: its tensors, and those from outside that enter it. */
function inside(outline: Outline, block: string, members: ReadonlySet<string>): { laid: Laid; boxes: Box[] } {
  const nodes = new Map(outline.nodes.map((n) => [n.name, n]));
  const within = outline.edges.filter((e) => members.has(e.to));
  const idOf = (name: string) =>
    !members.has(name) ? `${block}>${name}` : name === block ? `#${name}` : name;
  const labelOf = (name: string) => (name === block ? name : name.slice(block.length + 1));
  const boxes: Box[] = [];
  const add = (name: string, kind: Box['kind'], label: string) => {
    const node = nodes.get(name);
    const height = kind === 'entry' ? 26 : HEIGHT;
    const width = widthFor(label, kind === 'entry' || !node ? '' : sizes(node));
    boxes.push({ id: idOf(name), name, kind, label, x: 0, y: 0, width, height, node, count: 0 });
  };
  for (const name of new Set(within.map((e) => e.from).filter((n) => !members.has(n))))
    add(name, 'entry', name);
  for (const name of members) add(name, 'tensor', labelOf(name));
  const edges = within.map((e) => ({ from: idOf(e.from), to: idOf(e.to), skip: e.skip }));
  return { laid: layered(boxes, edges), boxes };
}

/** A tensor with more readers than this has its name beside each of them in place of an arrow across the drawing. */
const MOST_READERS = 5;
const GAP = 26;

/** What is drawn as arrows, and for each reader the much-read tensors whose names stand beside it. */
function beside(edges: readonly Edge[]): { edges: Edge[]; notes: ReadonlyMap<string, readonly string[]> } {
  const readers = new Map<string, number>();
  for (const { from } of edges) readers.set(from, (readers.get(from) ?? 0) + 1);
  const near = new Set<string>();
  const notes = new Map<string, string[]>();
  const kept = edges.filter(({ from, to }) => {
    // The first reader keeps its arrow: it stands next to the tensor itself.
    if ((readers.get(from) ?? 0) <= MOST_READERS || !near.has(from)) return near.add(from);
    notes.set(to, [...(notes.get(to) ?? []), from]);
    return false;
  });
  return { edges: kept, notes };
}

/** The small boxes at a reader's right side, from above to below, with an arrow into it from each. */
function noted(reader: Box, names: readonly string[], nodes: ReadonlyMap<string, OutlineNode>) {
  const boxes = names.map((name, i): Box => {
    const place = {
      x: reader.x + reader.width + GAP,
      y: reader.y + 8 + 32 * i,
      width: widthFor(name),
      height: 26,
    };
    return {
      id: `>${name}>${reader.id}`,
      name,
      kind: 'entry',
      label: name,
      ...place,
      node: nodes.get(name),
      count: 0,
    };
  });
  const arrows = boxes.map((box): Arrow => {
    const y = box.y + box.height / 2;
    const points: Point[] = [
      [box.x, y],
      [reader.x + reader.width, y],
    ];
    return { from: box.id, to: reader.id, skip: false, points };
  });
  return { boxes, arrows };
}

/**
 * The drawing of a graph, each block one rectangle, or unfolded with its tensors inside when its name is in `open`.
 * Pure: the same graph gives the same drawing.
 */
export function drawingOf(outline: Outline, open: ReadonlySet<string>): Drawing {
  const nodes = new Map(outline.nodes.map((n) => [n.name, n]));
  const folded = fold(outline, blocksOf(nodes.keys()));
  const insides = new Map<string, ReturnType<typeof inside>>();
  const outer: Box[] = folded.boxes.map(({ name, members, block }) => {
    const node = nodes.get(name);
    if (!block) {
      const width = widthFor(name, node ? sizes(node) : '');
      return {
        id: name,
        name,
        kind: 'tensor',
        label: name,
        x: 0,
        y: 0,
        width,
        height: HEIGHT,
        node,
        count: 0,
      };
    }
    const base = { id: name, name, label: name, x: 0, y: 0, node, count: members.length };
    if (!open.has(name)) return { ...base, kind: 'block', width: 190, height: HEIGHT };
    const made = inside(outline, name, new Set(members));
    insides.set(name, made);
    return { ...base, kind: 'open', width: Math.max(220, made.laid.width), height: made.laid.height + TITLE };
  });
  const { edges, notes } = beside(folded.edges);
  // Room on both sides, so that a reader stands in the middle of its room and the stream stays straight.
  const room = (box: Box) => Math.max(0, ...(notes.get(box.id) ?? []).map((name) => GAP + widthFor(name)));
  const laid = layered(
    outer.map((box) => ({ id: box.id, width: box.width + 2 * room(box), height: box.height })),
    edges,
  );
  const boxes: Box[] = [];
  const arrows: Arrow[] = [...laid.arrows];
  for (const box of outer) {
    const [left, y] = laid.at.get(box.id) ?? [0, 0];
    const x = left + room(box);
    boxes.push({ ...box, x, y });
    const extra = noted({ ...box, x, y }, notes.get(box.id) ?? [], nodes);
    boxes.push(...extra.boxes);
    arrows.push(...extra.arrows);
    const made = insides.get(box.name);
    if (!made) continue;
    const dx = x + (box.width - made.laid.width) / 2;
    const dy = y + TITLE;
    for (const b of made.boxes) {
      const [bx, by] = made.laid.at.get(b.id) ?? [0, 0];
      boxes.push({ ...b, x: bx + dx, y: by + dy });
    }
    for (const a of made.laid.arrows) arrows.push(shifted(a, dx, dy));
  }
  return { width: laid.width, height: laid.height, boxes, arrows };
}

/** An SVG path through points with rounded corners: straight to the middle of each piece, a curve around each corner. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return '';
  const r = (n: number) => Math.round(n * 10) / 10;
  let d = `M${r(first[0])},${r(first[1])}`;
  for (let i = 0; i < rest.length - 1; i++) {
    const [x, y] = rest[i]!;
    const [nx, ny] = rest[i + 1]!;
    d += `Q${r(x)},${r(y)} ${r((x + nx) / 2)},${r((y + ny) / 2)}`;
  }
  return `${d}L${r(last[0])},${r(last[1])}`;
}
