import { entropy, rowDistance } from '#lib/analysis/attention.ts';
import { CONFIG, PRESETS } from '#lib/notebook/patch-shapes.ts';
import { formatFixed, formatPercent, formatShort, formatValue } from '#lib/base/format.ts';
import type { ProseNumber } from '#lib/notebook/numbers.ts';
import { crossing, pairShare, tokensAt } from './cost.ts';
import type { AttentionViewModel } from './view-model.svelte.ts';

/**
 * The numbers the prose may name, at the present patch size or, as `T@8`, at another: shapes and counts of the graph,
 * choices of the reader, and a few of the row on screen.
 */
export function numberOf(vm: AttentionViewModel, name: string): ProseNumber | undefined {
  const [key = '', other] = name.split('@');
  const p = other === undefined ? vm.p : Number(other);
  const T = tokensAt(CONFIG, p);
  const { l, h } = vm.state;
  const graph = (value: number | string, dim?: string): ProseNumber => ({
    ...{ value, from: 'graph' },
    ...(dim && { dim }),
  });
  switch (key) {
    case 'p':
      return { value: p, dim: 'p', from: 'input' };
    case 'T':
      return graph(T, 'T');
    case 'N':
      return graph(T - 1, 'N');
    case 'pairs':
      return graph(T * T, 'T');
    case 'heads':
      return graph(CONFIG.heads, 'h');
    case 'depth':
      return graph(CONFIG.depth);
    case 'maps':
      return graph(CONFIG.depth * CONFIG.heads, 'h');
    case 'table':
      return graph(`${CONFIG.heads}×${T}×${T}`, 'T');
    case 'mixed':
      return graph(`${CONFIG.heads}×${T}×${CONFIG.dim / CONFIG.heads}`, 'T');
    case 'd':
      return graph(CONFIG.dim / CONFIG.heads, 'd');
    case 'D':
      return graph(CONFIG.dim, 'D');
    case 'root':
      return graph(formatValue(Math.sqrt(CONFIG.dim / CONFIG.heads)));
    case 'all':
      return graph(CONFIG.depth * CONFIG.heads * T * T);
    case 'bits':
      return graph(formatFixed(Math.log2(T), 2));
    case 'bytes':
      return graph(`${formatShort(4 * CONFIG.depth * CONFIG.heads * T * T)}B`);
    case 'cross':
      return graph(crossing(CONFIG), 'T');
    case 'crossb':
      return graph(crossing(PRESETS.b.preset), 'T');
    case 'share':
      return graph(formatPercent(pairShare(CONFIG, p)));
    case 'shareb':
      return graph(formatPercent(pairShare(PRESETS.b.preset, p)));
    case 'layer':
      return { value: l, from: 'input' };
    case 'head':
      return { value: h, dim: 'h', from: 'input' };
    default:
      return ofRow(vm, key);
  }
}

/** Numbers of the row that is looked at. */
function ofRow(vm: AttentionViewModel, key: string): ProseNumber | undefined {
  const { l, h } = vm.state;
  const { query, place } = vm;
  const row = vm.row(l, h);
  if (!row) return undefined;
  const from = `tensor:blocks.${l}.attn.probs`;
  switch (key) {
    case 'oncls':
      return { value: formatPercent(row[0]!), from };
    case 'onself':
      return { value: formatPercent(row[query]!), from };
    case 'entropy':
      return { value: formatFixed(entropy(row), 2), from };
    case 'reach':
      if (query < place.prefix) return undefined;
      return { value: formatFixed(rowDistance(row, query - place.prefix, place) * vm.shownPatch, 0), from };
    default:
      return undefined;
  }
}
