import type { As, Graph, Value } from '#lib/graph/index.ts';
import { gridOf } from '../shared/patches.ts';
import { vitSizes, type ViTConfig } from './config.ts';

/** Patches along a side that EVA-02's grid is stretched to: those of 224 pixels, where it was trained. */
const EVA_SIDE = 16;

/**
 * Angles by which pairs of a head's values are turned, `[N, d/2]`, row angles before column angles, each pair of its own
 * frequency (Su et al. 2021, RoPE, along two axes).
 * - `centred`, DINOv3: the patch's centre from −1 to 1, times 2π · 100^(−4i/d).
 * - `grid`, EVA-02: the patch's row or column on a grid of 16, times 10000^(−4i/d).
 */
export function rotaryAngles(c: ViTConfig): Float32Array {
  const grid = gridOf(c);
  const quarter = vitSizes(c).headDim / 4;
  const centred = c.rotary === 'centred';
  const base = centred ? 100 : 10_000;
  const place = (at: number, of: number) =>
    centred ? 2 * Math.PI * ((2 * (at + 0.5)) / of - 1) : (at / of) * EVA_SIDE;
  const [rows, columns] = grid;
  const out = new Float32Array(rows * columns * 2 * quarter);
  for (let n = 0; n < rows * columns; n++) {
    const at = [place(Math.floor(n / columns), rows), place(n % columns, columns)];
    for (let i = 0; i < 2 * quarter; i++)
      out[n * 2 * quarter + i] = at[Math.floor(i / quarter)]! * base ** (-(i % quarter) / quarter);
  }
  return out;
}

/** The value that stands beside value j of a head: half a head away in DINOv3, its neighbour in EVA-02. */
const partnerOf = (c: ViTConfig, j: number, d: number): number =>
  c.rotary === 'centred' ? (j + d / 2) % d : j ^ 1;

/** Which pair value j belongs to, and whether it is the pair's first. */
function pairOf(c: ViTConfig, j: number, d: number): readonly [pair: number, first: boolean] {
  return c.rotary === 'centred' ? [j % (d / 2), j < d / 2] : [j >> 1, j % 2 === 0];
}

/** Turns queries or keys `[B, h, T, d]` by the places of their patches; CLS and registers stay as they are. */
export function rotaryPositions(g: Graph, c: ViTConfig): ((x: Value, as: As) => Value) | undefined {
  if ((c.rotary ?? 'none') === 'none') return undefined;
  const { tokens, prefix, headDim: d } = vitSizes(c);
  const angles = rotaryAngles(c);
  const cos = new Float32Array(tokens * d).fill(1);
  const sin = new Float32Array(tokens * d);
  for (let at = prefix * d; at < tokens * d; at++) {
    const [pair, first] = pairOf(c, at % d, d);
    const angle = angles[(Math.floor(at / d) - prefix) * (d / 2) + pair]!;
    cos[at] = Math.cos(angle);
    sin[at] = first ? -Math.sin(angle) : Math.sin(angle);
  }
  const [cosines, sines] = [cos, sin].map((values) => g.constant(values, [tokens, d], ['T', 'd'])) as [
    Value,
    Value,
  ];
  const partners = Array.from({ length: d }, (_, j) => partnerOf(c, j, d));
  return (x, as) => g.add(g.mul(x, cosines), g.mul(g.gather(x, x.shape.length - 1, partners), sines), as);
}
