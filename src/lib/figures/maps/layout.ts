/** Where the small maps of a grid lie. All lengths in CSS pixels. */
export interface GridLayout {
  readonly columns: number;
  readonly rows: number;
  /** A map's width and height as drawn. */
  readonly width: number;
  readonly height: number;
  /** From one map's left (upper) edge to the next one's, group gaps apart. */
  readonly pitchX: number;
  readonly pitchY: number;
  /** Room before the first map: row labels, column labels. */
  readonly left: number;
  readonly top: number;
  /** Further gap after every `group` columns. */
  readonly group: number;
  readonly groupGap: number;
  /** Of the whole drawing. */
  readonly totalWidth: number;
  readonly totalHeight: number;
}

export interface LayoutWish {
  readonly count: number;
  readonly columns: number;
  /** Room there is. */
  readonly room: number;
  /** The most a map is wide. */
  readonly most: number;
  /** Height of a map over its width. */
  readonly aspect: number;
  readonly left: number;
  readonly top: number;
  /** Height of the line of words under each map; 0: none. */
  readonly line: number;
  readonly gap: number;
  /** Columns that belong together; 0: all. */
  readonly group: number;
}

/** A grid of `count` maps that fills the room, whole pixels so that cells keep sharp edges. */
export function gridLayout(wish: LayoutWish): GridLayout {
  const { count, room, most, aspect, left, top, line, gap } = wish;
  const columns = Math.max(1, wish.columns);
  const rows = Math.ceil(count / columns);
  const group = wish.group > 0 && wish.group < columns ? wish.group : 0;
  const groups = group > 0 ? Math.ceil(columns / group) - 1 : 0;
  const groupGap = group > 0 ? 2 * gap : 0;
  const free = room - left - gap * (columns - 1) - groupGap * groups;
  const width = Math.max(4, Math.min(most, Math.floor(free / columns)));
  const height = Math.max(1, Math.round(width * aspect));
  return {
    columns,
    rows,
    width,
    height,
    pitchX: width + gap,
    pitchY: height + line + gap,
    left,
    top,
    group,
    groupGap,
    totalWidth: left + columns * width + (columns - 1) * gap + groups * groupGap,
    totalHeight: top + rows * (height + line) + Math.max(0, rows - 1) * gap,
  };
}

/** The upper left corner of place `k`, counted in reading order. */
export function placeOf(l: GridLayout, k: number): { x: number; y: number } {
  const col = k % l.columns;
  const row = Math.floor(k / l.columns);
  const group = l.group > 0 ? Math.floor(col / l.group) * l.groupGap : 0;
  return { x: l.left + col * l.pitchX + group, y: l.top + row * l.pitchY };
}

/** The place whose map is under a point, or −1 (gaps and the words under a map belong to the map before them). */
export function placeAt(l: GridLayout, x: number, y: number, count: number): number {
  const row = Math.floor((y - l.top) / l.pitchY);
  if (row < 0 || row >= l.rows) return -1;
  for (let col = 0; col < l.columns; col++) {
    const k = row * l.columns + col;
    if (k >= count) return -1;
    const at = placeOf(l, k);
    if (x >= at.x && x < at.x + l.pitchX) return k;
  }
  return -1;
}

/** The place a key leads to from `k`, or undefined if the key is none of the grid's. */
export function placeByKey(l: GridLayout, key: string, k: number, count: number): number | undefined {
  const last = count - 1;
  const within = (v: number) => Math.min(last, Math.max(0, v));
  switch (key) {
    case 'ArrowLeft':
      return within(k - 1);
    case 'ArrowRight':
      return within(k + 1);
    case 'ArrowUp':
      return k - l.columns < 0 ? k : k - l.columns;
    case 'ArrowDown':
      return k + l.columns > last ? k : k + l.columns;
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
