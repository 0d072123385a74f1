import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateSession } from '#lib/runtime/ort.ts';
import { HeldModel, off, passName } from '../parity/held.ts';
import type { Row } from '../bench/table.ts';

const GROUP = 'Every tensor with a reference against PyTorch’s';

/** The row of one pass: how much of what is allowed the worst tensor takes, or what is off. */
export function parityRow(
  what: string,
  figures: readonly { name: string; worst: number; limit: number }[],
): Row {
  const wrong = off(figures);
  const worst = figures.reduce((a, b) => (b.worst / b.limit > a.worst / a.limit ? b : a));
  const share = `${(worst.worst / worst.limit).toPrecision(2)} of the bound (${worst.name})`;
  return {
    group: GROUP,
    what: `${what}: ${figures.length} figures`,
    value: wrong.length === 0 ? share : `${wrong.length} off; ${share}`,
    bound: '≤ 1',
    kept: figures.length > 0 && wrong.length === 0,
  };
}

/** Holds every pass of a model; a pass that can't run is a row that says why. */
export async function checkModel(folder: string, name: string, sessions: CreateSession): Promise<Row[]> {
  const held = new HeldModel((file) => new Uint8Array(readFileSync(join(folder, name, file))));
  const rows: Row[] = [];
  for (const pass of held.passes) {
    const what = `${name}, ${passName(pass)}`;
    try {
      rows.push(parityRow(what, await held.hold(pass, sessions)));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      rows.push({ group: GROUP, what, value: `did not run: ${reason}`, bound: '≤ 1', kept: false });
    }
  }
  return rows;
}
