import { mix, type Values } from './values.ts';

/**
 * Classifier-free guidance with weight w: uncond + w·(cond − uncond); w = 0 unconditional, 1 conditional.
 * Any prediction of x0, ε, v or u may be guided, and all give the same step.
 * Source: Ho & Salimans 2022, equation 6, in the convention of Stable Diffusion and DiT.
 * @throws RangeError if the arrays differ in length or w is not finite.
 */
export function guide<X extends Values>(cond: X, uncond: Values, w: number): X {
  if (!Number.isFinite(w)) throw new RangeError(`The guidance weight is ${w}; it must be a finite number.`);
  return mix(cond, [w, cond], [1 - w, uncond]);
}

/** The same in the paper's own scale s (also U-ViT's): (1 + s)·cond − s·uncond, so w = 1 + s. */
export function guideByScale<X extends Values>(cond: X, uncond: Values, s: number): X {
  return guide(cond, uncond, weightOfScale(s));
}

/** w = 1 + s. */
export function weightOfScale(s: number): number {
  return 1 + s;
}

/** s = w − 1. */
export function scaleOfWeight(w: number): number {
  return w - 1;
}
