import type { Page } from 'playwright-core';

/**
 * The origins a displayed number may have. A figure writes its origin into `data-from` of the element that shows the
 * number, or of one around it:
 *
 * - `tensor:<name>`  read from a tensor of the running model
 * - `graph`          a shape, parameter count or cost of the graph description
 * - `config`         a value of the model's configuration
 * - `input`          what the reader set (a slider, a cell index) or what their picture has (pixels)
 * - `clock`          measured here: milliseconds, bytes
 * - `cite:<source>`  a constant with its source
 */
export const ORIGIN = /^(tensor:\S+|graph|config|input|clock|cite:.+)$/;

export interface Numeral {
  text: string;
  /** The value of the nearest `data-from`, or null. */
  from: string | null;
  /** A path of tag names and classes, to find the place. */
  where: string;
}

/**
 * Visible numbers on the page outside prose. Prose is text written by hand: a lesson's paragraphs, lists and headings,
 * links, the words of a choice, formulas and code, the page's frame, and whatever says `data-prose`. A live number in
 * the middle of prose has a `data-from` of its own, and counts.
 * @param within selector of the part to look at
 */
export async function visibleNumerals(page: Page, within = 'main'): Promise<Numeral[]> {
  return page.evaluate((selector) => {
    const EXEMPT = [
      '[data-prose], .katex, code, pre, header, nav, footer, script, style, title, desc, [aria-hidden="true"]',
      'h1, h2, h3, h4, a, fieldset label, .count',
      'article :is(p, li, blockquote, .question), article button.plain',
    ].join();
    const found: { text: string; from: string | null; where: string }[] = [];
    for (const root of document.querySelectorAll(selector)) {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const text = walker.currentNode.textContent?.trim() ?? '';
        const element = walker.currentNode.parentElement;
        if (!/\d/.test(text) || !element) continue;
        const marked = element.closest('[data-from]');
        const prose = element.closest(EXEMPT);
        if (prose && !(marked && prose.contains(marked))) continue;
        if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        const path: string[] = [];
        for (let e: Element | null = element; e && e !== root && path.length < 4; e = e.parentElement)
          path.unshift(
            e.tagName.toLowerCase() +
              [...e.classList]
                .slice(0, 2)
                .map((c) => `.${c}`)
                .join(''),
          );
        const from = marked?.getAttribute('data-from') ?? null;
        found.push({ text: text.slice(0, 80), from, where: path.join(' > ') });
      }
    }
    return found;
  }, within);
}

/** Numbers whose origin is not stated, or not one of the known kinds. */
export async function untracedNumerals(page: Page, within = 'main'): Promise<Numeral[]> {
  return (await visibleNumerals(page, within)).filter(({ from }) => from === null || !ORIGIN.test(from));
}
