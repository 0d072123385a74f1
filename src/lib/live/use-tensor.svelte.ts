import type { Tensor } from '#lib/base/tensor.ts';
import type { TensorStore } from './tensor-store.svelte.ts';

/**
 * A tensor for a component: wanted while the component lives, read reactively. `name` may change or be undefined.
 * `const attention = useTensor(live, () => `blocks.${block}.attn.probs`)`, then `attention.current`.
 */
export function useTensor(
  live: { readonly tensors: TensorStore },
  name: () => string | undefined,
): { readonly current: Tensor | undefined } {
  $effect(() => {
    const wanted = name();
    return wanted === undefined ? undefined : live.tensors.want(wanted);
  });
  return {
    get current() {
      const wanted = name();
      return wanted === undefined ? undefined : live.tensors.get(wanted);
    },
  };
}
