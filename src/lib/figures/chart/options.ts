/** A value of each datum: a field of it, one for all, or a function. */
export type Channel<D, T> = string | T | ((datum: D, index: number) => T);

/** What is said of one axis. */
export interface AxisOptions {
  readonly type?: 'linear' | 'log';
  /** Of a logarithmic axis; 10 by default. */
  readonly base?: number;
  /** Values at its two ends; by default the least and the largest of all marks. The first may be the larger one. */
  readonly domain?: readonly number[];
  /** Ends are widened to round values, or to zero. */
  readonly nice?: boolean;
  readonly zero?: boolean;
  /** Values outside are drawn at the end. */
  readonly clamp?: boolean;
  /** About how many, or which. */
  readonly ticks?: number | readonly number[];
  /** 'd': as whole numbers. By default with as many digits as the ticks' distance has. */
  readonly tickFormat?: 'd' | ((value: number) => string);
  readonly grid?: boolean;
  /** null: none. With an arrow in the direction of growing values, unless `labelArrow` is 'none' or it has one. */
  readonly label?: string | null;
  readonly labelArrow?: 'none';
  readonly labelAnchor?: 'center';
  /** null: the axis is not drawn. */
  readonly axis?: null;
}

/** A chart: its margins in pixels, its axes, and what is drawn, the first below the others. */
export interface ChartOptions {
  readonly width?: number;
  readonly height?: number;
  readonly margin?: number;
  readonly marginTop?: number;
  readonly marginRight?: number;
  readonly marginBottom?: number;
  readonly marginLeft?: number;
  readonly x?: AxisOptions;
  readonly y?: AxisOptions;
  /** Colours of the values of a field that `fill` or `stroke` names. */
  readonly color?: { readonly domain: readonly string[]; readonly range: readonly string[] };
  readonly marks?: readonly Mark[];
}

/** How marks look. Numbers are pixels. A colour is CSS, or the field of a datum that has one. */
export interface Look<D> {
  readonly fill?: Channel<D, string>;
  readonly fillOpacity?: Channel<D, number>;
  readonly stroke?: Channel<D, string>;
  readonly strokeOpacity?: Channel<D, number>;
  readonly strokeWidth?: number;
  readonly strokeDasharray?: string | undefined;
  readonly strokeLinecap?: 'round' | 'butt';
  readonly strokeLinejoin?: 'round' | 'miter';
  /** Moved by so many pixels. */
  readonly dx?: number;
  readonly dy?: number;
  /** Nothing is drawn outside of the axes. */
  readonly clip?: boolean;
  /** Said when the pointer rests on it. */
  readonly title?: (datum: D) => string;
}

/** From a value to its place in pixels; NaN for one that has none. */
export type Place = (value: number) => number;

/** What marks are drawn with: places, and the rectangle between the axes in pixels. */
export interface Frame {
  readonly x: Place;
  readonly y: Place;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Half a pixel where a line of one pixel would else lie across two. */
  readonly half: number;
  colour(value: string): string;
}

/** Something that is drawn: the values that its axes must hold, and how. */
export interface Mark {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly clip?: boolean;
  draw(frame: Frame): SVGElement;
}
