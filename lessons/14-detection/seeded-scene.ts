import { Uniform } from '#lib/analysis/uniform.ts';
import { CONCEPTS, STYLES, tidied, TRAINED_ANGLE, TRAINED_SIZE, type SceneObject } from './scene.ts';

/** Objects of a seeded scene: as few and as many as there are. */
const COUNT = { min: 3, max: 6 } as const;
/** How often a place is looked for before an object is left out. */
const TRIES = 12;
/** Two objects may come as near to one another, in the mean of their sides. */
const APART = 0.72;
const STREAM = 14;

/** The objects that a seed draws: classes, styles, sizes and angles as in training, hardly overlapping. */
export function seededObjects(seed: number): readonly SceneObject[] {
  const random = new Uniform(seed, STREAM);
  const whole = (most: number) => Math.min(most - 1, Math.floor(random.next() * most));
  const count = COUNT.min + whole(COUNT.max - COUNT.min + 1);
  const objects: SceneObject[] = [];
  for (let i = 0; i < count; i++) {
    const looks = {
      concept: whole(CONCEPTS),
      style: whole(STYLES),
      size: random.within(TRAINED_SIZE.min + 0.06, TRAINED_SIZE.max - 0.04),
      angle: random.within(-TRAINED_ANGLE, TRAINED_ANGLE),
      mirrored: random.next() < 0.5,
    };
    const place = free(objects, looks.size, () => random.next());
    if (place) objects.push(tidied({ ...looks, ...place }));
  }
  return objects;
}

/** A place for one more object of that size, away from the others; undefined where none is found. */
export function free(
  objects: readonly SceneObject[],
  size: number,
  random: () => number,
): { readonly x: number; readonly y: number } | undefined {
  for (let n = 0; n < TRIES; n++) {
    const [x, y] = [random(), random()].map((u) => size / 2 + (1 - size) * u) as [number, number];
    const near = objects.some(
      (other) => Math.max(Math.abs(other.x - x), Math.abs(other.y - y)) < (APART * (other.size + size)) / 2,
    );
    if (!near) return { x, y };
  }
  return undefined;
}
