/** An object of a scene. Lengths are shares of the scene's side. */
export interface SceneObject {
  /** Index of its class, as the networks count them. */
  readonly concept: number;
  /** Index of its drawing style. */
  readonly style: number;
  /** Its middle. */
  readonly x: number;
  readonly y: number;
  /** Side of the square it is drawn in. */
  readonly size: number;
  /** Degrees, clockwise. */
  readonly angle: number;
  readonly mirrored: boolean;
}

/** Concepts and styles that there are. */
export const CONCEPTS = 20;
export const STYLES = 4;
/** Most objects of a scene. */
export const MOST_OBJECTS = 30;
/** Sizes and angles that an object can have, and those that training drew (training/data/scenes.py). */
export const SIZE = { min: 5 / 64, max: 56 / 64 } as const;
export const ANGLE = { min: -45, max: 45 } as const;
export const TRAINED_SIZE = { min: 0.16, max: 0.45 } as const;
export const TRAINED_ANGLE = 12;

/** Steps that places and sizes are kept in: a scene of the link is the scene that was shown. */
const STEPS = 256;
const within = (v: number, { min, max }: { readonly min: number; readonly max: number }) =>
  Math.min(max, Math.max(min, v));
const stepped = (v: number) => Math.round(v * STEPS) / STEPS;

/** The nearest object that a scene can have: its middle inside, sizes and angles in their range and their steps. */
export function tidied(object: SceneObject): SceneObject {
  return {
    ...object,
    x: stepped(within(object.x, { min: 0, max: 1 })),
    y: stepped(within(object.y, { min: 0, max: 1 })),
    size: stepped(within(object.size, SIZE)),
    angle: 0 + Math.round(within(object.angle, ANGLE)),
  };
}

// In a link an object is ten signs: class, style with 4 more where it is mirrored, x, y, size and angle in two signs each.
const SIGNS = '0123456789abcdefghijklmnopqrstuvwxyz';
const EACH = 10;
const written = (n: number, width: number) => n.toString(36).padStart(width, '0');

/** The objects in the form of a link; `none` for a scene without any. */
export function writeObjects(objects: readonly SceneObject[]): string {
  if (objects.length === 0) return 'none';
  return objects
    .map(tidied)
    .map(
      ({ concept, style, x, y, size, angle, mirrored }) =>
        written(concept, 1) +
        written(style + (mirrored ? STYLES : 0), 1) +
        [x, y, size].map((v) => written(v * STEPS, 2)).join('') +
        written(angle - ANGLE.min, 2),
    )
    .join('');
}

/** Objects out of a link; undefined where it does not say such. */
export function readObjects(raw: string): readonly SceneObject[] | undefined {
  if (raw === 'none') return [];
  if (raw.length === 0 || raw.length % EACH !== 0 || raw.length > EACH * MOST_OBJECTS) return undefined;
  if ([...raw].some((sign) => !SIGNS.includes(sign))) return undefined;
  const objects = Array.from({ length: raw.length / EACH }, (_, i) => {
    const at = (from: number, width: number) =>
      parseInt(raw.slice(i * EACH + from, i * EACH + from + width), 36);
    const drawn = at(1, 1);
    return {
      concept: at(0, 1),
      style: drawn % STYLES,
      x: at(2, 2) / STEPS,
      y: at(4, 2) / STEPS,
      size: at(6, 2) / STEPS,
      angle: at(8, 2) + ANGLE.min,
      mirrored: drawn >= STYLES,
    };
  });
  const sound = objects.every(
    (object, i) =>
      object.concept < CONCEPTS &&
      parseInt(raw.charAt(i * EACH + 1), 36) < 2 * STYLES &&
      JSON.stringify(tidied(object)) === JSON.stringify(object),
  );
  return sound ? objects : undefined;
}
