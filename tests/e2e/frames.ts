import type { Page } from 'playwright-core';

/** What stood on the stage in one frame. */
export interface StageFrame {
  /** Its words and numbers, without clocks, open dialogs and the note that something is being computed. */
  readonly text: string;
  /** Whether the stage said that something is being computed. */
  readonly computing: boolean;
}

/** Lets each message to the page's workers wait, once `globalThis.slow` says how many milliseconds: a slow device. */
export function slowWorkers(): void {
  const page = globalThis as { slow?: number };
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (this: Worker, ...message: unknown[]) {
    const send = () => Reflect.apply(postMessage, this, message);
    if (page.slow) setTimeout(send, page.slow);
    else send();
  };
}

/** Notes every frame of the stage from the reader's next press on, in `globalThis.frames`; runs in the page. */
export function noteFrames(): void {
  const page = globalThis as unknown as { frames: StageFrame[]; noting: boolean };
  // The plane of lesson 7 moves by itself; what it shows is a formula's, computed with the frame.
  const left = '[data-computing], [data-from="clock"], [data-toy], dialog, script, style, .pop';
  const read = (): StageFrame => {
    const card = document.querySelector('.stage .card')!;
    const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
    const words: string[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (!node.parentElement?.closest(left)) words.push(node.textContent!.trim());
    return {
      text: words.filter(Boolean).join(' '),
      computing: document.querySelector('.stage [data-computing]') !== null,
    };
  };
  page.frames = [read()];
  page.noting = true;
  // What an earlier request brings until then is not of this one.
  const begin = () => page.noting && (page.frames = [read()]);
  for (const press of ['input', 'click']) document.addEventListener(press, begin, { capture: true });
  // A frame before which nothing was written says what the frame before it said: it is not asked for.
  let asked = false;
  const look = () => {
    asked = false;
    if (!page.noting) return;
    const frame = read();
    const last = page.frames.at(-1)!;
    if (frame.text !== last.text || frame.computing !== last.computing) page.frames.push(frame);
  };
  const ask = () => {
    if (!page.noting) return watch.disconnect();
    if (!asked) requestAnimationFrame(look);
    asked = true;
  };
  const watch = new MutationObserver(ask);
  const attributeFilter = ['class', 'data-computing', 'data-from', 'data-toy'];
  watch.observe(document, { subtree: true, childList: true, characterData: true, attributeFilter });
  ask();
}

/** Waits until the stage has said nothing of computing for a while and stands still, or until `most` milliseconds are over. */
export async function atRest(page: Page, most: number, quiet = 250): Promise<void> {
  await page.evaluate(
    async ([most, quiet]) => {
      const card = document.querySelector('.stage .card')!;
      const began = performance.now();
      let since = began;
      let text: string | null = null;
      for (let now = began; now - since < quiet && now - began < most; now = performance.now()) {
        await new Promise((done) => setTimeout(done, 40));
        const seen = document.querySelector('.stage [data-computing]') ? null : card.textContent;
        if (seen === null || seen !== text) since = performance.now();
        text = seen;
      }
    },
    [most, quiet] as const,
  );
}

/** The frames noted since `noteFrames`; noting ends. */
export const notedFrames = (page: Page): Promise<readonly StageFrame[]> =>
  page.evaluate(() => {
    const page = globalThis as unknown as { frames: StageFrame[]; noting: boolean };
    page.noting = false;
    return page.frames;
  });

/**
 * Frames that were neither the state before nor the state after, and did not say that something is being computed: a
 * label of one request beside a number of another. Where the last frame still computes there is no state after.
 */
export function mixedFrames(frames: readonly StageFrame[]): string[] {
  const [before, after] = [frames[0]!, frames.at(-1)!];
  return frames
    .filter((f) => !f.computing && f.text !== before.text && f.text !== after.text)
    .map(
      (f) =>
        `“${difference(f.text, before.text)}” after “${difference(before.text, f.text)}”, then “${difference(after.text, f.text)}”`,
    );
}

/** The part of a text in which it differs from another one. */
function difference(text: string, other: string): string {
  const [a, b] = [text.split(' '), other.split(' ')];
  let [from, end] = [0, 0];
  while (from < a.length && a[from] === b[from]) from++;
  while (end < a.length - from && end < b.length - from && a.at(-1 - end) === b.at(-1 - end)) end++;
  return a.slice(Math.max(0, from - 3), a.length - end).join(' ');
}
