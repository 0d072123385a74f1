import type { Field } from '#lib/state/schema.ts';

/** Squares a side that the picture is divided into for painting over. */
export const GRID = 8;
/** Four squares in the middle of the picture, to begin with: few enough that what is around them says much. */
export const HOLES: readonly number[] = [3, 4].flatMap((r) => [3, 4].map((c) => r * GRID + c));

/** No squares. */
export const NONE: ReadonlySet<number> = new Set();

/** Squares as 16 hexadecimal digits, four squares a digit, the first square the highest bit. */
export function printHoles(holes: ReadonlySet<number>): string {
  return Array.from({ length: (GRID * GRID) / 4 }, (_, digit) =>
    [0, 1, 2, 3].reduce((sum, bit) => sum * 2 + (holes.has(4 * digit + bit) ? 1 : 0), 0).toString(16),
  ).join('');
}

/** The squares of a printed form; undefined for anything else. */
export function readHoles(raw: string): ReadonlySet<number> | undefined {
  if (!/^[0-9a-f]{16}$/.test(raw)) return undefined;
  const found = new Set<number>();
  [...raw].forEach((char, digit) => {
    for (let bit = 0; bit < 4; bit++) if (parseInt(char, 16) & (8 >> bit)) found.add(4 * digit + bit);
  });
  return found;
}

/** What stays, as the sampling loop wants it: `[S, S]`, 1 where the picture is known, 0 in the holes. */
export function maskOf(holes: ReadonlySet<number>, side: number): Float32Array {
  const cell = side / GRID;
  return Float32Array.from({ length: side * side }, (_, i) => {
    const [row, col] = [Math.floor(i / side), i % side];
    return holes.has(Math.floor(row / cell) * GRID + Math.floor(col / cell)) ? 0 : 1;
  });
}

/** The squares with one more, or one fewer. */
export function withHole(holes: ReadonlySet<number>, square: number, open: boolean): ReadonlySet<number> {
  return new Set(open ? [...holes, square] : [...holes].filter((s) => s !== square));
}

/** Squares in a link: a string as `printHoles` makes it, by default those of `value`. */
export function holesField(value: readonly number[]): Field<string> {
  return {
    default: printHoles(new Set(value)),
    print: (v) => v,
    parse: (raw) => {
      const found = readHoles(raw);
      return found && printHoles(found);
    },
  };
}
