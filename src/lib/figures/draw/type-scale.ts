/**
 * How many times as large type is here as on a page that is read close by: read from afar, in a slide show, drawings
 * grow with the type around them.
 */
export const typeScale = (element: Element): number =>
  Number(getComputedStyle(element).getPropertyValue('--type')) || 1;
