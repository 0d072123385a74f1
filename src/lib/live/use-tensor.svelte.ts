import type { Tensor } from '#lib/base/tensor.ts';
import { dataFrom, type NamedTensor } from './named-tensor.ts';

/** A tensor as a component reads it. */
export interface UsedTensor {
  /** The newest values; undefined until some have come. */
  readonly current: Tensor | undefined;
  /** Where they come from, as `data-from` says it; `graph` until some have come. */
  readonly from: string;
}

/**
 * A tensor for a component, whoever makes it: wanted while the component lives, read reactively. Which one may change
 * or be undefined. `const probs = useTensor(() => tensorOf(live, 'probs'))`, then `probs.current`.
 */
export function useTensor(source: () => NamedTensor | undefined): UsedTensor {
  $effect(() => source()?.want());
  return {
    get current() {
      return source()?.value;
    },
    get from() {
      const named = source();
      return named?.value ? dataFrom(named) : 'graph';
    },
  };
}
