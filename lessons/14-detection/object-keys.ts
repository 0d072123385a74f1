import { CONFIG } from './model.ts';
import type { SceneObject } from './scene.ts';

/** Degrees that a key turns an object by. */
const TURN = 3;

/** What a key does to an object: pixels of the scene further, with Shift four; larger, smaller, turned. Undefined: nothing. */
export function keyChange(
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  { x, y, size, angle }: SceneObject,
): Partial<SceneObject> | undefined {
  const pixel = 1 / CONFIG.image;
  const by = (shiftKey ? 4 : 1) * pixel;
  switch (key) {
    case 'ArrowLeft':
      return { x: x - by };
    case 'ArrowRight':
      return { x: x + by };
    case 'ArrowUp':
      return { y: y - by };
    case 'ArrowDown':
      return { y: y + by };
    case '+':
    case '=':
      return { size: size + 2 * pixel };
    case '-':
    case '_':
      return { size: size - 2 * pixel };
    case '[':
      return { angle: angle - TURN };
    case ']':
      return { angle: angle + TURN };
    default:
      return undefined;
  }
}
