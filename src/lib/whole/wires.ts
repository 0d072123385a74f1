import type { OutlineEdge } from '#lib/graph/index.ts';
import type { Frame, Lens } from './frame.ts';
import type { Plate } from './plates.ts';
import { bottom, middle, right, type Point, type Rect } from './rect.ts';
import type { Way } from './stations.ts';

/** The way of the data between two tensors, or along the residual stream between two groups. */
export interface Wire {
  /** A tensor, or a group for the stream. */
  readonly from: string;
  readonly to: string;
  /**
   * `flow`: to what is made of it, in a branch. `leave` and `join`: between stream and branch. `stream`: from group to
   * group. `long`: a long skip. `far`: to a reader elsewhere, drawn only while one of the two is looked at.
   */
  readonly kind: 'flow' | 'leave' | 'join' | 'stream' | 'long' | 'far';
  /** Corners of a line; the last piece has the arrow's head. */
  readonly points: readonly Point[];
}

interface Drawn {
  readonly way: Way;
  readonly frames: readonly Frame[];
  readonly plates: readonly Plate[];
  readonly lenses: readonly Lens[];
  readonly gap: number;
  readonly kind: 'lines' | 'fold';
}

const spans = (r: Rect, y: number) => y > r.y && y < bottom(r);
const rowOf = (r: Rect) => r.y + r.height / 2;

/** Without corners that lie on a straight line. */
function straightened(points: readonly Point[]): Point[] {
  return points.filter(([x, y], i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (!before || !after) return true;
    return !((before[0] === x && after[0] === x) || (before[1] === y && after[1] === y));
  });
}

/** From the right side of one to the left side of another, with the turn shortly before the other. */
function across(from: Rect, to: Rect, gap: number): Point[] {
  const turn = to.x - gap / 2;
  return straightened([
    [right(from), rowOf(from)],
    [turn, rowOf(from)],
    [turn, rowOf(to)],
    [to.x, rowOf(to)],
  ]);
}

/** From the right side of one over the top of what stands between to the left side of the other. */
function over(from: Rect, to: Rect, top: number, gap: number): Point[] {
  const out = right(from) + gap * 0.16;
  const into = to.x - gap * 0.16;
  return [
    [right(from), rowOf(from)],
    [out, rowOf(from)],
    [out, top],
    [into, top],
    [into, rowOf(to)],
    [to.x, rowOf(to)],
  ];
}

/** The stream from one block's end to the next one's beginning. */
function between(a: Rect, b: Rect, last: Frame, next: Frame, gap: number): Point[] {
  const start: Point = [right(a), rowOf(a)];
  const end: Point = [b.x, rowOf(b)];
  if (Math.abs(start[1] - end[1]) < 1 && end[0] >= start[0]) return [start, end];
  const [out, into] = [right(last) + gap * 0.9, next.x - gap * 0.9];
  // The gutter between the two lines.
  const gutter = next.y > last.y ? bottom(last) + gap : last.y - gap;
  const turn = next.y > last.y ? Math.max(gutter, next.y - gap) : Math.min(gutter, bottom(next) + gap);
  return straightened([start, [out, start[1]], [out, turn], [into, turn], [into, end[1]], end]);
}

