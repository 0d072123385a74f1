/** A share of 1 as a whole percentage: `75 %`. */
export const wholePercent = (share: number): string => `${Math.round(100 * share)} %`;
