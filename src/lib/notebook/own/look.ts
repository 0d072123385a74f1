/** Where a network of the reader's is looked at: what a lesson's own state cannot say, since its ranges are another's. */
export interface Look {
  /** Pixels a side of a patch; 0: as it was stored. */
  readonly patch: number;
  /** Block and head, from 0; those beyond the network's last stand for its last. */
  readonly block: number;
  readonly head: number;
  /** The place of the token that is looked at, row and column in thousandths of the picture. */
  readonly at: readonly [row: number, column: number];
  /** The token before the patches is looked at instead. */
  readonly first: boolean;
}

/** Where a lesson begins. */
export const LOOK: Look = { patch: 0, block: 0, head: 0, at: [500, 500], first: false };

/** Printed `16.3.0.500.250.0`. */
export function writeLook({ patch, block, head, at, first }: Look): string {
  return [patch, block, head, ...at, Number(first)].join('.');
}

/** Reads what `writeLook` printed; undefined for anything else. */
export function readLook(raw: string): Look | undefined {
  if (!/^\d{1,4}(\.\d{1,4}){5}$/.test(raw)) return undefined;
  const [patch = 0, block = 0, head = 0, row = 0, column = 0, first = 0] = raw.split('.').map(Number);
  if (row > 1000 || column > 1000) return undefined;
  return { patch, block, head, at: [row, column], first: first === 1 };
}
