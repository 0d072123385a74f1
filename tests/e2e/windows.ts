import type { Page } from 'playwright-core';

/** A size of window that a lesson is looked at in, in CSS pixels; 200 % zoom is half the pixels each way. */
export interface WindowSize {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

export const WINDOWS: readonly WindowSize[] = [
  { name: '1024×768', width: 1024, height: 768 },
  { name: '1280×720', width: 1280, height: 720 },
  { name: '1366×768', width: 1366, height: 768 },
  { name: '1440×900', width: 1440, height: 900 },
  { name: '1920×1080', width: 1920, height: 1080 },
  { name: '390×844', width: 390, height: 844 },
  { name: '844×390', width: 844, height: 390 },
  { name: '200 %', width: 720, height: 450 },
];

/** Something that a reader can't read or reach. */
export interface LayoutFault {
  readonly kind:
    'cut' | 'overlap' | 'tall' | 'unreachable' | 'covered' | 'sideways' | 'small' | 'moved' | 'missing';
  readonly what: string;
}

/**
 * The watch of the steps, held: it tells of a step only when `reachStep` is called. Without it every change of the
 * window's size scrolls past steps, and each one would have the models compute again.
 */
export async function holdSteps(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const Real = IntersectionObserver;
    class Held extends Real {
      constructor(told: IntersectionObserverCallback, options?: IntersectionObserverInit) {
        const watches = /%/.test(String(options?.rootMargin ?? ''));
        super(watches ? () => undefined : told, options);
        if (!watches) return;
        Object.assign(globalThis, {
          reachStep: (target: Element) =>
            told([{ isIntersecting: true, target } as unknown as IntersectionObserverEntry], this),
        });
      }
    }
    globalThis.IntersectionObserver = Held;
  });
}

