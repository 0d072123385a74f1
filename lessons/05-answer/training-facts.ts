/** What the model of this lesson was trained on and what it reached, from `metrics.json` beside its weights. */
export interface TrainingFacts {
  /** Photos it was trained on; undefined where the file does not say it. */
  readonly photos: number | undefined;
  /** Photos seen in training, repeats counted. */
  readonly seen: number | undefined;
  /** Held-out photos and top-1 (0 … 1) at a patch size. */
  readonly held: number;
  readonly top1: number;
  readonly patch: number;
}

/** `metrics.json` as far as it is read here. */
export interface Metrics {
  readonly run?: { readonly photos?: number; readonly imagesSeen?: number };
  readonly patch?: Readonly<Record<string, { readonly photos?: number; readonly top1?: number }>>;
}

/** Undefined where nothing was measured at that patch size. */
export function trainingFacts(metrics: Metrics | undefined, patch: number): TrainingFacts | undefined {
  const at = metrics?.patch?.[String(patch)];
  if (at?.top1 === undefined || at.photos === undefined) return undefined;
  const { photos, imagesSeen: seen } = metrics?.run ?? {};
  return { photos, seen, held: at.photos, top1: at.top1, patch };
}
