/**
 * What the reader has taken out of the model, as a link carries it. Heads: one bit a head, layer after layer, in
 * hexadecimal. Patches: the side of the grid they were painted on and one bit a patch, `14-…`; at another patch size
 * a patch is out when its centre lies in a patch that was painted.
 */

/** Which heads are switched off, `[depth · heads]`, from its printed form; bits beyond the last head are ignored. */
export function readHeads(text: string, count: number): boolean[] {
  const off = Array.from({ length: count }, () => false);
  for (let i = 0; i < text.length; i++) {
    const nibble = parseInt(text[i]!, 16);
    for (let b = 0; b < 4; b++) if (nibble & (8 >> b) && 4 * i + b < count) off[4 * i + b] = true;
  }
  return off;
}

/** The printed form: `''` when every head runs. */
export function printHeads(off: readonly boolean[]): string {
  return printBits(off);
}

/** Patches taken out, with the side of their grid. */
export interface PaintedMask {
  readonly grid: number;
  readonly out: readonly boolean[];
}

const MOST_GRID = 64;

/** A painted mask from its printed form; undefined where it is none. */
export function readMask(text: string): PaintedMask | undefined {
  const m = /^(\d{1,2})-([0-9a-f]*)$/.exec(text);
  const grid = Number(m?.[1]);
  if (!m || grid < 1 || grid > MOST_GRID || m[2]!.length > Math.ceil(grid ** 2 / 4)) return undefined;
  return { grid, out: readHeads(m[2]!, grid * grid) };
}

/** The printed form: `''` when no patch is out. */
export function printMask({ grid, out }: PaintedMask): string {
  const bits = printBits(out);
  return bits === '' ? '' : `${grid}-${bits}`;
}

/** The mask on another grid: a patch is out when its centre lay in one that was painted. */
export function maskOn(mask: PaintedMask | undefined, grid: number): boolean[] {
  if (!mask) return Array.from({ length: grid * grid }, () => false);
  const at = (k: number) => Math.floor(((k + 0.5) / grid) * mask.grid);
  return Array.from(
    { length: grid * grid },
    (_, n) => mask.out[at(Math.floor(n / grid)) * mask.grid + at(n % grid)] ?? false,
  );
}

function printBits(bits: readonly boolean[]): string {
  let text = '';
  for (let i = 0; i < bits.length; i += 4) {
    let nibble = 0;
    for (let b = 0; b < 4; b++) if (bits[i + b]) nibble |= 8 >> b;
    text += nibble.toString(16);
  }
  return text.replace(/0+$/, '');
}
