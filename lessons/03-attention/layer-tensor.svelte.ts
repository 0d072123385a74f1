import { useTensor, type UsedTensor } from '#lib/live/use-tensor.svelte.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import type { AttentionViewModel } from './view-model.svelte.ts';

/** A tensor of the chosen layer's attention, `[h, T, ·]`, when it belongs to the maps on screen. */
export function usePart(vm: AttentionViewModel, part: 'q' | 'k' | 'v' | 'scores' | 'out'): UsedTensor {
  const tensor = useTensor(() =>
    vm.silence === undefined ? vm.named(`blocks.${vm.state.l}.attn.${part}`) : undefined,
  );
  return {
    get current() {
      return tensor.current?.shape[1] === vm.tokens ? tensor.current : undefined;
    },
    get from() {
      return tensor.from;
    },
  };
}

/** Row `token` of head `head`, `[·]`; no copy. */
export function vectorOf(tensor: Tensor | undefined, head: number, token: number): Float32Array | undefined {
  const [, tokens = 0, width = 0] = tensor?.shape ?? [];
  const at = (head * tokens + token) * width;
  return tensor && token < tokens ? tensor.data.subarray(at, at + width) : undefined;
}
