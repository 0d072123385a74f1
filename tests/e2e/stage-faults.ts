/** Something that a reader can't read or reach. */
export interface LayoutFault {
  readonly kind:
    'cut' | 'overlap' | 'tall' | 'unreachable' | 'covered' | 'sideways' | 'small' | 'moved' | 'missing';
  readonly what: string;
}

/** What `installStageFaults` leaves in the page. */
export interface MeasuresStage {
  /** Measures the stage as it stands: every fault once. */
  stageFaults(): LayoutFault[];
}

/**
 * Puts the measuring of the stage into the page, as `globalThis.stageFaults`; runs there. Sent anew for each of a thousand
 * measurements it would be compiled each time and never be fast.
 */
export function installStageFaults(): void {
  const stageFaults = (): LayoutFault[] => {
    // Tests that need no picture draw none (`drawNothing`); what is measured is what a reader would see.
    document.body.style.opacity = '1';
    const faults = new Map<string, LayoutFault>();
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
    /**
     * The part of a box that the element `from` and its ancestors let be seen; with `cut` it says which clip cuts it for
     * good.
     */
    function seenOf(from: Element | null, box: Box): { box: Box; cut?: string } {
      let { left, right, top, bottom } = box;
      let cut: string | undefined;
      for (let a = from; a && a !== page; a = a.parentElement) {
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
    const words: { e: Element; box: Box }[] = [];
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
        // What the words stand in may cut them too: with an end in dots, or after so many lines.
        const { box: seen, cut } = seenOf(e, box);
        if (cut) add('cut', `${nameOf(e)}, ${cut}`);
        if (area(seen) > 0) words.push({ e, box: seen });
        const scrolls = area(seen) === 0 || seen.right < box.right - 1 || seen.left > box.left + 1;
        if (!scrolls && (box.right > page.clientWidth + 1 || box.left < -1))
          add('sideways', `${nameOf(e)} leaves the window`);
      }
    }
    const scrollers: HTMLElement[] = [];
    for (const e of stage.querySelectorAll<HTMLElement>('*')) {
      const { overflow, textOverflow } = getComputedStyle(e);
      if (/auto|scroll/.test(overflow)) scrollers.push(e);
      if (textOverflow !== 'ellipsis' || !visible(e) || unseen(e)) continue;
      if (e.scrollWidth > e.clientWidth + 1) add('cut', `${nameOf(e)} ends in dots`);
    }
    for (const table of stage.querySelectorAll<HTMLElement>('.katex-html')) {
      if (!visible(table) || unseen(table)) continue;
      const r = table.getBoundingClientRect();
      const { cut } = seenOf(table.parentElement, {
        left: r.left,
        right: r.right,
        top: r.top + 3,
        bottom: r.bottom - 3,
      });
      if (cut) add('cut', `formula “${table.textContent.slice(0, 40)}”, ${cut}`);
    }
    // From the top down: below the end of a word none overlaps it.
    words.sort((a, b) => a.box.top - b.box.top);
    for (const [i, a] of words.entries())
      for (let j = i + 1; j < words.length && words[j]!.box.top < a.box.bottom - 3; j++) {
        const b = words[j]!;
        if (a.e === b.e) continue;
        const w = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const h = Math.min(a.box.bottom, b.box.bottom) - b.box.top;
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
    const controls = [
      ...stage.querySelectorAll<HTMLElement>('button, input, select, a, [role="application"]'),
    ].filter((e) => {
      if (!visible(e) && e.tagName !== 'INPUT') return false;
      if (e.tagName === 'INPUT' && !e.checkVisibility({ visibilityProperty: true })) return false;
      if (e.closest('[inert]') || (e as HTMLButtonElement).disabled || e.closest('.visually-hidden'))
        return false;
      const r = e.getBoundingClientRect();
      const small = r.width < 2 || r.height < 2;
      if (small && e.tagName !== 'INPUT')
        add('unreachable', `${nameOf(e)} is ${px(r.width)} by ${px(r.height)}`);
      return !small;
    });
    /** What lies over the middle of an element, if something does. */
    const over = (e: Element, x: number, y: number): Element | undefined => {
      const top = document.elementFromPoint(x, y);
      const own =
        !top || top === e || e.contains(top) || top.contains(e) || top.closest('label')?.contains(e);
      return own ? undefined : top;
    };
    /** Whether a control is in sight as a whole and answers where it stands. */
    const inSight = (e: Element): boolean => {
      const r = e.getBoundingClientRect();
      if (r.left < -1 || r.top < -1 || r.right > innerWidth + 1 || r.bottom > innerHeight + 1) return false;
      for (let a = e.parentElement; a && a !== page; a = a.parentElement) {
        const inner = clipOf(a);
        if (!inner) continue;
        const c = a.getBoundingClientRect();
        const [left, top] = [c.left + a.clientLeft, c.top + a.clientTop];
        if (inner.x !== 'visible' && (r.left < left - 1 || r.right > left + a.clientWidth + 1)) return false;
        if (inner.y !== 'visible' && (r.top < top - 1 || r.bottom > top + a.clientHeight + 1)) return false;
      }
      return over(e, (r.left + r.right) / 2, (r.top + r.bottom) / 2) === undefined;
    };
    // Every scrolling costs a layout: it is done for a control that is out of sight, and what came into sight with it is looked
    // at there.
    let left = controls.filter((e) => !inSight(e));
    while (left.length > 0) {
      const e = left[0]!;
      if (sticks) {
        e.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
        scrollTo({ left: at[0], top: at[1], behavior: 'instant' });
      } else e.scrollIntoView({ block: 'center', behavior: 'instant' });
      const r = e.getBoundingClientRect();
      const large = r.height > innerHeight || r.width > innerWidth;
      const [x, y] = [(r.left + r.right) / 2, (r.top + r.bottom) / 2];
      const top = over(e, x, y);
      if (!large && (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight))
        add('unreachable', `${nameOf(e)} at ${px(x)}, ${px(y)}`);
      else if (top) add('covered', `${nameOf(e)} by ${nameOf(top)}`);
      left = left.slice(1).filter((other) => !inSight(other));
    }
    scrollers.forEach((e, i) => e.scrollTo({ left: stood[i]![0], top: stood[i]![1], behavior: 'instant' }));
    scrollTo({ left: at[0], top: at[1], behavior: 'instant' });

    // Figures: what is drawn is seen at a size that can be read.
    for (const e of stage.querySelectorAll<HTMLElement>('figure, [role="application"] canvas')) {
      if (!visible(e)) continue;
      const r = e.getBoundingClientRect();
      if (r.height < 120 || r.width < 120) continue;
      const { box } = seenOf(e.parentElement, r);
      const scroller = scrollers.find((s) => s.contains(e) && s.clientHeight < s.scrollHeight - 1);
      const height = scroller ? Math.min(r.height, scroller.clientHeight) : box.bottom - box.top;
      if (height < 120) add('small', `${nameOf(e)}: ${px(height)} of ${px(r.height)} are seen`);
    }
    document.body.style.opacity = '';
    return [...faults.values()];
  };
  Object.assign(globalThis, { stageFaults } satisfies MeasuresStage);
}
