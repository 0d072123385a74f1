import { afterEach, describe, expect, it, vi } from 'vitest';
import { glide } from './glide.ts';

let frames: ((now: number) => void)[] = [];
const run = (now: number) => frames.splice(0).forEach((frame) => frame(now));

describe('glide', () => {
  vi.stubGlobal('requestAnimationFrame', (frame: (now: number) => void) => frames.push(frame));
  vi.stubGlobal('cancelAnimationFrame', () => (frames = []));
  afterEach(() => (frames = []));

  it('begins with the first frame, slows down and ends at 1', () => {
    const parts: number[] = [];
    glide(100, (part) => parts.push(part));
    for (const now of [5000, 5050, 5100, 5200]) run(now);
    expect(parts).toEqual([0, 0.875, 1]);
  });

  it('can be ended early', () => {
    const parts: number[] = [];
    const stop = glide(100, (part) => parts.push(part));
    run(0);
    stop();
    run(50);
    expect(parts).toEqual([0]);
  });
});
