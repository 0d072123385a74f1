import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { LessonToTest } from './pages.ts';
import { standAt } from './visit.ts';

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

/** What the page shows while a model, a panel or an answer is on its way. */
const BUSY =
  'div[data-computing], [data-panel-coming], [data-model-line="loading"], [data-loading-line="loading"]';

/** Milliseconds for which no number may have changed, none have come or gone, and nothing have been on its way. */
const QUIET = 250;

/** Milliseconds after which a computation that the page lets its reader stop is stopped. */
const PATIENCE = 6000;
/** How often that is waited for before the page need only be still, whatever it says is on its way. */
const ROUNDS = 5;

/**
 * Watches the numbers of the page until they have been still for a while and nothing is on its way; in the page itself,
 * since every look from outside costs processor time and comes late.
 * @param busy what must not be on the page; empty: anything may
 * @param model whether the first model that the page speaks of must be ready
 * @param quiet milliseconds for which they must be still
 * @param most milliseconds that are waited for it
 * @returns whether they came to rest within the time given
 */
const stillWithin = (
  page: Page,
  busy: string,
  model: boolean,
  quiet: number,
  most: number,
): Promise<boolean> =>
  page.evaluate(
    ([busy, model, quiet, most]) =>
      new Promise<boolean>((resolve) => {
        const began = performance.now();
        let changed = began;
        const has = (node: Node) => /\d/.test(node.textContent ?? '');
        const observer = new MutationObserver((changes) => {
          for (const { type, target, oldValue, addedNodes, removedNodes } of changes)
            if (
              type === 'attributes' ||
              (type === 'characterData' && (has(target) || /\d/.test(oldValue ?? ''))) ||
              [...addedNodes, ...removedNodes].some(has)
            ) {
              changed = performance.now();
              return;
            }
        });
        observer.observe(document.body, {
          subtree: true,
          childList: true,
          characterData: true,
          characterDataOldValue: true,
          attributeFilter: ['data-from'],
        });
        const end = (still: boolean) => {
          clearInterval(timer);
          observer.disconnect();
          resolve(still);
        };
        const timer = setInterval(() => {
          const now = performance.now();
          const line = model && document.querySelector('[data-model-line]');
          if (
            (busy && document.querySelector(busy)) ||
            (line && line.getAttribute('data-model-line') !== 'ready')
          )
            changed = now;
          if (now - changed >= quiet) end(true);
          else if (now - began >= most) end(false);
        }, 50);
      }),
    [busy, model, quiet, most] as const,
  );

/**
 * Waits until nothing is fetched, loaded or computed and no number of the page has changed for a quarter of a second. What
 * goes on for longer than a few seconds is stopped, as a reader may: its numbers stand on the page by then.
 * @param model whether the first model that the page speaks of must have come
 */
export async function cameToRest(page: Page, model: boolean): Promise<void> {
  let fetched = 0;
  let rounds = 0;
  const count = () => fetched++;
  page.on('request', count);
  page.on('requestfinished', count);
  try {
    for (let before = -1; before !== fetched;) {
      before = fetched;
      while (!(await stillWithin(page, rounds < ROUNDS ? BUSY : '', model, QUIET, PATIENCE))) {
        rounds++;
        const stop = page.locator('.stage').getByRole('button', { name: 'Stop', exact: true });
        if ((await stop.count()) > 0) await stop.last().click();
      }
    }
  } finally {
    page.off('request', count);
    page.off('requestfinished', count);
  }
}

/** No number in sight is without an origin. */
export async function holdsOrigins(page: Page, view: string): Promise<void> {
  await cameToRest(page, true);
  const guilty = await untracedNumerals(page);
  assert.deepEqual(
    guilty.map(({ text, where }) => `${text}  ←  ${where}`),
    [],
    view,
  );
}

/** No number in sight is said to come from a tensor: there is none. */
export async function holdsNoClaims(page: Page, view: string): Promise<void> {
  await cameToRest(page, false);
  const claims = (await visibleNumerals(page)).filter(({ from }) => from?.startsWith('tensor:'));
  assert.deepEqual(claims, [], view);
}

/** Looks at every view of the open lesson: by their tabs, as a reader does, and at what its tests name besides. */
export async function eachView(
  page: Page,
  { tabs, queries }: LessonToTest,
  look: (page: Page, view: string) => Promise<void>,
): Promise<void> {
  for (const [i, query] of queries.entries()) {
    await standAt(page, query);
    await look(page, query);
    for (const tab of i === 0 ? tabs.slice(1) : []) {
      await page
        .locator('.stage')
        .getByRole('radio', { name: tab, exact: true })
        .first()
        .check({ force: true });
      await look(page, tab);
    }
  }
}
