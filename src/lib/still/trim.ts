/**
 * Takes away the empty height that left-out controls leave at the lower end. Returns the still's size, CSS pixels.
 * @param still stands in the document
 */
export function trim(still: HTMLElement): { readonly width: number; readonly height: number } {
  const { top, width } = still.getBoundingClientRect();
  const lowest = lowestInk(still, Infinity);
  const padding = parseFloat(getComputedStyle(still).paddingBottom) || 0;
  if (lowest > top) still.style.height = `${lowest - top + padding}px`;
  return { width, height: still.getBoundingClientRect().height };
}

/** Where the lowest picture or word in an element ends; what is cut off does not count. */
function lowestInk(element: Element, cut: number): number {
  const inked =
    /^(img|canvas|svg)$/.test(element.localName) ||
    [...element.childNodes].some((n) => n instanceof Text && n.data.trim() !== '');
  const { bottom } = element.getBoundingClientRect();
  if (element.localName === 'svg') return Math.min(bottom, cut);
  const inside = getComputedStyle(element).overflowY === 'hidden' ? Math.min(bottom, cut) : cut;
  const lowest = [...element.children].map((child) => lowestInk(child, inside));
  return Math.max(inked ? Math.min(bottom, cut) : -Infinity, ...lowest);
}
