/** What is asked of the embeddings: with negatives, positives alone, or positives with a predictor and a held target. */
export const WAYS = ['negatives', 'positives', 'predictor'] as const;
export type Way = (typeof WAYS)[number];

/**
 * Seeds 0 … SEEDS − 1 of the small training have all been tried, and end as the lesson says: effective ranks of 2.95 and
 * more with negatives, 1.08 and less with positives alone, 2.54 and more with a predictor.
 */
export const SEEDS = 40;

/** Steps of a training, after how many of them it is measured, and numbers of an embedding: a sphere in space. */
export const STEPS = 600;
export const EVERY = 5;
export const WIDTH = 3;
