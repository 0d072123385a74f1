"""Distances between sets of pictures in an evaluator's features: Fréchet, precision, recall, neighbours."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def frechet(a: Array, b: Array) -> float:
    """|mean difference|² + tr(A + B - 2 (A B)^½) of the Gaussians of features a [n, F] and b [m, F].

    The trace of the root is taken from the eigenvalues of A^½ B A^½, which is symmetric.
    Source: Heusel et al. 2017 (arXiv 1706.08500), equation 6.
    """
    mean = a.mean(0, dtype=np.float64) - b.mean(0, dtype=np.float64)
    first, second = (np.cov(x.astype(np.float64), rowvar=False) for x in (a, b))
    values, vectors = np.linalg.eigh(first)
    half = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    root = np.sqrt(np.linalg.eigvalsh(half @ second @ half).clip(0)).sum()
    return float(mean @ mean + np.trace(first) + np.trace(second) - 2 * root)


def squared_distances(a: Array, b: Array) -> Array:
    """[n, m] squared Euclidean distances of rows a [n, F] and b [m, F]."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    out: Array = (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T
    return out.clip(0)


def coverage(of: Array, by: Array, k: int = 3) -> float:
    """Share of the rows `of` that lie within the k-th neighbour distance of some row of `by`.

    precision = coverage(samples, real), recall = coverage(real, samples).
    Source: Kynkäänniemi et al. 2019 (arXiv 1904.06991), equations 1 and 2.
    """
    radius = np.sort(squared_distances(by, by), axis=1)[:, k]
    return float((squared_distances(of, by) <= radius[None]).any(1).mean())


def nearest(of: Array, among: Array, part: int = 512) -> tuple[Array, Array]:
    """Row number in `among` and distance of the nearest to each row: int [n], float [n]."""
    rows, distances = [], []
    for start in range(0, len(of), part):
        square = squared_distances(of[start : start + part], among)
        rows.append(square.argmin(1))
        distances.append(np.sqrt(square.min(1)))
    return np.concatenate(rows), np.concatenate(distances)
