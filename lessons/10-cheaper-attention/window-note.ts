import type { Text } from '#lib/base/lang.ts';
import { CUT_PATCHES, windowFor, windowsOf } from './kinds.ts';

/** What is said where the wished window does not fill the grid, or no window does; undefined where it does. */
export function windowNote(grid: number, wished: number): Text | undefined {
  if (windowsOf(grid).length === 0) {
    const [before, last] = [CUT_PATCHES.slice(0, -1), CUT_PATCHES.at(-1)];
    return {
      en: `${grid} × ${grid} tokens cannot be cut into equal windows, so one window is the whole grid, and nothing is shifted. Choose a patch size of ${before.join(', ')} or ${last} pixels.`,
      zh: `${grid} × ${grid} 的网格不能切成相同的窗口，整个网格就是一个窗口，也不移位。请把图像块边长设为 ${before.join('、')} 或 ${last} 像素。`,
    };
  }
  const window = windowFor(grid, wished);
  if (window === wished) return undefined;
  return {
    en: `Windows of ${wished} × ${wished} do not fill ${grid} × ${grid} tokens: ${window} × ${window} is the nearest that does.`,
    zh: `${wished} × ${wished} 的窗口不能正好铺满 ${grid} × ${grid} 的网格，改用最接近的 ${window} × ${window}。`,
  };
}
