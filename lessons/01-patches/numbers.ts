import { formatFixed } from '#lib/base/format.ts';
import { patchGeometry } from '#lib/images/index.ts';
import type { ProseNumber } from '#lib/notebook/room.ts';
import type { PatchesRoom } from './room.svelte.ts';
import { CONFIG, shapesOf, TRAINED } from './shapes.ts';
import { SIDE } from './state.ts';

/**
 * The numbers the prose may name, at the present patch size or, as `N@8`, at another. Every one is a shape, a count
 * of the graph's description, a choice of the reader, or the picture's geometry.
 */
export function numberOf(room: PatchesRoom, name: string): ProseNumber | undefined {
  const [key = '', other] = name.split('@');
  const p = other === undefined ? room.p : Number(other);
  const g = patchGeometry(SIDE, p);
  const T = g.count + 1;
  const graph = (value: number | string, dim?: string): ProseNumber => ({
    value,
    from: 'graph',
    ...(dim && { dim }),
  });
  const input = (value: number | string, dim?: string): ProseNumber => ({
    value,
    from: 'input',
    ...(dim && { dim }),
  });
  switch (key) {
    case 'side':
      return graph(SIDE, 'H');
    case 'channels':
      return graph(CONFIG.channels, 'C');
    case 'pixels':
      return graph(SIDE * SIDE, 'H');
    case 'values':
      return graph(CONFIG.channels * SIDE * SIDE, 'C');
    case 'pixelpairs':
      return graph((SIDE * SIDE) ** 2);
    case 'p':
      return input(p, 'p');
    case 'rows':
      return graph(g.rows, 'N');
    case 'N':
      return graph(g.count, 'N');
    case 'T':
      return graph(T, 'T');
    case 'P':
      return graph(CONFIG.channels * p * p, 'P');
    case 'D':
      return graph(CONFIG.dim, 'D');
    case 'lastD':
      return graph(CONFIG.dim - 1, 'D');
    case 'heads':
      return graph(CONFIG.heads, 'h');
    case 'depth':
      return graph(CONFIG.depth);
    case 'used':
      return graph(g.used, 'H');
    case 'remainder':
      return graph(g.remainder, 'H');
    case 'lost':
      return graph(`${formatFixed(100 * (1 - (g.used * g.used) / (SIDE * SIDE)), 1)} %`);
    case 'pairs':
      return graph(T * T, 'T');
    case 'attention':
      return graph(CONFIG.heads * T * T);
    case 'weights':
      return graph(CONFIG.dim * CONFIG.channels * p * p, 'D');
    case 'gmacs':
      return graph(formatFixed(shapesOf(CONFIG, p).description.macs / 1e9, 2));
    // Chinese counts in 10⁸.
    case 'yimacs':
      return graph(formatFixed(shapesOf(CONFIG, p).description.macs / 1e8, 1));
    case 'classes':
      return { value: CONFIG.classes, dim: 'K', from: 'config' };
    case 'trained':
      return { value: TRAINED.join(', '), from: 'config' };
    case 'n':
      return input(room.chosen.index, 'N');
    case 'row':
      return input(room.chosen.row, 'N');
    case 'col':
      return input(room.chosen.col, 'N');
    case 'k':
      return input(room.state.k, 'D');
    default:
      return undefined;
  }
}
