import { formatFixed, formatShort } from '#lib/base/format.ts';
import type { ProseNumber } from '#lib/notebook/numbers.ts';
import { CONFIG, shapesOf, SIZES } from './model.ts';
import { PUBLISHED } from './published.ts';
import type { UVitViewModel } from './view-model.svelte.ts';

/** The numbers the prose may name: shapes and counts of the graph, and the reader's choices. */
export function numberOf(vm: UVitViewModel, name: string): ProseNumber | undefined {
  const graph = (value: number | string, dim?: string): ProseNumber => ({
    value,
    from: 'graph',
    ...(dim && { dim }),
  });
  const { grid, patches, tokens, extras, half, blocks } = SIZES;
  const { dim, heads, patch, image, classes, depth } = CONFIG;
  switch (name) {
    case 'T':
      return graph(tokens, 'T');
    case 'N':
      return graph(patches, 'N');
    case 'extras':
      return graph(extras, 'T');
    case 'grid':
      return graph(grid, 'N');
    case 'D':
      return graph(dim, 'D');
    case 'halfD':
      return graph(dim / 2, 'D');
    case '2D':
      return graph(2 * dim, 'D');
    case 'p':
      return graph(patch, 'p');
    case 'image':
      return graph(image, 'p');
    case 'P':
      return graph(SIZES.patchValues, 'P');
    case 'heads':
      return graph(heads, 'h');
    case 'half':
      return graph(half);
    case 'depth':
      return graph(depth);
    case 'blocks':
      return graph(blocks);
    case 'maps':
      return graph(blocks * heads, 'h');
    case 'K':
      return { value: classes, dim: 'K', from: 'config' };
    case 'cat':
      return graph(`${tokens}×${2 * dim}`, 'T');
    case 'joined':
      return graph(`${tokens}×${dim}`, 'T');
    case 'table':
      return graph(`${heads}×${tokens}×${tokens}`, 'T');
    case 'even':
      return graph(`${formatFixed(100 / tokens, 1)} %`);
    case 'params':
      return graph(`${formatShort(vm.shapes.description.parameters)}`);
    case 'conv':
      return graph(9 * CONFIG.channels ** 2 + CONFIG.channels);
    case 'S':
      return graph(formatShort(shapesOf(PUBLISHED[0]!.config).description.parameters));
    case 'steps':
      return { value: vm.state.n, dim: 't', from: 'input' };
    case 'step':
      return { value: vm.k + 1, dim: 't', from: 'input' };
    case 't':
      return vm.frame && { value: formatFixed(vm.frame.t, 3), dim: 't', from: 'input' };
    case 'tau':
      return vm.tau === undefined ? undefined : { value: formatFixed(vm.tau, 1), dim: 't', from: 'input' };
    default:
      return undefined;
  }
}
