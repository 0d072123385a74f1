/** The steps that ticks may have within a power of ten, and from which share of it each is the next one's. */
const STEPS: readonly (readonly [step: number, below: number])[] = [
  [1, Math.SQRT2],
  [2, Math.sqrt(10)],
  [5, Math.sqrt(50)],
  [10, Infinity],
];

/** Distance of round ticks of which about `count` lie between two values: 1, 2 or 5 times a power of ten. */
export function stepOf(low: number, high: number, count: number): number {
  const rough = (high - low) / Math.max(1e-9, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const [step] = STEPS.find(([, below]) => rough / power < below) ?? [10];
  return step * power;
}

/** `step` times a whole number; by division where the step is a fraction, so that 0.3 is 0.3. */
const multiple = (n: number, step: number): number => (step < 1 ? n / Math.round(1 / step) : n * step);

/** Round values between two, about `count` of them, ascending. */
export function ticksBetween(a: number, b: number, count: number): number[] {
  const [low, high] = a < b ? [a, b] : [b, a];
  if (!(count > 0) || !Number.isFinite(low) || !Number.isFinite(high)) return [];
  if (low === high) return [low];
  const step = stepOf(low, high, count);
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => multiple(first + i, step));
}

/** The nearest round values outside of two. */
export function roundOut(low: number, high: number): [number, number] {
  let [from, to] = [low, high];
  // A wider range may have a wider step.
  for (let last = 0, step = stepOf(from, to, 10); low < high && step !== last; step = stepOf(from, to, 10)) {
    last = step;
    [from, to] = [multiple(Math.floor(from / step), step), multiple(Math.ceil(to / step), step)];
  }
  return [from, to];
}

/**
 * Ticks of a logarithmic scale: 1, 2, 3 … times each power where few powers lie between the ends, else powers alone.
 * @param base a whole number above 1
 */
export function logTicks(low: number, high: number, count: number, base: number): number[] {
  const log = (v: number) => Math.log(v) / Math.log(base);
  const [from, to] = [log(low), log(high)];
  if (to - from >= count) return ticksBetween(from, to, Math.min(to - from, count)).map((p) => base ** p);
  const all: number[] = [];
  for (let power = Math.floor(from); power <= Math.ceil(to); power++)
    for (let k = 1; k < base; k++) {
      const v = power < 0 ? k / base ** -power : k * base ** power;
      if (v >= low && v <= high) all.push(v);
    }
  return 2 * all.length < count ? ticksBetween(low, high, count) : all;
}
