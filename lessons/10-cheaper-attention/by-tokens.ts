import type { Plot } from '#lib/figures/Chart.svelte';
import { formatShort } from '#lib/base/format.ts';

/** A value at a number of tokens. */
export interface AtTokens {
  readonly tokens: number;
  readonly value: number;
}

/** A line over the number of tokens. */
export interface TokenLine {
  readonly colour: string;
  readonly points: readonly AtTokens[];
  /** Points that are marked. */
  readonly dots: readonly AtTokens[];
  readonly radius: number;
  /** Said at the line's end. */
  readonly words: string;
  readonly dy?: number;
}

/** Values over the number of tokens on two logarithmic axes, where a power is a straight line: lines, dots and words. */
export function byTokens(
  plot: Plot,
  lines: readonly TokenLine[],
  {
    label,
    right,
    ticks,
    format,
  }: { label: string; right: number; ticks: number; format: (v: number) => string },
) {
  return {
    ...{ marginLeft: 46, marginRight: right, marginTop: 16, marginBottom: 34 },
    x: {
      type: 'log' as const,
      label,
      labelArrow: 'none' as const,
      labelAnchor: 'center' as const,
      tickFormat: (v: number) => formatShort(v),
      ticks: 4,
      line: false,
    },
    y: { type: 'log' as const, label: null, ticks, tickFormat: format },
    marks: [
      plot.gridY({ stroke: 'var(--rule)', strokeOpacity: 1, ticks }),
      ...lines.flatMap(({ colour, points, dots, radius, words, dy = 0 }) => [
        plot.lineY(points, { x: 'tokens', y: 'value', stroke: colour, strokeWidth: 2 }),
        plot.dot(dots, {
          x: 'tokens',
          y: 'value',
          r: radius,
          fill: colour,
          stroke: 'var(--panel)',
          strokeWidth: 2,
        }),
        plot.text(points.slice(-1), {
          x: 'tokens',
          y: 'value',
          text: () => words,
          textAnchor: 'start',
          dx: 7,
          dy,
          fill: colour,
          fontWeight: 600,
        }),
      ]),
    ],
  };
}
