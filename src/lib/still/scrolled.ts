/** In a copy of an element: how far that had been scrolled, `top left` in pixels. A copy in the document begins at its top. */
const NOTE = 'data-scrolled';

/** Notes in the copies how far their originals are scrolled. Both lists are in the same order. */
export function noteScrolled(originals: ArrayLike<Element>, copies: ArrayLike<Element>): void {
  for (let i = 0; i < originals.length; i++) {
    const { scrollTop, scrollLeft } = originals[i]!;
    if (scrollTop !== 0 || scrollLeft !== 0) copies[i]?.setAttribute(NOTE, `${scrollTop} ${scrollLeft}`);
  }
}

/** How far an element is scrolled down and to the right, or was when it was copied, pixels. */
export function scrolledTo(element: Element): readonly [top: number, left: number] {
  const [top = 0, left = 0] = (element.getAttribute(NOTE) ?? '').split(' ').map(Number);
  return [top || element.scrollTop, left || element.scrollLeft];
}
