import { formatFixed, formatPercent, formatShort } from '#lib/base/format.ts';
import type { ProseNumber } from '#lib/notebook/numbers.ts';
import { relatives } from './family.ts';
import {
  BLOCKS,
  DIT_CONFIG,
  DIT_SIZES,
  LABEL_TOKEN,
  PREFIX,
  SHAPES,
  TIME_TOKEN,
  UVIT_CONFIG,
  UVIT_SIZES,
} from './model.ts';
import { apart, rms, shareBelow, shareOf, SMALL } from './modulation.ts';
import type { DitViewModel } from './view-model.svelte.ts';
import { variantsOf, WAY_FID, XL, type Condition } from './variants.ts';

/** The numbers the prose may name. */
export function numberOf(vm: DitViewModel, name: string): ProseNumber | undefined {
  const [key = '', other = ''] = name.split('@');
  const graph = (value: number | string, dim?: string): ProseNumber => ({
    value,
    from: 'graph',
    ...(dim && { dim }),
  });
  const share = (part: number, whole: number) => graph(formatPercent(part / whole));
  const way = (condition: string) => variantsOf(XL).find((v) => v.condition === condition)!;
  switch (key) {
    case 'T':
      return graph(other === 'uvit' ? UVIT_SIZES.tokens : DIT_SIZES.tokens, 'T');
    case 'N':
      return graph(DIT_SIZES.patches, 'N');
    case 'D':
      return graph(DIT_CONFIG.dim, 'D');
    case 'sixD':
      return graph(6 * DIT_CONFIG.dim, 'D');
    case 'extras':
      return graph(PREFIX.uvit, 'T');
    case 'blocks':
      return graph(BLOCKS[other === 'uvit' ? 'uvit' : 'dit'].length);
    case 'skips':
      return graph(UVIT_CONFIG.depth / 2);
    case 'parameters':
      return graph(formatShort(SHAPES[other === 'uvit' ? 'uvit' : 'dit'].description.parameters));
    case 'macs':
      return graph(formatShort(SHAPES[other === 'uvit' ? 'uvit' : 'dit'].description.macs));
    case 'modshare': {
      const { description } = SHAPES.dit;
      const rows = description.weights.filter((w) => w.name.includes('adaLN_modulation'));
      return share(
        rows.reduce((n, w) => n + w.parameters, 0),
        description.parameters,
      );
    }
    case 'class':
    case 'classzh':
      return { value: vm.labelName(key === 'class' ? 'en' : 'zh'), from: 'input' };
    case 't':
      return { value: formatFixed(vm.t, 2), from: 'input', dim: 't' };
    case 'waymacs':
      return share(way(other).extraMacs, way(other).macs - way(other).extraMacs);
    case 'wayparams':
      return share(way(other).extraParameters, way(other).parameters);
    case 'wayfid':
      return { value: WAY_FID[other as Condition], from: 'cite:arXiv 2212.09748' };
    case 'fid': {
      const found = relatives().find((r) => r.id === other);
      return found && { value: found.fid, from: `cite:${found.from}` };
    }
    case 'apart': {
      const [a, b] = [vm.said('uvit'), vm.said('dit')];
      return a && b ? { value: formatFixed(apart(a, b), 3), from: 'tensor:prediction' } : undefined;
    }
    case 'timeshare':
    case 'labelshare': {
      const token = key === 'timeshare' ? TIME_TOKEN : LABEL_TOKEN;
      const shares = BLOCKS.uvit.flatMap((block) => {
        const probs = vm.live.uvit.tensors.get(`${block}.attn.probs`);
        return probs && token !== undefined ? [shareOf(probs, token, PREFIX.uvit)] : [];
      });
      if (shares.length === 0) return undefined;
      const mean = shares.reduce((a, b) => a + b, 0) / shares.length;
      return { value: formatPercent(mean), from: `tensor:${BLOCKS.uvit[0]}.attn.probs` };
    }
    case 'gate':
    case 'closed': {
      const gates = BLOCKS.dit.flatMap((block) =>
        ['gate_msa', 'gate_mlp'].flatMap((part) => [...(vm.tensor(`${block}.${part}`)?.data ?? [])]),
      );
      if (gates.length === 0) return undefined;
      const value = key === 'gate' ? formatFixed(rms(gates), 2) : formatPercent(shareBelow(gates, SMALL));
      return { value, from: `tensor:${BLOCKS.dit[0]}.gate_msa` };
    }
    default:
      return undefined;
  }
}
