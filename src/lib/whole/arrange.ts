import type { Rect } from './rect.ts';
import type { Way } from './stations.ts';

/** The size of a group with its frame. */
export interface Size {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** Where groups stand. */
export interface Arrangement {
  readonly width: number;
  readonly height: number;
  /** In the order of the sizes. */
  readonly frames: readonly (Rect & { readonly id: string })[];
  /** `lines`: as text is written. `fold`: down on the left, up on the right. */
  readonly kind: 'lines' | 'fold';
}

/** So many cells of one width side by side, read as lines of text are; a group that is wider has a wider cell. */
function inLines(
  sizes: readonly Size[],
  blocks: ReadonlySet<string>,
  columns: number,
  gap: number,
): Arrangement {
  const cell = Math.max(...sizes.filter((s) => blocks.has(s.id)).map((s) => s.width), 0);
  const frames: (Rect & { id: string })[] = [];
  let y = 0;
  for (let from = 0; from < sizes.length; from += columns) {
    const line = sizes.slice(from, from + columns);
    const height = Math.max(...line.map((s) => s.height));
    let x = 0;
    for (const { id, width, height: own } of line) {
      // The streams of a line lie at one height: its groups stand on one base line. What comes before the blocks leads
      // up to them like a paragraph's first line, what comes after stands at the beginning of the last.
      const wide = Math.max(width, columns > 1 ? cell : 0);
      const block = blocks.has(id);
      const indent = from === 0 && x === 0 && !block ? wide - width : 0;
      frames.push({ id, width: block ? wide : width, height: own, x: x + indent, y: y + height - own });
      x += wide + gap;
    }
    y += height + gap;
  }
  const wide = Math.max(...frames.map((f) => f.x + f.width));
  return { width: wide, height: y - gap, frames, kind: 'lines' };
}

/**
 * A network with long skips as the U it is: down on the left, up on the right, so that what a skip joins stands side by
 * side, and the middle at the bottom.
 */
function folded(sizes: readonly Size[], way: Way, gap: number): Arrangement | undefined {
  const blocks = way.groups.filter((g) => g.kind === 'block').map((g) => g.id);
  const partner = new Map(way.longSkips.map(({ from, to }) => [from, to]));
  const down = blocks.filter((id) => partner.has(id));
  const up = new Set(partner.values());
  const middle = blocks.filter((id) => !partner.has(id) && !up.has(id));
  if (down.length === 0 || up.size !== down.length || middle.length !== 1) return undefined;
  const sizeOf = new Map(sizes.map((s) => [s.id, s]));
  const rows: [left: Size | undefined, right: Size | undefined][] = [
    [sizeOf.get('stem'), sizeOf.get('head')],
    ...down.map((id): [Size | undefined, Size | undefined] => [sizeOf.get(id), sizeOf.get(partner.get(id)!)]),
  ];
  const at = new Map<string, Rect>();
  const leftWidth = Math.max(...rows.map(([l]) => l?.width ?? 0));
  const rightWidth = Math.max(...rows.map(([, r]) => r?.width ?? 0));
  const between = gap * 2.5;
  let y = 0;
  for (const [l, r] of rows) {
    const height = Math.max(l?.height ?? 0, r?.height ?? 0);
    if (l) at.set(l.id, { ...l, x: leftWidth - l.width, y: y + height - l.height });
    if (r) at.set(r.id, { ...r, x: leftWidth + between, y: y + height - r.height });
    y += height + gap;
  }
  const mid = sizeOf.get(middle[0]!)!;
  const width = leftWidth + between + rightWidth;
  at.set(mid.id, { ...mid, x: (width - mid.width) / 2, y });
  if (sizes.some(({ id }) => !at.has(id))) return undefined;
  return {
    width,
    height: y + mid.height,
    frames: sizes.map(({ id }) => ({ ...at.get(id)!, id })),
    kind: 'fold',
  };
}

/** Below this share of width to height even a folded network is written in lines. */
const NARROW = 0.75;

/**
 * Puts groups side by side and below one another so that all of them are seen as large as a window of these proportions
 * allows.
 * @param aspect width of the window over its height
 */
export function arrange(sizes: readonly Size[], way: Way, aspect: number, gap: number): Arrangement {
  if (aspect >= NARROW) {
    const u = folded(sizes, way, gap);
    if (u) return u;
  }
  const blocks = new Set(way.groups.filter((g) => g.kind === 'block').map((g) => g.id));
  let best: Arrangement | undefined;
  // How large it is seen: units a window of width `aspect` and height 1 must show, the fewer the better.
  const units = (a: Arrangement) => Math.max(a.width / aspect, a.height);
  for (let columns = 1; columns <= sizes.length; columns++) {
    const tried = inLines(sizes, blocks, columns, gap);
    if (!best || units(tried) < units(best)) best = tried;
  }
  return best!;
}
