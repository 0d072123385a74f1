/** Windows in which the stage lies above the prose; in the others they stand side by side (tokens.css has the same words). */
export const STACKED = '(max-width: 900px) and (min-height: 560.02px), (max-width: 599.98px)';

/**
 * Pixels of height that a stage's panel has before it was measured: while the page is made, where there is no window.
 * @param compact a phone's stage
 */
export const roomBefore = (compact: boolean): number => (compact ? 202 : 470);
