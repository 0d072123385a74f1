"""A linear probe: ridge regression from features to classes, its strength chosen by leaving each picture out once."""

from __future__ import annotations

import numpy as np

STRENGTHS = tuple(10.0**power for power in range(-1, 6))


def ridge_top1(
    a: np.ndarray, labels: np.ndarray, b: np.ndarray, truth: np.ndarray, classes: int
) -> tuple[float, float]:
    """(top-1, strength): learned from features a [n, F] and labels [n], tested on b [m, F] and truth [m].

    Features are brought to mean 0 and deviation 1 by those of `a`. The strength is that of STRENGTHS with the smallest
    squared error where each picture is predicted from all others, which has a closed form (Allen 1974, PRESS).
    """
    mean, deviation = a.mean(0), a.std(0) + 1e-6
    a, b = ((part - mean) / deviation for part in (a.astype(np.float64), b.astype(np.float64)))
    target = np.eye(classes)[labels]
    share = target.mean(0)
    u, values, v = np.linalg.svd(a, full_matrices=False)
    inside = u.T @ (target - share)

    def left_out(strength: float) -> float:
        shrunk = values**2 / (values**2 + strength)
        error = target - share - u @ (shrunk[:, None] * inside)
        leverage = (u**2 @ shrunk + 1 / len(a)).clip(max=1 - 1e-9)
        return float(np.square(error / (1 - leverage)[:, None]).mean())

    strength = min(STRENGTHS, key=left_out)
    weights = v.T @ ((values / (values**2 + strength))[:, None] * inside)
    return float(((b @ weights + share).argmax(1) == truth).mean()), strength
