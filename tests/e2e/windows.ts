import type { CDPSession, Page } from 'playwright-core';
import { installStageFaults, type LayoutFault, type MeasuresStage } from './stage-faults.ts';

/** A size of window that a lesson is looked at in, in CSS pixels; 200 % zoom is half the pixels each way. */
export interface WindowSize {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

/** In an order that begins and ends with a usual one: there a test that goes to and fro comes to the next step. */
export const WINDOWS: readonly WindowSize[] = [
  { name: '1280×720', width: 1280, height: 720 },
  { name: '1024×768', width: 1024, height: 768 },
  { name: '390×844', width: 390, height: 844 },
  { name: '844×390', width: 844, height: 390 },
  { name: '200 %', width: 720, height: 450 },
  { name: '1920×1080', width: 1920, height: 1080 },
  { name: '1366×768', width: 1366, height: 768 },
  { name: '1440×900', width: 1440, height: 900 },
];

/** What `installWindows` leaves in the page. */
interface InPage extends MeasuresStage {
  /** Tells the watch of the steps that a step has been reached. */
  reachStep(target: Element): void;
  /**
   * Waits for `least` frames, and for others as long as one has something written on the page: figures follow a new size
   * so, a chart in the frame after the one that told it.
   */
  settled(least: number): Promise<void>;
}

/**
 * Prepares a page before it is opened. The watch of the steps is held: it tells of a step only when `reachStep` is called.
 * Without it every change of the window's size scrolls past steps, and each one would have the models compute again.
 */
export async function holdSteps(page: Page): Promise<void> {
  await page.addInitScript(installStageFaults);
  await page.addInitScript(() => {
    const Real = IntersectionObserver;
    class Held extends Real {
      constructor(told: IntersectionObserverCallback, options?: IntersectionObserverInit) {
        const watches = /%/.test(String(options?.rootMargin ?? ''));
        super(watches ? () => undefined : told, options);
        if (!watches) return;
        const reachStep = (target: Element) =>
          told([{ isIntersecting: true, target } as unknown as IntersectionObserverEntry], this);
        Object.assign(globalThis, { reachStep } satisfies Partial<InPage>);
      }
    }
    globalThis.IntersectionObserver = Held;

    /** Resolves after the next frame: what watches sizes has been told, and what it wrote is laid out. */
    const drawn = () =>
      new Promise((done) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = done;
        requestAnimationFrame(() => port2.postMessage(0));
      });
    const settled = async (least: number) => {
      let written = false;
      const watch = new MutationObserver((records) => {
        // What is drawn on a canvas of another size changes nothing around it.
        written ||= records.some(({ target }) => !(target instanceof HTMLCanvasElement));
      });
      watch.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
      for (let frames = 0; frames < least || (written && frames < least + 3); frames++) {
        written = false;
        await drawn();
      }
      watch.disconnect();
    };
    Object.assign(globalThis, { settled } satisfies Partial<InPage>);
  });
}

/** Has the page drawn or not: it is laid out and answers the same, and a frame costs less. */
export async function draw(page: Page, whether: boolean): Promise<void> {
  await page.evaluate((on) => {
    document.getElementById('not-drawn')?.remove();
    if (on) return;
    const style = document.createElement('style');
    style.id = 'not-drawn';
    style.textContent =
      'body { opacity: 0 } *, ::before, ::after { animation-iteration-count: 1 !important }';
    document.head.append(style);
  }, whether);
}

/** Arrives at a step: the stage is set, and what it asks the models for has come (or `most` ms are over). */
export async function reachStep(page: Page, id: string, most = 4_000): Promise<void> {
  await page.evaluate((step) => {
    (globalThis as unknown as InPage).reachStep(document.getElementById(step)!);
    // The prose of the other steps would be laid out anew for every window. They keep a place, so that the page scrolls.
    const style = (document.getElementById('this-step') ??
      document.createElement('style')) as HTMLStyleElement;
    style.id = 'this-step';
    style.textContent = `[data-step]:not(#${step}) > * { display: none }`;
    document.head.append(style);
  }, id);
  await page.waitForTimeout(60);
  await page
    .waitForFunction(
      () =>
        document.querySelector('.stage [aria-busy="true"], .stage .pending, [data-model-line="loading"]') ===
        null,
      undefined,
      { timeout: most },
    )
    .catch(() => undefined);
}

/** Measures a page in windows of several sizes. */
export interface Windows {
  /** The faults of the stage in a window of this size, the step where a reader has it who has just come to it. */
  faults(size: WindowSize, step: string): Promise<readonly LayoutFault[]>;
}

