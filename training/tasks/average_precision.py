"""Average precision as COCO has it: how well a list of detections, the surest first, covers the objects.

Source: the COCO evaluation (Lin et al. 2014) at https://cocodataset.org/#detection-eval: thresholds of IoU from 0.5 to
0.95, precision made monotone and read at 101 recalls, the mean over classes that have objects.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Array = np.ndarray
THRESHOLDS = np.linspace(0.5, 0.95, 10)
RECALLS = np.linspace(0, 1, 101)


@dataclass(frozen=True)
class Found:
    """One scene's boxes as corners [n, 4], their classes [n] and, of detections, their scores [n]."""

    boxes: Array
    classes: Array
    scores: Array


def ious(a: Array, b: Array) -> Array:
    """IoU [n, m] of corner boxes [n, 4] and [m, 4]."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    both = (high - low).clip(min=0).prod(-1)
    area_a, area_b = (a[:, 2:] - a[:, :2]).prod(-1), (b[:, 2:] - b[:, :2]).prod(-1)
    return np.asarray(both / np.maximum(area_a[:, None] + area_b[None] - both, 1e-12))


def hits(found: Found, objects: Found, label: int) -> tuple[Array, Array]:
    """Scores of one scene's detections of a class, the surest first, and which of them hit, bool [10, n].

    Each detection takes the object it overlaps most of those that no surer one has taken.
    """
    own = np.flatnonzero(found.classes == label)
    own = own[np.argsort(-found.scores[own], kind="stable")]
    wanted = np.flatnonzero(objects.classes == label)
    overlaps = ious(found.boxes[own], objects.boxes[wanted])
    hit = np.zeros((len(THRESHOLDS), len(own)), bool)
    for t, threshold in enumerate(THRESHOLDS):
        free = np.ones(len(wanted), bool)
        for i, row in enumerate(overlaps):
            left = np.where(free, row, -1)
            if len(left) and left.max() >= threshold:
                free[left.argmax()] = False
                hit[t, i] = True
    return found.scores[own], hit


def precision_at(hit: Array, objects: int) -> float:
    """Mean over the 101 recalls of the best precision at that recall or beyond; `hit` [n], the surest first."""
    right = np.cumsum(hit)
    recall, precision = right / objects, right / np.arange(1, len(hit) + 1)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(recall, RECALLS, side="left")
    return float(np.where(at < len(best), np.append(best, 0)[np.minimum(at, len(best))], 0).mean())


def average_precision(found: list[Found], objects: list[Found]) -> Array:
    """AP of every class at every threshold, [K, 10], NaN for a class without objects; K follows from the objects."""
    labels = int(max((scene.classes.max(initial=-1) for scene in objects), default=-1)) + 1
    table = np.full((labels, len(THRESHOLDS)), np.nan)
    for label in range(labels):
        count = sum(int((scene.classes == label).sum()) for scene in objects)
        if not count:
            continue
        parts = [hits(a, b, label) for a, b in zip(found, objects, strict=True)]
        order = np.argsort(-np.concatenate([scores for scores, _ in parts]), kind="stable")
        every = np.concatenate([hit for _, hit in parts], 1)[:, order]
        table[label] = [precision_at(row, count) for row in every]
    return table


def duplicates(found: list[Found], objects: list[Found], score: float = 0.5, threshold: float = 0.5) -> int:
    """How many detections of at least `score` lie on an object of their class that a surer one already has."""
    total = 0
    for scene, wanted in zip(found, objects, strict=True):
        sure = np.flatnonzero(scene.scores >= score)
        sure = sure[np.argsort(-scene.scores[sure], kind="stable")]
        same = scene.classes[sure][:, None] == wanted.classes[None]
        overlaps = np.where(same, ious(scene.boxes[sure], wanted.boxes), 0)
        taken = np.zeros(len(wanted.classes), bool)
        for row in overlaps:
            left = np.where(taken, 0, row)
            if len(row) and left.max() >= threshold:
                taken[left.argmax()] = True
            elif len(row) and row.max() >= threshold:
                total += 1
    return total
