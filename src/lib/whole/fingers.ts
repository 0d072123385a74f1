import type { Point } from './rect.ts';

/** What fingers, or a mouse, mean. */
interface Meaning {
  readonly pan: (dx: number, dy: number) => void;
  /** Two fingers that part or close, about the point between them. */
  readonly zoom: (factor: number, at: Point) => void;
  /** Pressed and lifted in one place. */
  readonly tap: (at: Point) => void;
}

/** Pixels a finger may slip and still tap. */
const SLIP = 5;

/** Reads one pointer as a drag, two as a pinch, and one that does not move as a tap. */
export class Fingers {
  readonly #meaning: Meaning;
  readonly #down = new Map<number, Point>();
  #began: Point | undefined;

  constructor(meaning: Meaning) {
    this.#meaning = meaning;
  }

  press(id: number, at: Point): void {
    this.#down.set(id, at);
    this.#began = this.#down.size === 1 ? at : undefined;
  }

  /** @returns whether a pointer that is down has moved */
  move(id: number, at: Point): boolean {
    const before = this.#down.get(id);
    if (!before) return false;
    if (this.#began) {
      if (Math.hypot(at[0] - this.#began[0], at[1] - this.#began[1]) < SLIP) return true;
      this.#began = undefined;
    }
    const other = [...this.#down].find(([key]) => key !== id)?.[1];
    this.#down.set(id, at);
    if (!other) this.#meaning.pan(at[0] - before[0], at[1] - before[1]);
    else {
      const apart = (p: Point) => Math.max(8, Math.hypot(p[0] - other[0], p[1] - other[1]));
      const between = (p: Point): Point => [(p[0] + other[0]) / 2, (p[1] + other[1]) / 2];
      const [was, is] = [between(before), between(at)];
      this.#meaning.pan(is[0] - was[0], is[1] - was[1]);
      this.#meaning.zoom(apart(at) / apart(before), is);
    }
    return true;
  }

  /** @param meant false where the browser took the pointer away */
  lift(id: number, meant = true): void {
    const began = this.#began;
    this.#down.delete(id);
    this.#began = undefined;
    if (began && meant) this.#meaning.tap(began);
  }
}
