import { checkWeights } from '#lib/models/check.ts';
import type { Blueprint } from '#lib/models/registry.ts';
import { isWeightsFile, type WeightSource } from '#lib/weights/source.ts';

/** A few names, and how many more there are. */
const some = (names: readonly string[]): string =>
  `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;

/** `1 of 160 values is NaN`, `2 of 160 values are infinite`. */
function counted(count: number, of: number, what: string): string[] {
  return count === 0 ? [] : [`${count} of ${of} values ${count === 1 ? 'is' : 'are'} ${what}`];
}

/**
 * What reads weights and holds them against their network, once, and says what is left out of the file and which values
 * are no numbers.
 */
export function checkedOnce(
  read: () => WeightSource,
  of: Blueprint,
  note: (line: string) => void,
): () => WeightSource {
  let weights: WeightSource | undefined;
  return () => {
    if (weights) return weights;
    const source = read();
    const checked = checkWeights(source, of);
    const file = isWeightsFile(source) ? `${source.file}: ` : '';
    for (const why of new Set(checked.leftOut.map((left) => left.why))) {
      const names = checked.leftOut.filter((left) => left.why === why).map(({ tensor }) => tensor);
      note(`${file}${some(names)} left out (${why})`);
    }
    for (const { tensor, nan, infinite, of: all } of checked.notFinite.slice(0, 3)) {
      const found = [...counted(nan, all, 'NaN, not a number'), ...counted(infinite, all, 'infinite')];
      note(`${file}in the tensor "${tensor}" ${found.join(', and ')}; what is computed with it is wrong`);
    }
    const more = checked.notFinite.length - 3;
    if (more > 0) note(`${file}${more} more tensors hold values that are not finite`);
    return (weights = checked.weights);
  };
}
