import type { OutlineEdge } from '#lib/graph/index.ts';
import { shifted, tensorPlate, weightPlates, type Plate } from './plates.ts';
import { around, right, type Rect } from './rect.ts';
import type { Group, Station } from './stations.ts';

/** A group laid out with its upper left corner at 0, 0. */
export interface Laid {
  readonly plates: readonly Plate[];
  /** Whatever stands in a branch beside the stream: which, and where. */
  readonly branches: readonly Branch[];
  /** The residual stream's bed, from the left edge of the block to its right one. */
  readonly stream: Rect | undefined;
  readonly width: number;
  readonly height: number;
}

export interface Branch extends Rect {
  /** `attn`: the part of the names that its tensors share; empty where they share none. */
  readonly name: string;
  /** Names of its tensors. */
  readonly stations: readonly string[];
}

/** Units that are left between things, by the number of tokens. */
export interface Spacing {
  readonly gap: number;
  readonly small: number;
}
export const spacingFor = (tokens: number): Spacing => ({
  gap: Math.round(Math.min(88, Math.max(24, tokens * 0.3))),
  small: Math.round(Math.min(16, Math.max(6, tokens * 0.06))),
});

/** A tensor with the weights it is made with over it, its lower left corner at 0, 0. */
function stacked(station: Station, group: string, { small }: Spacing): readonly Plate[] {
  const plate = tensorPlate(station, group, station.also);
  const plates = [shifted(plate, 0, -plate.height)];
  let top = -plate.height;
  for (const weight of weightPlates(station, group)) {
    top -= small + weight.height;
    plates.push(shifted(weight, 0, top));
  }
  return plates;
}

/** How many steps of a run lie before each of its tensors. */
function columnsOf(run: readonly Station[], edges: readonly OutlineEdge[]): Station[][] {
  const rank = new Map<string, number>();
  for (const { name } of run) {
    const before = edges.filter((e) => e.to === name && rank.has(e.from)).map((e) => rank.get(e.from)! + 1);
    rank.set(name, Math.max(0, ...before));
  }
  // What nothing comes before stands right before its first reader, not at the far left.
  for (const { name } of [...run].reverse()) {
    const fed = edges.some((e) => e.to === name && rank.has(e.from));
    const readers = edges.filter((e) => e.from === name && rank.has(e.to)).map((e) => rank.get(e.to)!);
    if (!fed && readers.length > 0) rank.set(name, Math.max(0, Math.min(...readers) - 1));
  }
  const columns: Station[][] = [];
  for (const station of run) (columns[rank.get(station.name)!] ??= []).push(station);
  return columns.filter((c) => c !== undefined);
}

/**
 * Tensors that are made one after the other, from the left to the right on a base line at y = 0. Those of one step
 * that have several planes (queries, keys and values by head) stand side by side, so that a head is one line; others
 * one over the other.
 */
function runLaid(run: readonly Station[], edges: readonly OutlineEdge[], group: string, space: Spacing) {
  const plates: Plate[] = [];
  let x = 0;
  for (const column of columnsOf(run, edges)) {
    const stacks = column.map((station) => stacked(station, group, space));
    let [width, y] = [0, 0];
    // Small things lie over large ones.
    const high = (stack: readonly Plate[]) => around(stack)!.height;
    const order = [...stacks].sort((a, b) => high(b) - high(a));
    const beside = stacks.length > 1 && stacks.every(([plate]) => plate!.tiles.length > 1);
    for (const stack of beside ? stacks : order) {
      const box = around(stack)!;
      plates.push(...stack.map((p) => shifted(p, x + (beside ? width : 0), y)));
      if (beside) width += box.width + space.small * 2;
      else {
        y -= box.height + space.gap;
        width = Math.max(width, box.width);
      }
    }
    x += width - (beside ? space.small * 2 : 0) + space.gap;
  }
  return { plates, width: Math.max(0, x - space.gap) };
}

/** The part of their names that tensors share after the block's own: `attn` of `blocks.3.attn.q` and `blocks.3.attn.k`. */
function commonPart(names: readonly string[], block: string): string {
  const parts = names.map((n) => n.slice(block.length + 1).split('.')).filter((p) => p.length > 1);
  const counts = new Map<string, number>();
  for (const [first = ''] of parts) counts.set(first, (counts.get(first) ?? 0) + 1);
  const [best] = [...counts].sort((a, b) => b[1] - a[1]);
  return best?.[0] ?? '';
}

/** A block: its residual stream along the lower edge, and over it the branches that leave it and come back. */
function blockLaid(group: Group, edges: readonly OutlineEdge[], space: Spacing): Laid {
  const spine = new Set(group.spine);
  const above: Plate[] = [];
  const below: Plate[] = [];
  const branches: Branch[] = [];
  let x = space.gap;
  let run: Station[] = [];
  const lead = Math.round(space.gap * 1.25);
  const flush = () => {
    if (run.length === 0) return;
    const laid = runLaid(run, edges, group.id, space);
    const plates = laid.plates.map((p) => shifted(p, x, 0));
    above.push(...plates);
    const names = run.map((s) => s.name);
    branches.push({ ...around(plates)!, name: commonPart(names, group.id), stations: names });
    x += laid.width + space.gap;
    run = [];
  };
  for (const station of group.stations) {
    if (!spine.has(station.name)) {
      run.push(station);
      continue;
    }
    flush();
    const stack = stacked(station, group.id, space);
    const [plate] = stack as [Plate, ...Plate[]];
    // The stream's tensors hang under the base line; weights of the stream stand over it.
    const drop = lead + plate.height;
    for (const p of stack)
      if (p.kind === 'tensor') below.push(shifted(p, x, drop));
      else above.push(shifted(p, x, plate.height));
    x += around(stack)!.width + space.gap;
  }
  flush();
  const all = [...above, ...below];
  const box = around(all)!;
  const bed = around(below)!;
  const put = (p: Plate) => shifted(p, 0, -box.y);
  const width = Math.max(x, right(box) + space.gap);
  return {
    plates: all.map(put),
    branches: branches.map((b) => ({ ...b, y: b.y - box.y })),
    stream: { x: 0, y: bed.y - box.y, width, height: bed.height },
    width,
    height: box.height,
  };
}

/** Lays out a group. */
export function groupLaid(group: Group, edges: readonly OutlineEdge[], space: Spacing): Laid {
  if (group.kind === 'block') return blockLaid(group, edges, space);
  const { plates } = runLaid(group.stations, edges, group.id, space);
  const box = around(plates)!;
  return {
    plates: plates.map((p) => shifted(p, space.gap - box.x, -box.y)),
    branches: [],
    stream: undefined,
    width: box.width + 2 * space.gap,
    height: box.height,
  };
}
