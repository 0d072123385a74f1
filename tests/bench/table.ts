/** One measured figure and, where the project promises one, its bound. */
export interface Row {
  /** Section of the table. */
  readonly group: string;
  readonly what: string;
  readonly value: string;
  /** The promise, as text: `≤ 1.5×`. */
  readonly bound?: string;
  /** Whether the promise is kept; undefined where there is none or it could not be measured. */
  readonly kept?: boolean;
}

/** The middle of the values (mean of the two in the middle). */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

export const ms = (value: number) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
export const times = (value: number) => `${value.toFixed(2)}×`;
export const seconds = (value: number) => `${value.toFixed(1)} s`;
export const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
export const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} KB`;

/** A figure that must not exceed `limit`. */
export function bounded(
  group: string,
  what: string,
  value: number,
  limit: number,
  show: (v: number) => string,
): Row {
  return { group, what, value: show(value), bound: `≤ ${show(limit)}`, kept: value <= limit };
}

const mark = (row: Row) => (row.kept === undefined ? '' : row.kept ? 'yes' : '**no**');

/** The rows as Markdown, a table a group. */
export function markdown(rows: readonly Row[]): string {
  const groups = [...new Set(rows.map((r) => r.group))];
  const tables = groups.map((group) => {
    const own = rows.filter((r) => r.group === group);
    const bounds = own.some((r) => r.bound);
    const head = bounds
      ? '| | measured | promised | kept |\n|---|---:|---:|---|'
      : '| | measured |\n|---|---:|';
    const lines = own.map((r) =>
      bounds ? `| ${r.what} | ${r.value} | ${r.bound ?? ''} | ${mark(r)} |` : `| ${r.what} | ${r.value} |`,
    );
    return `## ${group}\n\n${head}\n${lines.join('\n')}\n`;
  });
  return tables.join('\n');
}

/** The rows as aligned text for a terminal. */
export function plain(rows: readonly Row[]): string {
  const wide = Math.max(...rows.map((r) => r.what.length));
  let group = '';
  return rows
    .map((r) => {
      const head = r.group === group ? '' : `\n${r.group}\n`;
      group = r.group;
      const kept = r.kept === undefined ? '' : r.kept ? '  kept' : '  NOT KEPT';
      return `${head}  ${r.what.padEnd(wide)}  ${r.value.padStart(10)}${r.bound ? `  ${r.bound}` : ''}${kept}`;
    })
    .join('\n');
}
