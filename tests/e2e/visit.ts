import type { Page } from 'playwright-core';
import type { TestContext } from './harness.ts';
import type { LessonToTest } from './pages.ts';

/** One page on which the tests of a lesson are held, one after another. */
export interface Visit {
  readonly page: Page;
  /** Loads the lesson's first view in English while the server has no weights of models, and holds a check on it. */
  without(check: () => Promise<void>): Promise<void>;
  /** Holds a check that loads the lesson itself, by its bare address in Chinese and with nothing in the HTTP cache. */
  fresh(check: (url: string) => Promise<void>): Promise<void>;
  /** Holds a check on the lesson in Chinese: on the page as `fresh` left it, or on one loaded anew. */
  chinese(check: () => Promise<void>): Promise<void>;
  /** Holds a check on the lesson in English: on the page as the check before left it, or on one loaded anew. */
  english(check: () => Promise<void>): Promise<void>;
}

const WEIGHTS = /\/models\/.*\.safetensors/;

/** What a check has left on the page, where it passed; after one that failed nothing is relied on. */
type Standing = 'nothing' | 'english' | 'chinese';

/** Opens the page, in a test with `faults`. */
export async function openVisit(ctx: TestContext, { slug, lesson, queries }: LessonToTest): Promise<Visit> {
  let gone = false;
  ctx.fault(WEIGHTS, (_request, response) => (gone ? void response.writeHead(404).end() : false));
  const page = await ctx.page();
  const pathOf = (lang: 'en' | 'zh') => `/${lang}/${slug}/`;
  let standing: Standing = 'nothing';

  async function load(query: string): Promise<void> {
    await page.goto(ctx.url(`${pathOf('en')}${query}`), { timeout: 60_000 });
    await page.locator('main[data-listens]').waitFor({ timeout: 40_000 });
  }

  async function inEnglish(before: Standing): Promise<void> {
    if (before === 'nothing') return load('');
    if (before === 'chinese') {
      await page.locator('header [data-language="en"]').click();
      await page.waitForURL(`**${pathOf('en')}**`);
    }
    // From the inspector, as a reader goes back.
    if (!page.url().includes(pathOf('en'))) await page.goBack();
    await page.locator('html[lang="en"] main[data-listens]').waitFor({ timeout: 40_000 });
  }

  return {
    page,
    async without(check) {
      ctx.allow(/404.*\.safetensors|\.safetensors.*404/);
      gone = true;
      try {
        const asked = lesson.models.length > 0;
        await Promise.all([
          asked &&
            page.waitForResponse((r) => r.status() === 404 && WEIGHTS.test(r.url()), { timeout: 60_000 }),
          load(`?v=1&${queries[0]!}`),
        ]);
        await check();
      } finally {
        gone = false;
      }
    },
    async fresh(check) {
      const session = await page.context().newCDPSession(page);
      await session.send('Network.clearBrowserCache');
      await session.detach();
      await check(ctx.url(pathOf('zh')));
      standing = 'chinese';
    },
    async chinese(check) {
      if (standing !== 'chinese') await page.goto(ctx.url(pathOf('zh')), { timeout: 60_000 });
      await page.locator('html[lang^="zh"] main[data-listens]').waitFor({ timeout: 40_000 });
      await check();
      standing = 'chinese';
    },
    async english(check) {
      const before = standing;
      standing = 'nothing';
      await inEnglish(before);
      await check();
      standing = 'english';
    },
  };
}

/**
 * Stands where a query of the open lesson says, as Back and Forward do: nothing is loaded anew, and of what was set
 * before nothing stays.
 */
export async function standAt(page: Page, query: string): Promise<void> {
  await page.keyboard.press('Escape');
  await page.evaluate(
    (search) => {
      scrollTo({ top: 0, behavior: 'instant' });
      history.replaceState(history.state, '', search);
      dispatchEvent(new PopStateEvent('popstate', { state: {} }));
      // What the state says stands on the page by the second frame.
      return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    },
    `?v=1${query && `&${query}`}`,
  );
}