/** Arrives at a step: the stage is set, and what it asks the models for has come (or `most` ms are over). */
export async function reachStep(page: Page, id: string, most = 4_000): Promise<void> {
  await page.evaluate((step) => {
    const { reachStep: reach } = globalThis as unknown as { reachStep(target: Element): void };
    reach(document.getElementById(step)!);
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

/** Gives the window this size, with the step where a reader has it who has just come to it. */
export async function resize(page: Page, { width, height }: WindowSize, step: string): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.evaluate(async (id) => {
    document.getElementById(id)!.scrollIntoView({ block: 'start', behavior: 'instant' });
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await Promise.allSettled(
      document
        .querySelector('.stage')!
        .getAnimations({ subtree: true })
        .filter((a) => a instanceof CSSTransition)
        .map((a) => a.finished),
    );
  }, step);
}

/**
 * Words of the stage that are smaller than `least` pixels in the slide show: the page is laid out as its slide for as long
 * as it takes to measure them. What is small beside its letters is left out: an index, a power.
 */
export async function smallWords(page: Page, least: number): Promise<string[]> {
  return page.evaluate(async (limit) => {
    const main = document.getElementById('main')!;
    main.dataset['presenting'] = '';
    // A chart is drawn anew once its place has another size.
    for (let i = 0; i < 3; i++) await new Promise((done) => requestAnimationFrame(done));
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
      const view = e.closest('[data-panel], [data-view], .stage')?.className.replace(/svelte-\S+/g, '') ?? '';
      small.add(`${size.toFixed(1)} px: ${e.tagName.toLowerCase()} in ${view.trim()} “${text.slice(0, 30)}”`);
    }
    delete main.dataset['presenting'];
    return [...small];
  }, least);
}

/** The faults of the stage as it stands in the window: what is so twice, since a chart follows a new size a moment later. */
export async function layoutFaults(page: Page): Promise<LayoutFault[]> {
  const first = await measured(page);
  if (first.length === 0) return first;
  await page.waitForTimeout(300);
  const said = new Set(first.map(({ kind, what }) => `${kind}: ${what}`));
  return (await measured(page)).filter(({ kind, what }) => said.has(`${kind}: ${what}`));
}

/** Measures the stage: every fault once. */
async function measured(page: Page): Promise<LayoutFault[]> {
  return page.evaluate(() => {
    const faults = new Map<string, { kind: LayoutFault['kind']; what: string }>();
    const add = (kind: LayoutFault['kind'], what: string) => faults.set(`${kind}: ${what}`, { kind, what });
    const stage = document.querySelector<HTMLElement>('.stage')!;
    const page = document.documentElement;
    interface Box {
      readonly left: number;
      readonly right: number;
      readonly top: number;
      readonly bottom: number;
    }
    const px = (n: number) => `${Math.round(n)} px`;
    const nameOf = (e: Element): string => {
      const own = e.getAttribute('aria-label') ?? e.getAttribute('title') ?? e.textContent?.trim() ?? '';
      const of = e.closest('[data-panel], [data-view], figure, .bar, .strip, .controls, .slider');
      const place = of
        ? ` in ${
            of.className
              .toString()
              .replace(/svelte-\S+/g, '')
              .trim() || of.tagName
          }`
        : '';
      return `${e.tagName.toLowerCase()}${place} “${own.replace(/\s+/g, ' ').slice(0, 44)}”`;
    };
    /** What is asked of many elements on the way up from each word is found once for each of them. */
    const once = <T>(find: (e: Element) => T) => {
      const known = new Map<Element, T>();
      return (e: Element): T => {
        if (!known.has(e)) known.set(e, find(e));
        return known.get(e)!;
      };
    };
    const visible = once(
      (e) =>
        e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
        !e.closest('.visually-hidden, [hidden]'),
    );
    const unseen = once((e): boolean => {
      if (e === stage) return false;
      const { clipPath, opacity } = getComputedStyle(e);
      if (/inset\(50%/.test(clipPath) || opacity === '0') return true;
      return e.parentElement !== null && unseen(e.parentElement);
    });
    const clip = /hidden|clip/;
    /** Which ways an element clips or scrolls what it holds, and the box within which that is seen. */
    const clipOf = once((e) => {
      const { overflowX: x, overflowY: y } = getComputedStyle(e);
      if (x === 'visible' && y === 'visible') return undefined;
      const r = e.getBoundingClientRect();
      return {
        x,
        y,
        left: r.left + e.clientLeft,
        top: r.top + e.clientTop,
        right: r.left + e.clientLeft + e.clientWidth,
        bottom: r.top + e.clientTop + e.clientHeight,
      };
    });
    /** The part of a box that its ancestors let be seen; with `cut` it says which clip cuts it for good. */
    function seenOf(e: Element, box: Box): { box: Box; cut?: string } {
      let { left, right, top, bottom } = box;
      let cut: string | undefined;
      for (let a = e.parentElement; a && a !== page; a = a.parentElement) {
        const inner = clipOf(a);
        if (!inner) continue;
        const { x, y } = inner;
        const over = {
          x: Math.max(inner.left - left, right - inner.right),
          y: Math.max(inner.top - top, bottom - inner.bottom),
        };
        if (clip.test(x) && over.x > 2) cut ??= `${px(over.x)} sideways`;
        if (clip.test(y) && over.y > 3) cut ??= `${px(over.y)} of its height`;
        if (x !== 'visible') [left, right] = [Math.max(left, inner.left), Math.min(right, inner.right)];
        if (y !== 'visible') [top, bottom] = [Math.max(top, inner.top), Math.min(bottom, inner.bottom)];
      }
      return { box: { left, right, top, bottom }, ...(cut === undefined ? {} : { cut }) };
    }
    const area = (b: Box) => Math.max(0, b.right - b.left) * Math.max(0, b.bottom - b.top);

    // Texts: each against what clips it, and against each other.
    const words: { e: Element; box: Box; text: string }[] = [];
    const walker = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const e = node.parentElement;
      const text = node.textContent?.trim() ?? '';
      if (!e || !text || !visible(e) || e.closest('.katex, option, script, style') || unseen(e)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const r of range.getClientRects()) {
        if (r.width < 1 || r.height < 1) continue;
        // The line's box is higher than its letters.
        const slack = Math.max(0, r.height * 0.14);
        const box = { left: r.left, right: r.right, top: r.top + slack, bottom: r.bottom - slack };
        const { box: seen, cut } = seenOf(e, box);
        if (cut) add('cut', `${nameOf(e)}, ${cut}`);
        if (area(seen) > 0) words.push({ e, box: seen, text });
        const scrolls = area(seen) === 0 || seen.right < box.right - 1 || seen.left > box.left + 1;
        if (!scrolls && (box.right > page.clientWidth + 1 || box.left < -1))
          add('sideways', `${nameOf(e)} leaves the window`);
      }
    }
    for (const e of stage.querySelectorAll<HTMLElement>('*')) {
      if (getComputedStyle(e).textOverflow !== 'ellipsis' || !visible(e) || unseen(e)) continue;
      if (e.scrollWidth > e.clientWidth + 1) add('cut', `${nameOf(e)} ends in dots`);
    }
    for (const table of stage.querySelectorAll<HTMLElement>('.katex-html')) {
      if (!visible(table) || unseen(table)) continue;
      const r = table.getBoundingClientRect();
      const { cut } = seenOf(table, { left: r.left, right: r.right, top: r.top + 3, bottom: r.bottom - 3 });
      if (cut) add('cut', `formula “${table.textContent.slice(0, 40)}”, ${cut}`);
    }
    for (let i = 0; i < words.length; i++)
      for (let j = i + 1; j < words.length; j++) {
        const [a, b] = [words[i]!, words[j]!];
        if (a.e === b.e) continue;
        const w = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const h = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (w > 2 && h > 3) add('overlap', `${nameOf(a.e)} and ${nameOf(b.e)}, ${px(w)} by ${px(h)}`);
      }

    // The stage against the window.
    const frame = stage.getBoundingClientRect();
    const sticks = getComputedStyle(stage).position === 'sticky';
    if (sticks && frame.height > innerHeight + 1)
      add('tall', `the stage is ${px(frame.height)} high, the window ${px(innerHeight)}`);
    if (page.scrollWidth > page.clientWidth + 1)
      add('sideways', `the page is ${px(page.scrollWidth)} wide, the window ${px(page.clientWidth)}`);

    // Controls: reached by scrolling what scrolls inside the stage, and not under something else.
    const scrollers = [...stage.querySelectorAll<HTMLElement>('*')].filter((e) =>
      /auto|scroll/.test(getComputedStyle(e).overflow),
    );
    const stood = scrollers.map((e) => [e.scrollLeft, e.scrollTop] as const);
    // In a window of the usual sizes no control begins half under the edge of what scrolls: it is in sight, or it is not.
    if (innerWidth >= 1440 && innerHeight >= 900)
      for (const e of stage.querySelectorAll<HTMLElement>('button, select, label, input[type="range"]')) {
        const scroller = e.closest<HTMLElement>('[data-scrolls]:not([data-scrolls="x"])');
        if (!scroller || !visible(e) || unseen(e) || e.closest('table, dialog')) continue;
        const r = e.getBoundingClientRect();
        const end = scroller.getBoundingClientRect().bottom;
        if (r.top < end - 4 && r.bottom > end + 4)
          add('cut', `${nameOf(e)}, half of it under the panel’s edge`);
      }
    const at = [scrollX, scrollY] as const;
    for (const e of stage.querySelectorAll<HTMLElement>('button, input, select, a, [role="application"]')) {
      if (!visible(e) && e.tagName !== 'INPUT') continue;
      if (e.tagName === 'INPUT' && !e.checkVisibility({ visibilityProperty: true })) continue;
      if (e.closest('[inert]') || (e as HTMLButtonElement).disabled || e.closest('.visually-hidden'))
        continue;
      let r = e.getBoundingClientRect();
      if (r.width < 2 || r.height < 2) {
        if (e.tagName !== 'INPUT') add('unreachable', `${nameOf(e)} is ${px(r.width)} by ${px(r.height)}`);
        continue;
      }
      const large = r.height > innerHeight || r.width > innerWidth;
      e.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
      scrollTo({ left: at[0], top: at[1], behavior: 'instant' });
      if (!sticks) e.scrollIntoView({ block: 'center', behavior: 'instant' });
      r = e.getBoundingClientRect();
      const [x, y] = [(r.left + r.right) / 2, (r.top + r.bottom) / 2];
      if (!large && (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight)) {
        add('unreachable', `${nameOf(e)} at ${px(x)}, ${px(y)}`);
        continue;
      }
      const top = document.elementFromPoint(x, y);
      if (top && top !== e && !e.contains(top) && !top.contains(e) && !top.closest('label')?.contains(e))
        add('covered', `${nameOf(e)} by ${nameOf(top)}`);
    }
    scrollers.forEach((e, i) => e.scrollTo({ left: stood[i]![0], top: stood[i]![1], behavior: 'instant' }));
    scrollTo({ left: at[0], top: at[1], behavior: 'instant' });

    // Figures: what is drawn is seen at a size that can be read.
    for (const e of stage.querySelectorAll<HTMLElement>('figure, [role="application"] canvas')) {
      if (!visible(e)) continue;
      const r = e.getBoundingClientRect();
      if (r.height < 120 || r.width < 120) continue;
      const { box } = seenOf(e, r);
      const scroller = scrollers.find((s) => s.contains(e) && s.clientHeight < s.scrollHeight - 1);
      const height = scroller ? Math.min(r.height, scroller.clientHeight) : box.bottom - box.top;
      if (height < 120) add('small', `${nameOf(e)}: ${px(height)} of ${px(r.height)} are seen`);
    }
    return [...faults.values()];
  });
}
