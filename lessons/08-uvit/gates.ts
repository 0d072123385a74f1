/** Gates of the long skips in a link: percents joined by dots, `100.100.0.50`; all open is the empty word. */

/** Percents 0 … 100 of `count` gates; those that are not said are open. Undefined for what is no such word. */
export function readGates(raw: string, count: number): number[] | undefined {
  const parts = raw === '' ? [] : raw.split('.');
  if (!parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) <= 100)) return undefined;
  return Array.from({ length: count }, (_, j) => Number(parts[j] ?? 100));
}

/** The shortest word for these gates. */
export function printGates(gates: readonly number[]): string {
  const last = gates.findLastIndex((g) => g !== 100);
  return gates.slice(0, last + 1).join('.');
}

/** Gates as a link may carry them: at most 20 of them, in their shortest form. */
export function tidyGates(raw: string): string | undefined {
  const count = raw === '' ? 0 : raw.split('.').length;
  if (count > 20) return undefined;
  const gates = readGates(raw, count);
  return gates && printGates(gates);
}
