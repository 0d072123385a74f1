import { group } from 'd3-array';
import type { Outline, OutlineEdge, OutlineNode } from '#lib/graph/outline.ts';
import { kindOf, type NodeKind } from './kinds.ts';

/** A node with its place, in pixels; `x` and `y` are its middle. */
export interface PlacedNode {
  readonly node: OutlineNode;
  readonly kind: NodeKind;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** On the residual stream: an end of a residual path, or what leaves the block. */
  readonly trunk: boolean;
  /** Where the shape of its tensor stands: the left end of the text's middle line. */
  readonly chip: { readonly x: number; readonly y: number };
}

export interface PlacedEdge {
  readonly edge: OutlineEdge;
  /** An SVG path, drawn from `from` to `to`. */
  readonly path: string;
  /** The head of the arrow: where it points and which way, degrees clockwise from the right; none on the stream. */
  readonly head?: { readonly x: number; readonly y: number; readonly turn: number };
  /** Along the residual stream. */
  readonly trunk: boolean;
}

/** Nodes of one module (`attn`, `mlp`) with the frame around them. */
export interface PlacedGroup {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface DiagramLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly groups: readonly PlacedGroup[];
  /** The stream's piece below the last node, out of the block. */
  readonly exit: { readonly x: number; readonly y: number; readonly to: number } | undefined;
}

export interface LayoutOptions {
  readonly width: number;
  /** Pixels from a row to the next. */
  readonly pitch: number;
  /** Height of a node; less than the pitch by the room for a shape between two nodes. */
  readonly nodeHeight: number;
  /** Pixels kept free at the right of the nodes. */
  readonly aside?: number;
  /** Pixels kept for the shapes beside the stream. */
  readonly lane?: number;
}

const TRUNK_X = 16;
const RADIUS = 11;
const CORNER = 8;
/** Rows that hold nothing but a sum are lower than the others. */
const LOW_ROW = 0.82;

/** Ends of residual paths, and the last tensor where it is read off the stream. */
function trunkOf({ nodes, edges }: Outline): Set<string> {
  const trunk = new Set(edges.filter((e) => e.skip).flatMap((e) => [e.from, e.to]));
  const last = nodes.at(-1);
  const feeds = last && edges.filter((e) => e.to === last.name);
  if (last && feeds?.length === 1 && trunk.has(feeds[0]!.from)) trunk.add(last.name);
  return trunk;
}

/** Column of each branch node, in steps from the branch's middle. */
function columnsOf({ nodes, edges }: Outline, trunk: ReadonlySet<string>): Map<string, number> {
  const rank = new Map(nodes.map((n) => [n.name, n.rank]));
  const inBranch = edges.filter((e) => !trunk.has(e.from) && !trunk.has(e.to));
  const columns = new Map<string, number>();
  const rows = group(
    nodes.filter((n) => !trunk.has(n.name)),
    (n) => n.rank,
  );
  for (const [row, members] of [...rows].sort(([a], [b]) => a - b)) {
    const passing = inBranch.some((e) => rank.get(e.from)! < row && rank.get(e.to)! > row);
    members.forEach((n, i) => {
      const above = inBranch.filter((e) => e.to === n.name).map((e) => columns.get(e.from) ?? 0);
      const middle = above.length > 0 ? above.reduce((a, b) => a + b, 0) / above.length : 0;
      const alone = members.length === 1 && !passing;
      columns.set(n.name, alone ? 0 : middle + i - (members.length - 1) / 2);
    });
  }
  return columns;
}

const down = (x: number, y1: number, y2: number) => `M${x} ${y1}V${y2}`;

/** From (x1, y1) down to (x2, y2), bent in between where the two are not above one another. */
function drop(x1: number, y1: number, x2: number, y2: number): string {
  if (Math.abs(x1 - x2) < 0.5) return down(x1, y1, y2);
  const bend = Math.min(26, y2 - y1);
  const y = y2 - bend;
  return `M${x1} ${y1}V${y}C${x1} ${y + bend * 0.55} ${x2} ${y + bend * 0.35} ${x2} ${y2}`;
}

/**
 * One block from top to bottom. The residual stream runs straight down the left side; each branch leaves it, is
 * worked through in a column of its own, and comes back into a sum. Everything follows from the edges: which nodes
 * lie on the stream, what stands side by side, which module a frame holds.
 */
