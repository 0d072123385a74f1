/** A point in pixels; a line stops before one that is not finite. */
export type Point = readonly [x: number, y: number];

const isPlace = ([x, y]: Point) => Number.isFinite(x) && Number.isFinite(y);

/** Stretches of points that follow one another without a gap. */
function stretches(points: readonly Point[]): Point[][] {
  const all: Point[][] = [[]];
  for (const point of points)
    if (isPlace(point)) all.at(-1)!.push(point);
    else if (all.at(-1)!.length) all.push([]);
  return all.filter((stretch) => stretch.length > 0);
}

/** Straight from point to point. A point by itself becomes a dot as wide as the line. */
export const straight = (points: readonly Point[]): string =>
  stretches(points)
    .map((stretch) => `M${stretch.map(([x, y]) => `${x},${y}`).join('L')}${stretch.length === 1 ? 'Z' : ''}`)
    .join('');

/** Slopes at the points so that the curve rises and falls only where its points do (Steffen 1990). */
function slopes(points: readonly Point[]): number[] {
  const widths = points.slice(1).map(([x], i) => x - points[i]![0]);
  const rises = points.slice(1).map(([, y], i) => (y - points[i]![1]) / widths[i]!);
  const inner = points.slice(1, -1).map((_, i) => {
    const [a, b] = [rises[i]!, rises[i + 1]!];
    const mean = (a * widths[i + 1]! + b * widths[i]!) / (widths[i]! + widths[i + 1]!);
    return (Math.sign(a) + Math.sign(b)) * Math.min(Math.abs(a), Math.abs(b), 0.5 * Math.abs(mean)) || 0;
  });
  const end = (rise: number, next: number) => (3 * rise - next) / 2;
  return [end(rises[0]!, inner[0]!), ...inner, end(rises.at(-1)!, inner.at(-1)!)];
}

/** A smooth curve through points of growing x that overshoots none of them. */
export const monotone = (points: readonly Point[]): string =>
  stretches(points)
    .map((stretch) => {
      if (stretch.length < 3) return straight(stretch);
      const along = slopes(stretch);
      return stretch
        .map(([x, y], i) => {
          if (i === 0) return `M${x},${y}`;
          const [px, py] = stretch[i - 1]!;
          const third = (x - px) / 3;
          return `C${px + third},${py + third * along[i - 1]!},${x - third},${y - third * along[i]!},${x},${y}`;
        })
        .join('');
    })
    .join('');

/** The area between an upper and a lower edge of as many points. */
export const between = (upper: readonly Point[], lower: readonly Point[]): string => {
  const whole = upper.map((point, i) => isPlace(point) && isPlace(lower[i]!));
  const up = upper.filter((_, i) => whole[i]);
  const down = lower.filter((_, i) => whole[i]).reverse();
  return up.length ? `M${[...up, ...down].map(([x, y]) => `${x},${y}`).join('L')}Z` : '';
};

/** A square around the origin that is as large as a circle of this radius. */
export const square = (radius: number): string => {
  const side = radius * Math.sqrt(Math.PI);
  return `M${-side / 2},${-side / 2}h${side}v${side}h${-side}Z`;
};

/** A star of five points around the origin, likewise. */
export const star = (radius: number): string => {
  const inner = Math.sin(Math.PI / 10) / Math.sin((7 * Math.PI) / 10);
  const outer = radius * Math.sqrt(Math.PI / (5 * inner * Math.sin(Math.PI / 5)));
  const corners = Array.from({ length: 10 }, (_, i) => {
    const [angle, far] = [(i * Math.PI) / 5, i % 2 ? outer * inner : outer];
    return `${far * Math.sin(angle)},${-far * Math.cos(angle)}`;
  });
  return `M${corners.join('L')}Z`;
};
