export interface ClassProbability {
  /** The class's id, or its index where the model has no names. */
  readonly class: string;
  readonly p: number;
}

/** The most probable classes, at most five, best first; none for a model without a head. Equal ones keep their order. */
export function topClasses(probs: Float32Array | undefined, labels: readonly string[]): ClassProbability[] {
  return [...(probs ?? [])]
    .map((p, i) => ({ class: labels[i] ?? String(i), p }))
    .sort((a, b) => b.p - a.p)
    .slice(0, 5);
}