export function layoutBlock(outline: Outline, options: LayoutOptions): DiagramLayout {
  const { width, pitch, nodeHeight: h, aside = 0, lane = 70 } = options;
  const trunk = trunkOf(outline);
  const columns = columnsOf(outline, trunk);
  const spread = Math.max(0, ...[...columns.values()].map(Math.abs));
  const left = trunk.size > 0 ? TRUNK_X + lane : 4;
  const room = Math.min(width - left - aside - 4, 330);
  const step = spread > 0 ? Math.min(98, room / (2 * spread + 1)) : 0;
  const middle = left + room / 2;
  const wide = Math.min(156, room - 8);

  // Rows from top to bottom, those of sums alone a little lower.
  const ranks = [...new Set(outline.nodes.map((n) => n.rank))].sort((a, b) => a - b);
  const ys = new Map<number, number>();
  let y = h / 2 + 2;
  for (const rank of ranks) {
    ys.set(rank, y);
    const lone = outline.nodes.every((n) => n.rank !== rank || (trunk.has(n.name) && kindOf(n) !== 'norm'));
    y += pitch * (lone ? LOW_ROW : 1);
  }

  const shared = group(outline.nodes, (n) => n.rank);
  const base = new Map<string, PlacedNode>();
  for (const node of outline.nodes) {
    const kind = kindOf(node);
    const on = trunk.has(node.name);
    const crowd = !on && (shared.get(node.rank) ?? []).filter((n) => !trunk.has(n.name)).length > 1;
    const round = on && (kind === 'add' || kind === 'input');
    const x = on ? TRUNK_X : middle + (columns.get(node.name) ?? 0) * step;
    const w = round ? 2 * RADIUS : crowd ? Math.min(80, step - 10) : on ? 2 * RADIUS : wide;
    const at = ys.get(node.rank) ?? 0;
    base.set(node.name, {
      node,
      kind,
      x,
      y: at,
      w,
      h: round ? 2 * RADIUS : h,
      trunk: on,
      chip: { x, y: at },
    });
  }

  const edges: PlacedEdge[] = outline.edges.map((edge) => {
    const a = base.get(edge.from)!;
    const b = base.get(edge.to)!;
    if (a.trunk && b.trunk) return { edge, path: down(a.x, a.y + a.h / 2, b.y - b.h / 2), trunk: true };
    if (a.trunk) {
      const end = b.x - b.w / 2;
      return { edge, path: `M${a.x} ${b.y}H${end}`, head: { x: end, y: b.y, turn: 0 }, trunk: false };
    }
    const y1 = a.y + a.h / 2;
    if (b.trunk) {
      const end = b.x + b.w / 2;
      const path = `M${a.x} ${y1}V${b.y - CORNER}Q${a.x} ${b.y} ${a.x - CORNER} ${b.y}H${end}`;
      return { edge, path, head: { x: end, y: b.y, turn: 180 }, trunk: false };
    }
    // Several ways out of a wide node begin side by side, in the order of what they feed.
    const out = outline.edges.filter((e) => e.from === edge.from && !trunk.has(e.to));
    const place = out.indexOf(edge) - (out.length - 1) / 2;
    const x1 = a.x + (out.length > 1 ? (place * a.w) / out.length : 0);
    const reach = b.w / 2 - 9;
    const x2 = Math.max(b.x - reach, Math.min(b.x + reach, out.length > 1 ? b.x : a.x));
    const y2 = b.y - b.h / 2;
    return { edge, path: drop(x1, y1, x2, y2), head: { x: x2, y: y2, turn: 90 }, trunk: false };
  });

  const nodes = [...base.values()].map((placed): PlacedNode => {
    const ways = outline.edges.filter((e) => e.from === placed.node.name);
    if (placed.trunk) {
      const below = ways
        .map((e) => base.get(e.to)!)
        .filter((n) => n.trunk)
        .map((n) => n.y);
      const to = below.length > 0 ? Math.max(...below) : placed.y + 2 * h;
      return { ...placed, chip: { x: placed.x + 9, y: (placed.y + to) / 2 } };
    }
    const fan = ways.length > 1;
    return { ...placed, chip: { x: placed.x + (fan ? step + 8 : 7), y: placed.y + pitch / 2 } };
  });

  const last = [...base.values()].filter((n) => n.trunk).at(-1);
  const bottom = Math.max(...nodes.map((n) => n.y + n.h / 2));
  const height = bottom + (last ? h + 4 : 4);
  return {
    width,
    height,
    nodes,
    edges,
    groups: groupsOf(nodes, h, left - 8, width - aside - 2),
    exit: last && { x: last.x, y: last.y + last.h / 2, to: height - 5 },
  };
}

/** The module a tensor belongs to inside its block: the part of its path before the last. */
function moduleOf(name: string): string | undefined {
  const parts = name.split('.').filter((p) => !/^\d+$/.test(p));
  return parts.length > 2 ? parts.at(-2) : undefined;
}

/** Pixels a shape takes beside its edge: digits of the smallest type size. */
function chipWidth({ shape }: { readonly shape: readonly number[] }): number {
  const sizes = shape[0] === 1 ? shape.slice(1) : shape;
  return 6.7 * sizes.join('×').length + 6;
}

function groupsOf(nodes: readonly PlacedNode[], h: number, left: number, right: number): PlacedGroup[] {
  const branch = nodes.filter((n) => !n.trunk);
  const found: PlacedGroup[] = [];
  for (const [name, members] of group(branch, (n) => moduleOf(n.node.name))) {
    if (name === undefined || members.length < 2) continue;
    const pad = 10;
    // The module's name stands at the lower left, beside the last node.
    const beside = members.at(-1)!.x - members.at(-1)!.w / 2 - 36;
    const x1 = Math.max(left, Math.min(beside, ...members.map((n) => n.x - n.w / 2 - pad)));
    const reach = (n: PlacedNode) => Math.max(n.x + n.w / 2 + pad, n.chip.x + chipWidth(n.node.value));
    const x2 = Math.min(right, Math.max(...members.map(reach)));
    const y1 = Math.min(...members.map((n) => n.y)) - h / 2 - 6;
    const y2 = Math.max(...members.map((n) => n.y)) + h / 2 + 6;
    found.push({ name, x: x1, y: y1, w: x2 - x1, h: y2 - y1 });
  }
  return found;
}
