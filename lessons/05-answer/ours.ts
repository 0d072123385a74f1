/** What the model of this lesson was trained on and what it reached, from the files beside its weights. */
export interface Ours {
  /** Photos it was trained on, as the card says; undefined where the card says it in another way. */
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
  readonly patch?: Readonly<Record<string, { readonly photos?: number; readonly top1?: number }>>;
}

/** The first count of photos of the card's row “data”: `| data | …: 17,110 photos of 94 classes …`. */
export function photosOf(card: string): number | undefined {
  const row = /^\|\s*data\s*\|(.*)$/m.exec(card)?.[1];
  const found = row && /(\d[\d,]*)\s+photos/.exec(row)?.[1];
  return found ? Number(found.replaceAll(',', '')) : undefined;
}

/** Pictures looked at in all rounds of training, from the card's row “images seen”: `| images seen | 185,312 in … |`. */
export function seenOf(card: string): number | undefined {
  const found = /^\|\s*images seen\s*\|\s*(\d[\d,]*)/m.exec(card)?.[1];
  return found ? Number(found.replaceAll(',', '')) : undefined;
}

/** Undefined where nothing was measured at that patch size. */
export function oursOf(
  metrics: Metrics | undefined,
  card: string | undefined,
  patch: number,
): Ours | undefined {
  const at = metrics?.patch?.[String(patch)];
  if (at?.top1 === undefined || at.photos === undefined) return undefined;
  return {
    photos: card === undefined ? undefined : photosOf(card),
    seen: card === undefined ? undefined : seenOf(card),
    held: at.photos,
    top1: at.top1,
    patch,
  };
}