/**
 * For a page prepared by `holdSteps`. Sizes are set without playwright's `setViewportSize`, which also resizes the
 * browser's own window: two layouts in place of one.
 */
export async function openWindows(page: Page): Promise<Windows> {
  const session: CDPSession = await page.context().newCDPSession(page);
  /** Resizes, waits until the stage stands and measures, in one call. */
  const measure = async ({ width, height }: WindowSize, step: string) => {
    const sized = session.send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      screenWidth: width,
      screenHeight: height,
      deviceScaleFactor: 1,
      mobile: false,
    });
    const found = page.evaluate(
      async ([w, h, id]) => {
        const { settled, stageFaults } = globalThis as unknown as InPage;
        while (innerWidth !== w || innerHeight !== h)
          await new Promise((done) => addEventListener('resize', done, { once: true }));
        const begin = () =>
          document.getElementById(id)!.scrollIntoView({ block: 'start', behavior: 'instant' });
        begin();
        await settled(2);
        await Promise.allSettled(
          document
            .querySelector('.stage')!
            .getAnimations({ subtree: true })
            .filter((a) => a instanceof CSSTransition)
            .map((a) => a.finished),
        );
        begin();
        return stageFaults();
      },
      [width, height, step] as const,
    );
    // Both at once: a page that closes under them rejects both.
    const [faults] = await Promise.all([found, sized]);
    return faults;
  };
  return {
    async faults(size, step) {
      const first = await measure(size, step);
      return first.length === 0 ? first : stillThere(page, first);
    },
  };
}

/** Opens the slide show over the window and leaves it: its styles come with it, and `smallWords` lays the page out by them. */
export async function fetchSlideShow(page: Page): Promise<void> {
  await page.evaluate(() => {
    HTMLElement.prototype.requestFullscreen = () => Promise.reject(new TypeError('not allowed'));
  });
  await page.locator('.stage [data-show]').click();
  await page.locator('main[data-presenting] [data-present]').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('main:not([data-presenting])').waitFor();
}

/**
 * Words of the stage that are smaller than `least` pixels in the slide show: the page is laid out as its slide for as long
 * as it takes to measure them. What is small beside its letters is left out: an index, a power.
 */
export async function smallWords(page: Page, least: number): Promise<string[]> {
  return page.evaluate(async (limit) => {
    const main = document.getElementById('main')!;
    main.dataset['presenting'] = '';
    const measured = () => {
      document.body.style.opacity = '1';
      const small = new Set<string>();
      const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const { parentElement: e, textContent } = walker.currentNode;
        const text = textContent?.trim();
        if (!e || !text || e.closest('.katex, sub, sup, option, title, .visually-hidden')) continue;
        const drawn = e.closest('text')?.getScreenCTM();
        const size = parseFloat(getComputedStyle(e).fontSize) * (drawn ? Math.hypot(drawn.a, drawn.b) : 1);
        if (size > limit - 0.01 || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
          continue;
        const view = e.closest('[data-panel], [data-view], .stage')?.className.replace(/svelte-\S+/g, '');
        small.add(
          `${size.toFixed(1)} px: ${e.tagName.toLowerCase()} in ${view?.trim()} “${text.slice(0, 30)}”`,
        );
      }
      document.body.style.opacity = '';
      return [...small];
    };
    // What is small is looked at once more a moment later, since a chart is drawn anew once its place has another size.
    await (globalThis as unknown as InPage).settled(3);
    let small = measured();
    if (small.length > 0) {
      await new Promise((done) => setTimeout(done, 300));
      small = measured();
    }
    delete main.dataset['presenting'];
    return small;
  }, least);
}

/** Those of the faults that are there a moment later too, since a chart follows a new size then. */
async function stillThere(page: Page, first: readonly LayoutFault[]): Promise<LayoutFault[]> {
  await page.waitForTimeout(300);
  const said = new Set(first.map(({ kind, what }) => `${kind}: ${what}`));
  return (await stageFaults(page)).filter(({ kind, what }) => said.has(`${kind}: ${what}`));
}

async function stageFaults(page: Page): Promise<LayoutFault[]> {
  const installed = await page.evaluate(() => 'stageFaults' in globalThis);
  if (!installed) await page.evaluate(installStageFaults);
  return page.evaluate(() => (globalThis as unknown as InPage).stageFaults());
}

/** The faults of the stage as it stands in the window: what is so twice. */
export async function layoutFaults(page: Page): Promise<LayoutFault[]> {
  const first = await stageFaults(page);
  return first.length === 0 ? first : stillThere(page, first);
}
