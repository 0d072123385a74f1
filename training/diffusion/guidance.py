"""Classifier-free guidance in both conventions (as src/lib/diffusion/math/guidance.ts)."""

from __future__ import annotations

import math

from training.diffusion.values import Values


def guide(cond: Values, uncond: Values, w: float) -> Values:
    """uncond + w (cond - uncond); w = 0 unconditional, 1 conditional.

    Any prediction of x0, eps, v or u may be guided, and all give the same step.
    Source: Ho & Salimans 2022, equation 6, in the convention of Stable Diffusion and DiT.
    Raises ValueError if w is not finite.
    """
    if not math.isfinite(w):
        raise ValueError(f"The guidance weight is {w}; it must be a finite number.")
    return w * cond + (1 - w) * uncond


def guide_by_scale(cond: Values, uncond: Values, s: float) -> Values:
    """The same in the paper's own scale s (also U-ViT's): (1 + s) cond - s uncond, so w = 1 + s."""
    return guide(cond, uncond, weight_of_scale(s))


def weight_of_scale(s: float) -> float:
    """w = 1 + s."""
    return 1 + s


def scale_of_weight(w: float) -> float:
    """s = w - 1."""
    return w - 1
