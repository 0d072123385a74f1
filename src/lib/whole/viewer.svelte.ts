import { prefersReducedMotion } from 'svelte/motion';
import { glide } from '#lib/figures/draw/glide.ts';
import { flight, held, panned, showing, toWorld, zoomed, type Camera, type Room } from './camera.ts';
import { middle, type Point, type Rect } from './rect.ts';
import { plateOf, type Layout } from './layout.ts';
import type { View } from './state.ts';

/** Milliseconds of a flight from one part to another. */
const FLIGHT = 750;
/** A short move: a step of the zoom buttons. */
const STEP = 240;
/** Milliseconds without a move after which a reader has come to rest. */
const REST = 300;

/** Where the reader looks: the camera, and the ways it is moved. */
export class Viewer {
  readonly #layout: () => Layout;
  /** The window; undefined until it is measured. */
  room = $state.raw<Room>();
  #wish = $state.raw<Camera>();
  /** The camera a moment after the last move: what is fetched follows it. */
  rested = $state.raw<Camera>();
  #stop = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(layout: () => Layout) {
    this.#layout = layout;
  }

  get whole(): Rect {
    const { width, height } = this.#layout();
    return { x: 0, y: 0, width, height };
  }
  /** Reactive. */
  readonly camera: Camera = $derived.by(() => {
    const room = this.room ?? { width: 1, height: 1 };
    return this.#wish ? held(this.#wish, this.whole, room) : showing(this.whole, room);
  });
  /** Reactive. All of the drawing is shown, and stays so in a window of another size. */
  get fits(): boolean {
    return this.#wish === undefined;
  }

  #put(camera: Camera | undefined): void {
    this.#wish = camera;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.rested = this.camera), REST);
  }
  /** Ends a flight where it is: the reader has taken hold. */
  halt(): void {
    this.#stop();
    this.#stop = () => {};
  }
  /** Flies there; at once with reduced motion, or where it is asked for. */
  go(to: Camera | undefined, ms = FLIGHT): void {
    this.halt();
    const { room } = this;
    if (!room || prefersReducedMotion.current || ms === 0) return this.#put(to);
    const way = flight(this.camera, to ?? showing(this.whole, room), room);
    this.#stop = glide(ms, (part) => this.#put(part >= 1 ? to : way(part)));
  }
  fit(ms?: number): void {
    this.go(undefined, ms);
  }
  /** Brings a part into the window, as large as it goes. */
  show(rect: Rect, ms?: number): void {
    const margin = Math.max(rect.width, rect.height) * 0.06;
    const { x, y, width, height } = rect;
    const around = { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin };
    if (this.room) this.go(showing(around, this.room, 24), ms);
  }
  zoom(factor: number, at?: Point, slowly = false): void {
    const { room, camera } = this;
    if (!room) return;
    const to = zoomed(camera, factor, at ?? [room.width / 2, room.height / 2], this.whole, room);
    if (slowly) this.go(to, STEP);
    else {
      this.halt();
      this.#put(to);
    }
  }
  pan(dx: number, dy: number): void {
    this.halt();
    if (this.room) this.#put(panned(this.camera, dx, dy, this.whole, this.room));
  }
  centre([x, y]: Point): void {
    this.halt();
    this.#put({ ...this.camera, x, y });
  }
  worldAt(at: Point): Point {
    return toWorld(this.camera, this.room ?? { width: 1, height: 1 }, at);
  }

  /** The drawing has changed under the reader: what was in the middle stays there, if it is still in the drawing. */
  follow(before: Layout): void {
    const camera = this.#wish;
    if (!camera) return;
    const far = (r: Rect) => Math.hypot(middle(r)[0] - camera.x, middle(r)[1] - camera.y);
    const [near] = [...before.plates].sort((a, b) => far(a) - far(b));
    const now = near && plateOf(this.#layout(), near.name);
    if (!near || !now) return this.fit(0);
    this.halt();
    const x = now.x + ((camera.x - near.x) / near.width) * now.width;
    const y = now.y + ((camera.y - near.y) / near.height) * now.height;
    this.#put({ ...camera, x, y });
  }

  /** The view as a link keeps it: told from the nearest tensor. */
  get view(): View | undefined {
    const { room } = this;
    if (this.fits || !room) return undefined;
    const { x, y, k } = this.camera;
    const far = (r: Rect) => Math.hypot(middle(r)[0] - x, middle(r)[1] - y);
    const [near] = [...this.#layout().plates].sort((a, b) => far(a) - far(b));
    return near && { near: near.name, dx: x - near.x, dy: y - near.y, wide: room.width / k };
  }
  /** Takes over a view from a link; nothing where the tensor is not in the drawing. */
  take({ near, dx, dy, wide }: View): void {
    const plate = plateOf(this.#layout(), near);
    if (!plate || !this.room) return;
    this.#put({ x: plate.x + dx, y: plate.y + dy, k: this.room.width / wide });
  }
}
