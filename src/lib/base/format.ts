import type { Lang } from './lang.ts';

const MINUS = '\u2212';
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A whole number with its thousands set apart: 38,809. */
export function formatCount(n: number): string {
  const text = whole.format(n);
  return text === '-0' ? '0' : text.replace('-', MINUS);
}

/**
 * A tensor's value in at most `digits` significant digits, with a true minus sign; very large and very
 * small ones in powers of ten (1.2e−7), NaN and the infinities by name.
 */
export function formatValue(v: number, digits = 4): string {
  if (Number.isNaN(v)) return 'NaN';
  if (v === Infinity) return '∞';
  if (v === -Infinity) return `${MINUS}∞`;
  if (v === 0) return '0';
  const size = Math.abs(v);
  const text =
    size >= 10 ** Math.max(digits, 5) || size < 1e-4
      ? v
          .toExponential(Math.max(0, digits - 2))
          .replace(/\.?0+e/, 'e')
          .replace('e+', 'e')
      : size >= 10 ** digits
        ? v.toFixed(0)
        : v.toPrecision(digits);
  const trimmed = text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
  return trimmed.replaceAll('-', MINUS);
}

/** A signed value with a fixed number of decimals, for columns that must line up. What rounds to 0 has no sign. */
export function formatFixed(v: number, decimals: number): string {
  if (!Number.isFinite(v)) return formatValue(v);
  const text = v.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', MINUS);
}

/** Bytes in the unit a download is spoken of: 11.4 MB (10⁶ bytes). */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

/** A large count in short: 1.26 G, 38.8 k (powers of a thousand). */
export function formatShort(n: number): string {
  const size = Math.abs(n);
  for (const [unit, name] of [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e4, 'k'],
  ] as const) {
    if (size >= unit) {
      const by = unit === 1e4 ? 1e3 : unit;
      return `${formatValue(n / by, 3)} ${name}`;
    }
  }
  return formatCount(n);
}

/** A probability as a percentage: 93.1 %, 0.02 %. */
export function formatPercent(p: number, _lang: Lang = 'en'): string {
  if (!Number.isFinite(p)) return formatValue(p);
  const percent = p * 100;
  const size = Math.abs(percent);
  const decimals = size >= 10 || size === 0 ? 1 : size >= 0.1 ? 2 : 3;
  return percent > 0 && percent < 0.001 ? '< 0.001 %' : `${formatFixed(percent, decimals)} %`;
}
