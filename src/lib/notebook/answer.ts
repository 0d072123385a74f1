import type { Text } from '#lib/base/lang.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import type { ModelLabel } from '#lib/models/model-config.ts';

export interface Guess {
  readonly id: string;
  readonly label: Text;
  readonly value: number;
}

/** The `count` most probable classes of `probs` `[K]`, best first. */
export function best(probs: Tensor, labels: readonly ModelLabel[], count: number): Guess[] {
  return [...probs.data]
    .map((value, i) => {
      const label = labels[i];
      const name = `#${i}`;
      return { id: label?.id ?? name, label: { en: label?.en ?? name, zh: label?.zh ?? name }, value };
    })
    .sort((a, b) => b.value - a.value)
    .slice(0, count);
}
