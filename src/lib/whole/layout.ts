import type { Graph } from '#lib/graph/index.ts';
import { arrange } from './arrange.ts';
import { groupLaid, spacingFor } from './block.ts';
import { IMPLIED, type Frame, type Lens } from './frame.ts';
import { shifted, type Plate } from './plates.ts';
import { around, moved, type Rect } from './rect.ts';
import { wayOf, type Way } from './stations.ts';
import { wiresOf, type Wire } from './wires.ts';

/** A whole model as rectangles and lines; one unit is one cell. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Frame[];
  /** In the order of computation, each tensor before the weights it is made with. */
  readonly plates: readonly Plate[];
  readonly wires: readonly Wire[];
  readonly lenses: readonly Lens[];
  /** Units between things. */
  readonly gap: number;
  readonly way: Way;
}

export interface LayoutOptions {
  /** Width of the window over its height. */
  readonly aspect: number;
  /** The tensor that is the picture the model is fed, drawn large at the beginning. */
  readonly picture?: string | undefined;
  /** The tensor that is its answer, drawn large at the end. */
  readonly answer?: string | undefined;
  /** The answer is a picture, and its place a square. */
  readonly answerIsPicture?: boolean;
  /** Beside the answer there is room for the picture it implies. */
  readonly implies?: boolean;
  /** Inputs that are left out. */
  readonly without?: (name: string) => boolean;
}

/** Rows of the residual stream: how many tokens there are. */
function tokensOf(way: Way): number {
  const block = way.groups.find((g) => g.kind === 'block');
  const [name] = block?.spine ?? [];
  return block?.stations.find((s) => s.name === name)?.value.shape.at(-2) ?? 64;
}

/**
 * The drawing of a model, from its graph alone. Pure: the same graph in the same window gives the same drawing.
 * Groups, and with them everything in them, do not overlap.
 */
export function layoutOf(graph: Graph, options: LayoutOptions): Layout {
  const way = wayOf(graph, options.without);
  const space = spacingFor(tokensOf(way));
  const { gap } = space;
  const pad = gap;
  const title = Math.round(gap * 2.4);
  const laid = way.groups.map((group) => groupLaid(group, way.edges, space));
  const tall = Math.max(...laid.filter((_, i) => way.groups[i]!.kind === 'block').map((l) => l.height), 1);
  const large = Math.round(tall * 0.85);
  const [first, last] = [0, laid.length - 1];
  const lensOf = (i: number): string | undefined => {
    const { stations } = way.groups[i]!;
    const name = i === first ? options.picture : i === last ? options.answer : undefined;
    return stations.some((s) => s.name === name) ? name : undefined;
  };
  // An answer in words is longer than it is high.
  const outWidth = options.answerIsPicture ? large : Math.round(large * 1.7);
  const outRoom = options.implies ? 2 * large + gap : outWidth;
  const sizes = laid.map((l, i) => ({
    id: way.groups[i]!.id,
    width: l.width + 2 * pad + (lensOf(i) ? (i === first ? large : outRoom) + gap * 2 : 0),
    height: Math.max(l.height, lensOf(i) ? large : 0) + title + pad,
  }));
  const { width, height, frames: places, kind } = arrange(sizes, way, options.aspect, gap * 2);

  const plates: Plate[] = [];
  const lenses: Lens[] = [];
  const frames = places.map((place, i): Frame => {
    const group = way.groups[i]!;
    const own = laid[i]!;
    const before = lensOf(i) && i === first ? large + gap * 2 : 0;
    const dx = place.x + pad + before;
    // What a group holds stands on the frame's lower edge, as the streams of a line do.
    const dy = place.y + place.height - pad - own.height;
    plates.push(...own.plates.map((p) => shifted(p, dx, dy)));
    const of = lensOf(i);
    const y = place.y + place.height - pad - large;
    if (of !== undefined && i === first)
      lenses.push({ x: place.x + pad + gap, y, width: large, height: large, of });
    else if (of !== undefined) {
      const x = dx + own.width + gap;
      lenses.push({ x, y, width: outWidth, height: large, of });
      if (options.implies) lenses.push({ x: x + large + gap, y, width: large, height: large, of: IMPLIED });
    }
    return {
      ...{ x: place.x, y: place.y, width: place.width, height: place.height },
      ...{ id: group.id, kind: group.kind, title },
      branches: own.branches.map((b) => moved(b, dx, dy)),
      stream: own.stream && { ...moved(own.stream, dx, dy), x: place.x, width: place.width },
    };
  });
  const wires = wiresOf({ way, frames, plates, lenses, gap, kind });
  return { width, height, frames, plates, wires, lenses, gap, way };
}

/** The plate of a tensor, of its copy or of a weight. */
export function plateOf({ plates }: Pick<Layout, 'plates'>, name: string): Plate | undefined {
  return plates.find((p) => p.name === name || p.also.includes(name));
}

/**
 * What tensors and groups take up in the drawing: a tensor with the weights it is made with and with what is drawn large
 * beside it. Undefined where none of them stands in it.
 */
export function placeOf(
  { frames, plates, lenses }: Pick<Layout, 'frames' | 'plates' | 'lenses'>,
  names: readonly string[],
): Rect | undefined {
  const asked = new Set(names);
  return around([
    ...frames.filter((f) => asked.has(`group:${f.id}`)),
    ...lenses.filter((l) => asked.has(l.of)),
    ...plates.filter((p) => [p.name, p.of ?? '', ...p.also].some((n) => asked.has(n))),
  ]);
}
