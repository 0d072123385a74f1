import type { Tensor } from '#lib/base/tensor.ts';
import type { NamedTensor } from './named-tensor.svelte.ts';
import type { TensorStore } from './tensor-store.svelte.ts';

/**
 * A tensor for a component: wanted while the component lives, read reactively. Which one may change or be undefined.
 * `const attention = useTensor(live, () => `blocks.${block}.attn.probs`)`, then `attention.current`; or of any making:
 * `useTensor(() => named)`.
 */
export function useTensor(tensor: () => NamedTensor | undefined): { readonly current: Tensor | undefined };
export function useTensor(
  live: { readonly tensors: TensorStore },
  name: () => string | undefined,
): { readonly current: Tensor | undefined };
export function useTensor(
  source: (() => NamedTensor | undefined) | { readonly tensors: TensorStore },
  name: () => string | undefined = () => undefined,
): { readonly current: Tensor | undefined } {
  if (typeof source === 'function') {
    $effect(() => source()?.want());
    return {
      get current() {
        return source()?.value;
      },
    };
  }
  $effect(() => {
    const wanted = name();
    return wanted === undefined ? undefined : source.tensors.want(wanted);
  });
  return {
    get current() {
      const wanted = name();
      return wanted === undefined ? undefined : source.tensors.get(wanted);
    },
  };
}
