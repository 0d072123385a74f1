import { formatFixed, formatShort, formatValue } from '#lib/base/format.ts';
import type { ProseNumber } from '#lib/notebook/numbers.ts';
import type { DenoiseViewModel } from './view-model.svelte.ts';
import { SEEN } from './stored.ts';

/** Pictures a published U-ViT of CIFAR-10 saw: 500,000 steps of 128 (Bao et al. 2022, table of settings). */
const PUBLISHED = 500_000 * 128;

/** The numbers the prose may name. */
export function numberOf(vm: DenoiseViewModel, name: string): ProseNumber | undefined {
  const { state, config, play } = vm;
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
  switch (name) {
    case 'side':
      return graph(config.image, 'H');
    case 'values':
      return graph(vm.each, 'C');
    case 'patch':
      return { value: config.patch, from: 'config', dim: 'p' };
    case 'N':
      return graph((config.image / config.patch) ** 2, 'N');
    case 'T':
      return graph(vm.graph.value('tokens').shape[1] ?? 0, 'T');
    case 'blocks':
      return graph(config.depth + 1);
    case 'D':
      return graph(config.dim, 'D');
    case 'params':
      return graph(formatShort(vm.description.parameters));
    case 'classes':
      return { value: config.classes, from: 'config', dim: 'K' };
    case 'seen':
      return SEEN === undefined ? undefined : { value: SEEN, from: 'config' };
    case 'times':
      return SEEN === undefined ? undefined : { value: Math.round(PUBLISHED / SEEN), from: 'config' };
    case 'published':
      return { value: formatShort(PUBLISHED), from: 'cite:bao2023' };
    case 'n':
      return input(state.n, 't');
    case 'passes':
      return input(state.m === 'heun' ? 2 * state.n - 1 : state.n);
    case 'w':
      return input(formatValue(state.w, 2));
    case 's':
      return input(formatFixed(state.w - 1, 1));
    case 't':
      return input(formatFixed(state.t, 2), 't');
    case 'at':
      return input(formatFixed(play.frame?.t ?? 1, 3), 't');
    case 'step':
      return input(play.frame?.step ?? 0, 't');
    case 'seed':
      return input(state.seed);
    case 'seed2':
      return input(state.seed2);
    case 'holes':
      return input(vm.holes.size);
    case 'ms':
      return play.msPerStep === undefined ? undefined : { value: Math.round(play.msPerStep), from: 'clock' };
    default:
      return undefined;
  }
}
