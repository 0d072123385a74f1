/** What `python -m training seeds` found, as far as the page reads it. */
export interface FoundSeeds {
  /** Short name of the weights it was measured with: the beginning of their SHA-256. */
  readonly weights: string;
  readonly sampler: string;
  readonly steps: number;
  readonly guidance: number;
  /** Seeds 0 … tried − 1 were tried. */
  readonly tried: number;
  readonly classes: Readonly<
    Record<
      string,
      {
        /** Of how many the evaluator gives the class more than half of its probability. */
        readonly seen: number;
        /** Best first. */
        readonly best: readonly { readonly seed: number; readonly p: number }[];
      }
    >
  >;
}

const found = import.meta.glob<FoundSeeds>('/models/uvit-cifar10/seeds.json', {
  eager: true,
  import: 'default',
});

/** The seeds that the evaluator names best, class by class. */
export const GOOD_SEEDS: FoundSeeds = Object.values(found)[0]!;
