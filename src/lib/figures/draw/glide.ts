/**
 * Tells `step` on every frame how far a movement has come, from 0 to 1 and slowing down (1 − (1 − t)³), until `ms`
 * milliseconds have passed since the first frame.
 * @returns what ends it early
 */
export function glide(ms: number, step: (part: number) => void): () => void {
  let began: number | undefined;
  const next = (now: number) => {
    began ??= now;
    const time = Math.min(1, (now - began) / ms);
    if (time < 1) frame = requestAnimationFrame(next);
    step(1 - (1 - time) ** 3);
  };
  let frame = requestAnimationFrame(next);
  return () => cancelAnimationFrame(frame);
}
