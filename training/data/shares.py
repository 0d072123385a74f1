"""A part of a picture set in which every class keeps its share."""

from __future__ import annotations

import numpy as np

from training.data.pictures import PictureSet
from training.errors import TrainingError


def share_rows(labels: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Sorted rows of a random part of labels [n]: of each class `share` of its pictures, rounded, and one at least.

    Parts of one seed lie within one another: a larger share has every row of a smaller one. Raises TrainingError for a
    share that is not above 0 and at most 1.
    """
    if not 0 < share <= 1:
        raise TrainingError(f"A share of {share} is not possible; use one above 0, up to 1.")
    order = np.random.default_rng([seed, 17]).permutation(len(labels))
    kept = []
    for label in np.unique(labels):
        rows = order[labels[order] == label]
        kept.append(rows[: max(1, round(share * len(rows)))])
    return np.sort(np.concatenate(kept))


def share_of(pictures: PictureSet, share: float, seed: int) -> PictureSet:
    """That part of a picture set, in memory; the whole set as it is for a share of 1."""
    if share == 1:
        return pictures
    rows = share_rows(pictures.labels, share, seed)
    names = [pictures.names[row] for row in rows]
    return PictureSet(pictures.images[rows], pictures.labels[rows], pictures.sizes[rows], names)
