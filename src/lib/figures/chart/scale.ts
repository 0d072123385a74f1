import type { AxisOptions, Place } from './options.ts';
import { logTicks, roundOut, stepOf, ticksBetween } from './ticks.ts';

/** An axis' values: where they lie, which have ticks, and how those are written. */
export interface Scale {
  readonly place: Place;
  /** 1 where values grow with the pixels, −1 where they shrink. */
  readonly order: number;
  /** About `wish` ticks, or those wished for. */
  ticks(wish: number | readonly number[]): readonly number[];
  /** How a tick is written; empty for one between others that would stand too close. */
  words(wish: number | readonly number[], format: AxisOptions['tickFormat']): (value: number) => string;
}

/** Ticks where only their places are given. */
const USUAL_TICKS = 10;

/** With digits after the point, a true minus sign, and commas between thousands. */
const fixed = (digits: number) => (value: number) => {
  const [left = '', right] = Math.abs(value).toFixed(digits).split('.');
  const grouped = left.replace(/\B(?=(\d{3})+$)/g, ',');
  const text = right === undefined ? grouped : `${grouped}.${right}`;
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
};
const whole = (value: number) => String(Math.round(value)).replace('-', '−');

/** The ends of an axis: as given, or of the values that it must hold. */
function endsOf({ domain, type, nice, zero }: AxisOptions, values: readonly number[]): [number, number] {
  if (domain) return [domain[0]!, domain[1]!];
  const held = values.filter((v) => Number.isFinite(v) && (type !== 'log' || v > 0));
  let [low, high] = [Math.min(...held), Math.max(...held)];
  if (held.length === 0) [low, high] = type === 'log' ? [1, 10] : [0, 1];
  if (zero) [low, high] = [Math.min(0, low), Math.max(0, high)];
  return nice ? roundOut(low, high) : [low, high];
}

/**
 * The scale of an axis.
 * @param values those of all marks along it
 * @param from pixels of the first end, and `to` those of the other
 */
export function scaleOf(options: AxisOptions, values: readonly number[], from: number, to: number): Scale {
  const { type = 'linear', base = 10, clamp = false } = options;
  const [a, b] = endsOf(options, values);
  const [low, high] = a < b ? [a, b] : [b, a];
  const bent = type === 'log' ? Math.log : (v: number) => v;
  const [start, length] = [bent(a), bent(b) - bent(a)];
  const place: Place = (value) => {
    const share = length === 0 ? 0.5 : (bent(value) - start) / length;
    return from + (to - from) * (clamp ? Math.min(1, Math.max(0, share)) : share);
  };
  const count = (wish: number | readonly number[]) => (typeof wish === 'number' ? wish : USUAL_TICKS);
  const ticks: Scale['ticks'] = (wish) => {
    if (typeof wish !== 'number') return wish;
    return type === 'log' ? logTicks(low, high, wish, base) : ticksBetween(low, high, wish);
  };
  /** Whether a tick of a logarithmic axis has words: those near a power do, more of them the more room there is. */
  const spoken = (wish: number | readonly number[]) => {
    const most = Math.max(1, (base * count(wish)) / logTicks(low, high, USUAL_TICKS, base).length);
    return (value: number) => {
      let times = value / base ** Math.round(Math.log(value) / Math.log(base));
      if (times * base < base - 0.5) times *= base;
      return times <= most;
    };
  };
  const words: Scale['words'] = (wish, format) => {
    const step = low < high ? stepOf(low, high, count(wish)) : 1;
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    const say = typeof format === 'function' ? format : format === 'd' ? whole : fixed(digits);
    if (type !== 'log') return say;
    const has = spoken(wish);
    return (value) => (has(value) ? say(value) : '');
  };
  return { place, order: Math.sign(b - a) * Math.sign(to - from), ticks, words };
}
