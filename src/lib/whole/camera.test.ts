import { describe, expect, it } from 'vitest';
import { flight, held, panned, seenBy, showing, toScreen, toWorld, zoomed } from './camera.ts';
import { wholeState } from './state.ts';

const room = { width: 800, height: 600 };
const whole = { x: 0, y: 0, width: 4000, height: 2000 };

describe('the camera', () => {
  it('shows a rectangle whole and in the middle', () => {
    const camera = showing(whole, room);
    const seen = seenBy(camera, room);
    expect(seen.x).toBeLessThan(0);
    expect(seen.x + seen.width).toBeGreaterThan(4000);
    expect([camera.x, camera.y]).toEqual([2000, 1000]);
  });

  it('comes closer about a point that keeps its place', () => {
    const camera = showing(whole, room);
    const at = [300, 320] as const;
    const before = toWorld(camera, room, at);
    const after = toScreen(zoomed(camera, 3, at, whole, room), room, before);
    expect(after[0]).toBeCloseTo(at[0]);
    expect(after[1]).toBeCloseTo(at[1]);
  });

  it('stays with the drawing', () => {
    const camera = showing(whole, room);
    expect(panned(camera, 1e6, -1e6, whole, room)).toMatchObject({ x: 0, y: 2000 });
    expect(held({ ...camera, k: 1e9 }, whole, room).k).toBeLessThan(100);
    expect(held({ ...camera, k: 0 }, whole, room).k).toBeGreaterThan(0);
  });

  it('flies from here to there', () => {
    const [from, to] = [showing(whole, room), { x: 500, y: 200, k: 20 }];
    const way = flight(from, to, room);
    expect(way(0).k).toBeCloseTo(from.k);
    expect(way(1)).toEqual(to);
    expect(way(0.5).k).toBeGreaterThan(from.k);
  });
});

describe('a view in a link', () => {
  const { cam } = wholeState.fields;
  it('is read as it was printed', () => {
    const view = { near: 'blocks.0.attn.probs', dx: -12.5, dy: 40, wide: 800 };
    expect(cam.print(view)).toBe('blocks.0.attn.probs~-12.5~40~800');
    expect(cam.parse(cam.print(view))).toEqual(view);
    expect(cam.print(cam.default)).toBe('');
  });
  it.each(['', 'x~1~2', 'x~1~2~0', 'x~a~2~3', '<b>~1~2~3'])('is not made of %j', (raw) => {
    expect(cam.parse(raw)).toBeUndefined();
  });
});
