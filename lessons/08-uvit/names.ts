/** What is followed over the sampling run, one number a head. */
export const MEASURES = ['to-time', 'to-label', 'from-time', 'from-label', 'distance'] as const;
export type Measure = (typeof MEASURES)[number];
