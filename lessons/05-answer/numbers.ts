import { layersToSee, receptiveField, stackOf3x3 } from '#lib/analysis/receptive.ts';
import { formatFixed, formatPercent, formatShort } from '#lib/base/format.ts';
import type { ProseNumber } from '#lib/notebook/numbers.ts';
import { winner } from '#lib/analysis/lens.ts';
import { PUBLISHED, sizeRow, type PublishedId } from './builder.ts';
import { BERT, DETR } from './relatives.ts';
import type { AnswerViewModel } from './view-model.svelte.ts';
import { SIDE } from '#lib/notebook/vit-sizes.ts';

/** The numbers the prose may name: shapes and counts of graphs, tensors of the running model, published constants. */
export function numberOf(vm: AnswerViewModel, name: string): ProseNumber | undefined {
  const [key = '', other] = name.split('@');
  const { config } = vm;
  const graph = (value: number | string, dim?: string): ProseNumber => ({
    value,
    from: 'graph',
    ...(dim && { dim }),
  });
  const T = vm.seen.geometry.count + 1;
  const size = (id: string) => sizeRow(PUBLISHED[id as PublishedId].config);
  switch (key) {
    case 'T':
      return graph(T, 'T');
    case 'unread':
      return graph(T - 1, 'N');
    case 'N':
      return graph(T - 1, 'N');
    case 'D':
      return graph(config.dim, 'D');
    case 'K':
      return { value: config.classes, dim: 'K', from: 'config' };
    case 'depth':
      return graph(config.depth);
    case 'branches':
      return graph(2 * config.depth);
    case 'lastblock':
      return graph(config.depth - 1);
    case 'p':
      return { value: vm.p, dim: 'p', from: 'input' };
    case 'd':
      return { value: vm.state.d, from: 'input' };
    case 'best':
    case 'bestzh': {
      const lang = key === 'best' ? 'en' : 'zh';
      return vm.best === undefined ? undefined : { value: vm.label(vm.best, lang), from: 'tensor:logits' };
    }
    case 'chance': {
      const probs = vm.live.tensors.get('probs');
      return probs && vm.best !== undefined
        ? { value: formatPercent(probs.data[vm.best]!), from: 'tensor:probs' }
        : undefined;
    }
    case 'decided': {
      // The first depth from which the lens on CLS names the final answer and never another.
      const { clsLens, best } = vm;
      if (!clsLens || best === undefined) return undefined;
      let d = config.depth;
      while (d > 0 && winner(clsLens.probs, (d - 1) * config.classes, config.classes) === best) d--;
      return { value: d, from: `tensor:${vm.streams[d]}` };
    }
    case 'lens':
    case 'lenszh': {
      const lens = vm.clsLens;
      const d = Math.min(config.depth, Number(other ?? 0));
      if (!lens) return undefined;
      const k = winner(lens.probs, d * config.classes, config.classes);
      return { value: vm.label(k, key === 'lens' ? 'en' : 'zh'), from: `tensor:${vm.streams[d]}` };
    }
    case 'headshare': {
      const { config: c, parameters } = size(other ?? 'b');
      return graph(`${formatFixed((100 * (c.classes * c.dim + c.classes)) / parameters, 1)} %`);
    }
    case 'parameters':
      return graph(formatShort(size(other ?? 'b').parameters));
    case 'gmacs':
      return graph(formatFixed(size(other ?? 'b').macs / 1e9, 1));
    // Chinese counts in 10⁸.
    case 'yimacs':
      return graph(formatFixed(size(other ?? 'b').macs / 1e8, 0));
    case 'yiparameters':
      return graph(formatFixed(size(other ?? 'b').parameters / 1e8, 2));
    case 'share': {
      const { config: c, tokens, macs } = size(other ?? 'b');
      return graph(`${formatFixed((100 * c.depth * 2 * tokens * tokens * c.dim) / macs, 0)} %`);
    }
    case 'field':
      return graph(receptiveField(stackOf3x3(vm.state.n, Number(vm.state.half))), 'H');
    case 'n':
      return { value: vm.state.n, from: 'input' };
    case 'layers':
      return graph(layersToSee(SIDE, Number(other ?? 0)));
    case 'side':
      return graph(SIDE, 'H');
    case 'bert': {
      const value = BERT[(other ?? 'positions') as keyof typeof BERT];
      return { value: value < 1 ? `${100 * value} %` : value, from: 'cite:arXiv 1810.04805' };
    }
    case 'detr': {
      const value = DETR[(other ?? 'tokens') as Exclude<keyof typeof DETR, 'grid'>];
      return { value, from: 'cite:arXiv 2005.12872' };
    }
    default:
      return undefined;
  }
}