/** Draws the ways between what has its place already. */
export function wiresOf({ way, frames, plates, lenses, gap, kind }: Drawn): readonly Wire[] {
  const at = new Map(plates.filter((p) => p.kind === 'tensor').map((p) => [p.name, p]));
  const frameOf = new Map(frames.map((f) => [f.id, f]));
  const spine = new Set(way.groups.flatMap((g) => g.spine));
  const groupAt = new Map(way.groups.map((g, i) => [g.id, i]));
  const long = new Set(way.longSkips.map((s) => s.edge));
  const wires: Wire[] = [];

  /** Whether it is what the stream carries into the group of `to`. */
  const carried = (from: Plate, to: Plate) => {
    const [a, b] = [groupAt.get(from.group)!, groupAt.get(to.group)!];
    return b === a + 1 && from.name === way.groups[a]!.stations.at(-1)?.name;
  };
  const line = (edge: OutlineEdge): Wire | undefined => {
    const [from, to] = [at.get(edge.from), at.get(edge.to)];
    if (!from || !to) return undefined;
    const wire = (kind: Wire['kind'], points: readonly Point[]): Wire => ({
      from: from.name,
      to: to.name,
      kind,
      points,
    });
    const stream = frameOf.get(to.group)?.stream;
    if (long.has(edge)) return wire('long', skipLine(from, to));
    if (from.group !== to.group && !carried(from, to)) return wire('far', across(from, to, gap));
    const onStream = spine.has(from.name) || from.group !== to.group;
    if (stream && onStream) {
      if (spine.has(to.name)) return undefined;
      // A branch leaves the stream right before its first tensor.
      const x = Math.max(stream.x + gap / 2, to.x - gap / 2);
      return wire('leave', [
        [x, stream.y],
        [x, rowOf(to)],
        [to.x, rowOf(to)],
      ]);
    }
    if (from.group !== to.group) return undefined;
    if (spine.has(to.name)) {
      const [x] = middle(to);
      return wire(
        'join',
        straightened([
          [right(from), rowOf(from)],
          [x, rowOf(from)],
          [x, to.y],
        ]),
      );
    }
    const plain = across(from, to, gap);
    const crossed = plates.filter(
      (p) =>
        p.group === to.group &&
        p !== from &&
        p !== to &&
        p.x >= right(from) &&
        right(p) <= to.x &&
        spans(p, rowOf(from)),
    );
    if (crossed.length === 0) return wire('flow', plain);
    const lanes = sources.get(to.group) ?? [];
    if (!lanes.includes(from.name)) sources.set(to.group, [...lanes, from.name]);
    const lane = sources.get(to.group)!.indexOf(from.name);
    const top = Math.min(from.y, to.y, ...crossed.map((p) => p.y)) - gap * (0.3 + 0.22 * lane);
    return wire('flow', over(from, to, top, gap));
  };
  /** By group: tensors whose way leads over others, each in a lane of its own. */
  const sources = new Map<string, readonly string[]>();
  let nth = 0;
  /** Folded, the two stand in one row; in lines the skip runs in the gutter at the right, each in its own lane. */
  const skipLine = (from: Rect, to: Rect): Point[] => {
    if (kind === 'fold') {
      const turn = to.x - gap * 1.6;
      return straightened([
        [right(from), rowOf(from)],
        [turn, rowOf(from)],
        [turn, rowOf(to)],
        [to.x, rowOf(to)],
      ]);
    }
    const lane = Math.max(...frames.map(right)) + gap * (1.5 + nth++);
    const under = bottom(to) + gap / 2;
    return [
      [right(from), rowOf(from)],
      [lane, rowOf(from)],
      [lane, under],
      [to.x - gap / 2, under],
      [to.x - gap / 2, rowOf(to)],
      [to.x, rowOf(to)],
    ];
  };
  for (const edge of way.edges) {
    const wire = line(edge);
    if (wire) wires.push(wire);
  }

  for (const [i, next] of frames.entries()) {
    const last = frames[i - 1];
    if (!last) continue;
    const end = at.get(way.groups[i - 1]!.stations.at(-1)!.name)!;
    const first = way.groups[i]!.stations.find((s) =>
      way.edges.some((e) => e.from === end.name && e.to === s.name),
    );
    const a = last.stream ?? end;
    const b = next.stream ?? (first && at.get(first.name));
    if (b) wires.push({ from: last.id, to: next.id, kind: 'stream', points: between(a, b, last, next, gap) });
  }
  for (const lens of lenses) {
    const plate = at.get(lens.of);
    if (!plate) continue;
    const points = lens.x < plate.x ? across(lens, plate, gap) : across(plate, lens, gap);
    wires.push({ from: plate.name, to: plate.name, kind: 'flow', points });
  }
  return wires;
}
