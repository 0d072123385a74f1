"""A linear probe: ridge regression from features to classes, its strength chosen by leaving each picture out once."""

from __future__ import annotations

import numpy as np

STRENGTHS = tuple(10.0**power for power in range(-1, 6))


class Ridge:
    """Ridge regression from features a [n, F] to classes [n] one-hot; called with features it gives classes [m].

    Features are brought to mean 0 and deviation 1 by those of `a`. The strength is that of STRENGTHS with the smallest
    squared error where each picture is predicted from all others, which has a closed form (Allen 1974, PRESS).
    """

    def __init__(self, a: np.ndarray, labels: np.ndarray, classes: int) -> None:
        self.mean, self.deviation = a.mean(0), a.std(0) + 1e-6
        target = np.eye(classes)[labels]
        self.share = target.mean(0)
        u, values, v = np.linalg.svd(self.normal(a), full_matrices=False)
        inside = u.T @ (target - self.share)

        def left_out(strength: float) -> float:
            shrunk = values**2 / (values**2 + strength)
            error = target - self.share - u @ (shrunk[:, None] * inside)
            leverage = (u**2 @ shrunk + 1 / len(a)).clip(max=1 - 1e-9)
            return float(np.square(error / (1 - leverage)[:, None]).mean())

        self.strength = min(STRENGTHS, key=left_out)
        self.weights = v.T @ ((values / (values**2 + self.strength))[:, None] * inside)

    def normal(self, features: np.ndarray) -> np.ndarray:
        """Features at the mean and deviation of those that were learned from."""
        out: np.ndarray = (features.astype(np.float64) - self.mean) / self.deviation
        return out

    def __call__(self, features: np.ndarray) -> np.ndarray:
        """The class [m] of each row of features [m, F]."""
        found: np.ndarray = (self.normal(features) @ self.weights + self.share).argmax(1)
        return found


def ridge_top1(
    a: np.ndarray, labels: np.ndarray, b: np.ndarray, truth: np.ndarray, classes: int
) -> tuple[float, float]:
    """(top-1, strength) of a Ridge learned from features a [n, F] and labels [n], tested on b [m, F] and truth [m]."""
    probe = Ridge(a, labels, classes)
    return float((probe(b) == truth).mean()), probe.strength
