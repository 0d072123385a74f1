import type { Browser, BrowserContext, Page } from 'playwright-core';

/** What a page of the shared reader may differ in; anything else wants a context of its own. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly scheme: 'light' | 'dark';
  readonly reducedMotion: boolean;
}

/**
 * Pages after which another reader takes over, whose process compiles the runtime anew. Sixteen pages with models left theirs with
 * no more memory than four (docs/testing.md).
 */
const SERVED = 80;

/**
 * One reader for the tests of a lane, one after another: what he stored is taken away after each, his window is set for
 * each, and one page stays open behind theirs. The lane's browser has one process for all pages of a context
 * (`--renderer-process-limit=1`), and V8 keeps WebAssembly that it has compiled and optimised for as long as a page of the
 * process uses it: so that page holds the runtime for all the others (docs/testing.md, "Where the time goes").
 */
export class SharedReader {
  readonly #browser: () => Promise<Browser>;
  readonly #make: (browser: Browser) => Promise<BrowserContext>;
  readonly #address: string;
  #context: Promise<BrowserContext> | undefined;
  #behind: Page | undefined;
  #served = 0;

  /**
   * @param browser gives the lane's browser
   * @param make opens a context as a test would
   * @param address a page with a model
   */
  constructor(
    browser: () => Promise<Browser>,
    make: (browser: Browser) => Promise<BrowserContext>,
    address: string,
  ) {
    this.#browser = browser;
    this.#make = make;
    this.#address = address;
  }

  /** The reader's context, with the page behind; made on first use, and anew where a browser or that page went away. */
  async context(): Promise<BrowserContext> {
    const browser = await this.#browser();
    const standing = await this.#context?.catch(() => undefined);
    if (
      standing &&
      standing.browser() === browser &&
      browser.isConnected() &&
      this.#behind?.isClosed() === false
    )
      return standing;
    await standing?.close().catch(() => undefined);
    return (this.#context = this.#open(browser));
  }

  async #open(browser: Browser): Promise<BrowserContext> {
    const context = await this.#make(browser);
    this.#served = 0;
    const page = await context.newPage();
    page.on('crash', () => void page.close());
    await page.goto(this.#address);
    await page.locator('[data-model-line="ready"]').waitFor({ timeout: 120_000 });
    this.#behind = page;
    // The model that it has stored would be there for a test that plays its absence.
    await this.#forget(context, new URL(this.#address).origin);
    return context;
  }

  /** Takes away what pages of an origin have stored. */
  async #forget(context: BrowserContext, origin: string): Promise<void> {
    await context.clearCookies();
    const session = await context.newCDPSession(this.#behind!);
    await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
    await session.detach();
  }

  /** A page that looks so. */
  async page({ width, height, scheme, reducedMotion }: Look): Promise<Page> {
    const page = await (await this.context()).newPage();
    this.#served++;
    await page.setViewportSize({ width, height });
    await page.emulateMedia({
      colorScheme: scheme,
      reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    });
    return page;
  }

  /** Empties his HTTP cache. */
  async emptyCache(): Promise<void> {
    const context = await this.context();
    const session = await context.newCDPSession(this.#behind!);
    await session.send('Network.clearBrowserCache');
    await session.detach();
  }

  /** Closes what a test opened and takes away what it stored. The HTTP cache stays, as a reader's does. */
  async clean(origin: string): Promise<void> {
    const context = await this.#context?.catch(() => undefined);
    if (!context) return;
    if (this.#served >= SERVED) {
      this.#context = undefined;
      await context.close().catch(() => undefined);
      return;
    }
    try {
      await Promise.all(context.pages().map((page) => (page === this.#behind ? undefined : page.close())));
      await this.#forget(context, origin);
    } catch {
      this.#context = undefined;
      await context.close().catch(() => undefined);
    }
  }
}
