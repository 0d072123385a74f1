import { axisX, axisY, gridLines, type GridLook } from './axes.ts';
import type { AxisOptions, ChartOptions, Frame, Mark } from './options.ts';
import { scaleOf } from './scale.ts';
import { svg } from './svg.ts';

export { areaY, dot, line, line as lineY, rect, ruleX, ruleY, text } from './marks.ts';

/** Margins in pixels where a chart states none: room for the axes that it has. */
const MARGIN = { top: 20, right: 20, bottom: 30, left: 40, none: 1 } as const;

/** The grid is drawn by a scale that is made of what the other marks hold. */
interface Grid extends Mark {
  readonly grid: GridLook;
}
const isGrid = (mark: Mark): mark is Grid => 'grid' in mark;

/** Lines at the ticks of the axis at the left, in their place among the other marks. */
export const gridY = (look: GridLook = {}): Mark => {
  const grid: Grid = { xs: [], ys: [], grid: look, draw: () => svg('g') };
  return grid;
};

let drawings = 0;

/** Nothing outside of the axes. */
function clipped(drawn: SVGElement, { left, right, top, bottom }: Frame): SVGElement {
  const id = `chart-clip-${drawings++}`;
  const box = { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
  return svg('g', { 'clip-path': `url(#${id})` }, [svg('clipPath', { id }, [svg('rect', box)]), drawn]);
}

/** An axis is drawn if it has values, and nobody said that it is not. */
const isDrawn = ({ axis, domain }: AxisOptions, values: readonly number[]) =>
  axis !== null && (domain !== undefined || values.length > 0);

/**
 * Draws a chart.
 * @returns an SVG element of its width and height in pixels, to be put into the page
 */
export function plot({ width = 640, height = 400, ...options }: ChartOptions): SVGElement {
  const { margin, x = {}, y = {}, color, marks = [] } = options;
  const [xs, ys] = [marks.flatMap((mark) => mark.xs), marks.flatMap((mark) => mark.ys)];
  const [hasX, hasY] = [isDrawn(x, xs), isDrawn(y, ys)];
  const left = options.marginLeft ?? margin ?? (hasY ? MARGIN.left : hasX ? MARGIN.right : MARGIN.none);
  const right = width - (options.marginRight ?? margin ?? (hasX ? MARGIN.right : MARGIN.none));
  const top = options.marginTop ?? margin ?? (hasY ? MARGIN.top : MARGIN.none);
  const below = hasX ? MARGIN.bottom : hasY ? MARGIN.top : MARGIN.none;
  const bottom = height - (options.marginBottom ?? margin ?? below);
  const xScale = scaleOf(x, xs, left, right);
  const yScale = scaleOf(y, ys, bottom, top);
  const frame: Frame = {
    ...{ left, right, top, bottom, x: xScale.place, y: yScale.place },
    half: window.devicePixelRatio > 1 ? 0 : 0.5,
    colour: (value) => color?.range[color.domain.indexOf(value)] ?? value,
  };
  const drawn = marks.map((mark) => {
    if (isGrid(mark)) return gridLines(yScale, mark.grid, frame);
    const element = mark.draw(frame);
    return mark.clip ? clipped(element, frame) : element;
  });
  const look = {
    ...{ width, height, viewBox: `0 0 ${width} ${height}`, fill: 'currentColor', 'text-anchor': 'middle' },
    ...{ 'font-family': 'inherit', 'font-size': '11.5px', style: 'overflow: visible; white-space: pre' },
  };
  return svg('svg', look, [
    ...(y.grid && hasY ? [gridLines(yScale, y.ticks === undefined ? {} : { ticks: y.ticks }, frame)] : []),
    ...(hasY ? axisY(yScale, y, frame) : []),
    ...(hasX ? axisX(xScale, x, frame, width, height) : []),
    ...drawn,
  ]);
}
