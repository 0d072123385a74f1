import type { Channel, Frame, Look, Mark } from './options.ts';
import { between, monotone, square, star, straight, type Point } from './path.ts';
import { moved, svg, type Attributes } from './svg.ts';

type Datum<D> = readonly D[];

/** A colour as CSS has it; any other word is the field of a datum. */
const COLOUR = /^(none|currentColor|var\(.*\)|#[0-9a-f]+|rgb.*\))$/i;

/** A channel's value of a datum. A text is the field of that name. */
function of<D, T>(channel: Channel<D, T>, datum: D, index: number): T {
  if (typeof channel === 'function') return (channel as (datum: D, index: number) => T)(datum, index);
  return typeof channel === 'string' ? ((datum as Record<string, unknown>)[channel] as T) : channel;
}
const numbers = <D>(channel: Channel<D, number> | undefined, data: Datum<D>): number[] =>
  channel === undefined ? [] : data.map((datum, i) => Number(of(channel, datum, i) ?? NaN));

function colourOf<D>(channel: Channel<D, string>, datum: D, i: number, frame: Frame): string {
  if (typeof channel === 'string' && COLOUR.test(channel)) return channel;
  const value = of(channel, datum, i);
  return COLOUR.test(value) ? value : frame.colour(value);
}

/** How one datum looks, as attributes. */
const lookOf = <D>(look: Look<D>, datum: D, i: number, frame: Frame): Attributes => ({
  fill: look.fill === undefined ? undefined : colourOf(look.fill, datum, i, frame),
  'fill-opacity': look.fillOpacity === undefined ? undefined : of(look.fillOpacity, datum, i),
  stroke: look.stroke === undefined ? undefined : colourOf(look.stroke, datum, i, frame),
  'stroke-opacity': look.strokeOpacity === undefined ? undefined : of(look.strokeOpacity, datum, i),
  'stroke-width': look.strokeWidth,
  'stroke-dasharray': look.strokeDasharray,
  'stroke-linecap': look.strokeLinecap,
  'stroke-linejoin': look.strokeLinejoin,
});

const titleOf = <D>({ title }: Look<D>, datum: D): SVGElement[] =>
  title ? [svg('title', {}, [title(datum)])] : [];

/** A group of drawn things; `shift` moves it beside what the look says. */
const group = <D>(
  label: string,
  look: Look<D>,
  shift: Point,
  attributes: Attributes,
  drawn: readonly SVGElement[],
) =>
  svg(
    'g',
    {
      'aria-label': label,
      ...attributes,
      transform: moved(shift[0] + (look.dx ?? 0), shift[1] + (look.dy ?? 0)),
    },
    drawn,
  );

/** Where points lie; a datum without one, or with a place that is no number, is left out by those who draw. */
const placesOf = (xs: readonly number[], ys: readonly number[], { x, y }: Frame): Point[] =>
  xs.map((value, i) => [x(value), y(ys[i]!)]);
const isPlace = ([x, y]: Point) => Number.isFinite(x) && Number.isFinite(y);

export interface Placed<D> extends Look<D> {
  readonly x?: Channel<D, number>;
  readonly y?: Channel<D, number>;
}

/** Data in series, in the order in which these begin. */
function seriesOf<D>(data: Datum<D>, key: Channel<D, unknown> | undefined): number[][] {
  const series = new Map<unknown, number[]>();
  data.forEach((datum, i) => {
    const name = key === undefined ? 0 : of(key, datum, i);
    series.set(name, [...(series.get(name) ?? []), i]);
  });
  return [...series.values()];
}

export interface LineLook<D> extends Placed<D> {
  /** Data of one value are one line; by default those of one colour. */
  readonly z?: Channel<D, unknown>;
  readonly curve?: 'monotone-x';
}

/** Lines from datum to datum. Without `x` and `y` data are pairs. */
export function line<D>(data: Datum<D>, look: LineLook<D>): Mark {
  const { x = '0', y = '1', z, stroke = 'currentColor', curve } = look;
  const [xs, ys] = [numbers(x, data), numbers(y, data)];
  const key = z ?? (typeof stroke === 'string' && COLOUR.test(stroke) ? undefined : stroke);
  return {
    ...(look.clip && { clip: true }),
    xs,
    ys,
    draw(frame) {
      const places = placesOf(xs, ys, frame);
      const paths = seriesOf(data, key).map((series) =>
        svg('path', {
          'stroke-linecap': 'round',
          'stroke-linejoin': 'round',
          'stroke-miterlimit': 1,
          ...lookOf({ stroke, strokeWidth: 1.5, ...look }, data[series[0]!]!, series[0]!, frame),
          d: (curve ? monotone : straight)(series.map((i) => places[i]!)),
        }),
      );
      return group('line', look, [frame.half, frame.half], { fill: 'none' }, paths);
    },
  };
}

export interface AreaLook<D> extends Look<D> {
  readonly x: Channel<D, number>;
  /** Upper edge over zero; or both edges. */
  readonly y?: Channel<D, number>;
  readonly y1?: Channel<D, number>;
  readonly y2?: Channel<D, number>;
}

/** The area below a line, or between two. */
export function areaY<D>(data: Datum<D>, look: AreaLook<D>): Mark {
  const xs = numbers(look.x, data);
  const lower = look.y1 === undefined ? xs.map(() => 0) : numbers(look.y1, data);
  const upper = numbers(look.y2 ?? look.y, data);
  return {
    xs,
    ys: [...lower, ...upper],
    draw(frame) {
      const d = between(placesOf(xs, upper, frame), placesOf(xs, lower, frame));
      const drawn = data.length ? [svg('path', { ...lookOf(look, data[0]!, 0, frame), d })] : [];
      return group('area', look, [0, 0], {}, drawn);
    },
  };
}

export interface DotLook<D> extends Placed<D> {
  /** Radius; 3 by default. Larger dots lie below. */
  readonly r?: Channel<D, number>;
  /** As large as a circle of that radius. */
  readonly symbol?: 'square' | 'star';
}

/** A dot for each datum. */
export function dot<D>(data: Datum<D>, look: DotLook<D>): Mark {
  const { x = '0', y = '1', r = 3, symbol } = look;
  const [xs, ys, sizes] = [numbers(x, data), numbers(y, data), numbers(r, data)];
  return {
    xs,
    ys,
    draw(frame) {
      const places = placesOf(xs, ys, frame);
      const order = data.map((_, i) => i).sort((a, b) => sizes[b]! - sizes[a]!);
      const dots = order
        .filter((i) => isPlace(places[i]!))
        .map((i) => {
          const [cx, cy] = places[i]!;
          const looks = lookOf({ fill: 'none', ...look }, data[i]!, i, frame);
          const title = titleOf(look, data[i]!);
          if (!symbol) return svg('circle', { ...looks, cx, cy, r: sizes[i] }, title);
          const d = (symbol === 'star' ? star : square)(sizes[i]!);
          return svg('path', { ...looks, transform: `translate(${cx},${cy})`, d }, title);
        });
      return group(
        'dot',
        look,
        [frame.half, frame.half],
        { stroke: look.fill ? undefined : 'currentColor' },
        dots,
      );
    },
  };
}

export interface TextLook<D> extends Placed<D> {
  readonly text: Channel<D, string>;
  readonly textAnchor?: 'start' | 'middle' | 'end';
  readonly fontSize?: number;
  readonly fontWeight?: number;
  readonly fontFamily?: string;
  /** At the upper edge, in place of a value. */
  readonly frameAnchor?: 'top';
}

/** Words at each datum; a stroke lies behind them. */
export function text<D>(data: Datum<D>, look: TextLook<D>): Mark {
  const { x, y, frameAnchor, fontSize, fontWeight, fontFamily, textAnchor } = look;
  const [xs, ys] = [numbers(x, data), numbers(y, data)];
  return {
    xs,
    ys,
    draw(frame) {
      const middle = (frame.left + frame.right) / 2;
      const drawn = data.flatMap((datum, i) => {
        const at: Point = [
          x === undefined ? middle : frame.x(xs[i]!),
          frameAnchor ? frame.top : y === undefined ? (frame.top + frame.bottom) / 2 : frame.y(ys[i]!),
        ];
        const words = of(look.text, datum, i);
        if (!words || !isPlace(at)) return [];
        return svg(
          'text',
          {
            ...lookOf(look, datum, i, frame),
            y: frameAnchor ? '0.71em' : '0.32em',
            transform: `translate(${at[0]},${at[1]})`,
          },
          [words, ...titleOf(look, datum)],
        );
      });
      const attributes = {
        'text-anchor': textAnchor,
        'font-size': fontSize,
        'font-weight': fontWeight,
        'font-family': fontFamily,
        'stroke-linejoin': 'round',
        'paint-order': 'stroke',
      };
      return group('text', look, [frame.half, frame.half], attributes, drawn);
    },
  };
}

export interface RectLook<D> extends Look<D> {
  readonly x1: Channel<D, number>;
  readonly x2: Channel<D, number>;
  readonly y1: Channel<D, number>;
  readonly y2: Channel<D, number>;
}

/** A rectangle for each datum. */
export function rect<D>(data: Datum<D>, look: RectLook<D>): Mark {
  const [x1, x2, y1, y2] = [look.x1, look.x2, look.y1, look.y2].map((channel) => numbers(channel, data)) as [
    number[],
    number[],
    number[],
    number[],
  ];
  return {
    xs: [...x1, ...x2],
    ys: [...y1, ...y2],
    draw(frame) {
      const [a, b] = [placesOf(x1, y1, frame), placesOf(x2, y2, frame)];
      const drawn = data.map((datum, i) => {
        const [[ax, ay], [bx, by]] = [a[i]!, b[i]!];
        const box = {
          x: Math.min(ax, bx),
          y: Math.min(ay, by),
          width: Math.abs(bx - ax),
          height: Math.abs(by - ay),
        };
        return svg('rect', { ...lookOf(look, datum, i, frame), ...box }, titleOf(look, datum));
      });
      return group('rect', look, [0, 0], {}, drawn);
    },
  };
}

/** A datum is the value itself where the look names no channel. */
const itself = <D>(datum: D) => datum as unknown as number;

/** A line from top to bottom at each datum. */
export function ruleX<D>(data: Datum<D>, look: Placed<D>): Mark {
  const xs = numbers(look.x ?? itself, data);
  return {
    xs,
    ys: [],
    draw(frame) {
      const drawn = data.flatMap((datum, i) => {
        const x = frame.x(xs[i]!);
        const looks = lookOf({ stroke: 'currentColor', ...look }, datum, i, frame);
        return Number.isFinite(x)
          ? svg('line', { ...looks, x1: x, x2: x, y1: frame.top, y2: frame.bottom })
          : [];
      });
      return group('rule', look, [frame.half, 0], {}, drawn);
    },
  };
}

/** A line from left to right at each datum. */
export function ruleY<D>(data: Datum<D>, look: Placed<D>): Mark {
  const ys = numbers(look.y ?? itself, data);
  return {
    xs: [],
    ys,
    draw(frame) {
      const drawn = data.flatMap((datum, i) => {
        const y = frame.y(ys[i]!);
        const looks = lookOf({ stroke: 'currentColor', ...look }, datum, i, frame);
        return Number.isFinite(y)
          ? svg('line', { ...looks, x1: frame.left, x2: frame.right, y1: y, y2: y })
          : [];
      });
      return group('rule', look, [0, frame.half], {}, drawn);
    },
  };
}
