import type { AxisOptions, Frame } from './options.ts';
import type { Scale } from './scale.ts';
import { moved, svg } from './svg.ts';

/** Pixels of a tick, and from it to its words. */
const TICK = 6;
const APART = 3;
/** Pixels from a label to the edge of the chart. */
const EDGE = 3;
/** Pixels along an axis for a tick, where it does not say how many it has. */
const ROOM = { x: 80, y: 35 } as const;
/** An arrow that was written by hand is the only one. */
const ARROW = /[↑↓→←]/;

/** Ticks as an axis wishes for them: a number, or which. */
export const wishOf = (
  { ticks }: AxisOptions,
  along: 'x' | 'y',
  pixels: number,
): number | readonly number[] => ticks ?? pixels / ROOM[along];

/** Words beside an axis, with an arrow to where values grow. */
function labelOf({ label, labelArrow, labelAnchor }: AxisOptions, along: 'x' | 'y', order: number): string {
  if (!label || labelArrow === 'none' || ARROW.test(label) || order === 0) return label ?? '';
  if (along === 'x') return order > 0 ? `${label} →` : `← ${label}`;
  if (labelAnchor) return order > 0 ? `← ${label}` : `${label} →`;
  return order > 0 ? `↓ ${label}` : `↑ ${label}`;
}

/** The axis below: ticks, their words, and its label at the right or in the middle. */
export function axisX(
  scale: Scale,
  options: AxisOptions,
  frame: Frame,
  width: number,
  height: number,
): SVGElement[] {
  const { left, right, bottom, half } = frame;
  const wish = wishOf(options, 'x', right - left);
  const words = scale.words(wish, options.tickFormat);
  const at = scale.ticks(wish).map((value) => ({ value, x: scale.place(value) }));
  const label = labelOf(options, 'x', scale.order);
  const centred = options.labelAnchor === 'center';
  return [
    svg(
      'g',
      {
        'aria-hidden': 'true',
        'aria-label': 'x-axis tick',
        stroke: 'currentColor',
        fill: 'none',
        transform: moved(half, 0),
      },
      at.map(({ x }) => svg('path', { transform: `translate(${x},${bottom})`, d: `M0,0L0,${TICK}` })),
    ),
    svg(
      'g',
      {
        'aria-label': 'x-axis tick label',
        transform: moved(half, TICK + APART + half),
        'font-variant': 'tabular-nums',
      },
      at.map(({ value, x }) =>
        svg('text', { y: '0.71em', transform: `translate(${x},${bottom})` }, [words(value)]),
      ),
    ),
    ...(label
      ? [
          svg(
            'g',
            {
              'aria-label': 'x-axis label',
              'text-anchor': centred ? undefined : 'end',
              transform: moved(half, half),
            },
            [
              svg(
                'text',
                { transform: `translate(${centred ? (left + right) / 2 : width - EDGE},${height - EDGE})` },
                [label],
              ),
            ],
          ),
        ]
      : []),
  ];
}

/** The axis at the left, and its label above it. */
export function axisY(scale: Scale, options: AxisOptions, frame: Frame): SVGElement[] {
  const { left, top, bottom, half } = frame;
  const wish = wishOf(options, 'y', bottom - top);
  const words = scale.words(wish, options.tickFormat);
  const at = scale.ticks(wish).map((value) => ({ value, y: scale.place(value) }));
  const label = labelOf(options, 'y', scale.order);
  return [
    svg(
      'g',
      {
        'aria-hidden': 'true',
        'aria-label': 'y-axis tick',
        stroke: 'currentColor',
        fill: 'none',
        transform: moved(0, half),
      },
      at.map(({ y }) => svg('path', { transform: `translate(${left},${y})`, d: `M0,0L${-TICK},0` })),
    ),
    svg(
      'g',
      {
        'aria-label': 'y-axis tick label',
        'text-anchor': 'end',
        transform: moved(half - TICK - APART, half),
        'font-variant': 'tabular-nums',
      },
      at.map(({ value, y }) =>
        svg('text', { y: '0.32em', transform: `translate(${left},${y})` }, [words(value)]),
      ),
    ),
    ...(label
      ? [
          svg('g', { 'aria-label': 'y-axis label', 'text-anchor': 'start', transform: moved(half, half) }, [
            svg('text', { y: '0.71em', transform: `translate(${EDGE},${EDGE})` }, [label]),
          ]),
        ]
      : []),
  ];
}

export interface GridLook {
  readonly ticks?: number | readonly number[];
  readonly stroke?: string;
  readonly strokeOpacity?: number;
}

/** Faint lines from left to right at the ticks of the axis at the left. */
export function gridLines(scale: Scale, look: GridLook, frame: Frame): SVGElement {
  const { left, right, top, bottom, half } = frame;
  const { stroke = 'currentColor', strokeOpacity = 0.1 } = look;
  const ticks = scale.ticks(wishOf(look.ticks === undefined ? {} : { ticks: look.ticks }, 'y', bottom - top));
  return svg(
    'g',
    {
      'aria-hidden': 'true',
      'aria-label': 'y-grid',
      stroke,
      'stroke-opacity': strokeOpacity,
      transform: moved(0, half),
    },
    ticks.map((value) => {
      const y = scale.place(value);
      return svg('line', { x1: left, x2: right, y1: y, y2: y });
    }),
  );
}
