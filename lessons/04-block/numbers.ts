import { formatFixed, formatPercent } from '#lib/base/format.ts';
import { PRESETS, shapesOf } from '#lib/notebook/patch-shapes.ts';
import { vitSizes } from '#lib/models/vit/graph.ts';
import type { Description } from '#lib/graph/index.ts';
import type { ProseNumber } from '#lib/notebook/numbers.ts';
import type { BlockViewModel } from './view-model.svelte.ts';

/** Parameters and multiply-adds of block 0, and of the part of it whose names hold a word. */
export function blockCount({ tensors }: Description, part = ''): { parameters: number; macs: number } {
  const rows = tensors.filter((t) => /^blocks\.0(\.|$)/.test(t.name) && t.name.includes(part));
  return {
    parameters: rows.reduce((n, t) => n + t.parameters, 0),
    macs: rows.reduce((n, t) => n + t.macs, 0),
  };
}

/** The numbers the prose may name. Every one is a shape, a count of the graph's description, or the reader's choice. */
export function numberOf(vm: BlockViewModel, name: string): ProseNumber | undefined {
  const { config } = vm;
  const sizes = vitSizes({ ...config, patch: vm.p });
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
  const large = PRESETS.b.preset;
  const ofB = () => shapesOf(large, large.patch).description;
  const own = () => vm.shapes.description;
  switch (name) {
    case 'b':
      return input(vm.b);
    case 'token':
      return input(vm.token, 'T');
    case 'k':
      return input(vm.state.k, 'D');
    case 'p':
      return input(vm.p, 'p');
    case 'depth':
      return graph(config.depth);
    case 'last':
      return graph(config.depth - 1);
    case 'T':
      return graph(sizes.tokens, 'T');
    case 'N':
      return graph(sizes.patches, 'N');
    case 'D':
      return graph(config.dim, 'D');
    case '3D':
      return graph(3 * config.dim, '3D');
    case 'd':
      return graph(sizes.headDim, 'd');
    case 'h':
      return graph(config.heads, 'h');
    case 'M':
      return graph(sizes.mlp, 'M');
    case 'ratio':
      return graph(config.mlpRatio);
    case 'classes':
      return { value: config.classes, dim: 'K', from: 'config' };
    case 'eps':
      return { value: config.normEps.toExponential().replace('e-', 'e−'), from: 'config' };
    case 'params':
      return graph(blockCount(own()).parameters);
    case 'lnparams':
      return graph(2 * config.dim, 'D');
    case 'bparams':
      return graph(blockCount(ofB()).parameters);
    case 'bmlp':
      return graph(formatPercent(blockCount(ofB(), '.mlp.').parameters / blockCount(ofB()).parameters));
    case 'bquad': {
      const all = blockCount(ofB()).macs;
      const pairs = blockCount(ofB(), '.attn.scores').macs + blockCount(ofB(), '.attn.out').macs;
      return graph(`${formatFixed((100 * pairs) / all, 1)} %`);
    }
    default:
      return undefined;
  }
}
