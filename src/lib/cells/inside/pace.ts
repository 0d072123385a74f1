/**
 * A worker beside the one in which cells run, in the same frame. Asked, it computes for a moment and says how much of the
 * processor it got: so much the other one got as well, about. Bundled into one text.
 */

/** What an answer stands for, on the clock. */
const EVERY_MS = 100;
/** How long of that it computes; it rests before, since on few cores it takes the page's. */
const SPAN_MS = 20;
/** Between two readings of the clock lies far less than that, unless others have the processor. Clocks tick by 1 ms at most. */
const GAP_MS = 2;

/** Computes for `SPAN_MS` on the clock; returns how much of `EVERY_MS` would be its own at that rate, milliseconds. */
export function paced(clock: () => number): number {
  const began = clock();
  let [last, lost] = [began, 0];
  while (last - began < SPAN_MS) {
    const now = clock();
    if (now - last > GAP_MS) lost += now - last;
    last = now;
  }
  const took = last - began;
  return ((took - lost) / took) * EVERY_MS;
}

globalThis.onmessage = ({ data }: MessageEvent<{ port: MessagePort }>) => {
  const { port } = data;
  port.onmessage = () =>
    setTimeout(() => port.postMessage(paced(() => performance.now())), EVERY_MS - SPAN_MS);
};
