"""Scenes, matching, the set loss, and average precision beside that of pycocotools."""

from __future__ import annotations

import contextlib
import io
import itertools
from typing import Any

import numpy as np
import pytest
import torch
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from training.config import parse_config
from training.data.scenes import VISIBLE, Canvas, SceneMaker
from training.models.detr import Detections
from training.tasks.average_precision import Found, average_precision, duplicates, precision_at
from training.tasks.boxes import corners, overlap
from training.tasks.detection import set_loss
from training.tasks.held_out_scenes import objects_of
from training.tasks.matching import assign
from training.tests.scene_pack import COLOURS, photo_noise, sprite_pack


def test_scenes_are_what_they_say() -> None:
    """A box is where its object's pixels are; enough of each shows; the same seed draws the same scene."""
    pack = sprite_pack()
    maker = SceneMaker(pack, pack.rows("train"), photo_noise(), 32)
    counts = np.array([0, 1, 8, 8, 5, 3])
    scenes = maker.make(counts, np.random.default_rng(4), jitter=False)
    again = maker.make(counts, np.random.default_rng(4), jitter=False)
    assert torch.equal(scenes.x, again.x) and scenes.x.abs().max() <= 1.0001
    assert (scenes.classes[0] == -1).all() and (scenes.owner[0] == -1).all()
    there = (scenes.classes >= 0).sum(1)
    assert (there <= counts).all() and there[1] == 1 and there[2:].min() >= 2
    for owner, boxes, classes, x in zip(scenes.owner, scenes.boxes, scenes.classes, scenes.x, strict=True):
        for slot in np.flatnonzero(classes >= 0):
            rows, cols = np.nonzero(owner == slot)
            x0, y0, x1, y1 = corners(torch.from_numpy(boxes[slot])).numpy() * 32
            assert cols.min() >= x0 - 0.01 and cols.max() + 1 <= x1 + 0.01
            assert rows.min() >= y0 - 0.01 and rows.max() + 1 <= y1 + 0.01
            # The middle of what shows has the colour of the class.
            colour = (x[:, rows, cols].mean(1).numpy() + 1) * 127.5
            assert np.abs(COLOURS - colour).sum(1).argmin() == classes[slot]
    assert len(objects_of(scenes)[4].classes) == there[4]


def test_what_would_hide_too_much_is_not_put_down() -> None:
    """The second square may cover three fifths of the first and no more; a third may not hang out too far."""
    square = np.zeros((10, 10, 4), np.float32)
    square[...] = 1
    canvas = Canvas(np.zeros((20, 20, 3), np.float32))
    assert canvas.put(square, 0, 0) and canvas.boxes[0] == (0.25, 0.25, 0.5, 0.5)
    assert not canvas.put(square, 3, 0) and canvas.put(square, 4, 0)
    assert canvas.visible == [40, 100] and canvas.visible[0] >= VISIBLE * canvas.whole[0]
    assert not canvas.put(square, 17, 10) and canvas.put(square, 15, 10)
    assert canvas.boxes[2] == (0.875, 0.75, 0.25, 0.5)


def test_assignment_is_the_cheapest() -> None:
    """Against every permutation, with ties; a row of zeros changes nothing of the others' sum."""
    costs = np.random.default_rng(0).integers(-3, 4, (40, 3, 5)).astype(float)
    costs[::4, 2] = 0
    answer = assign(costs)
    for matrix, chosen in zip(costs, answer, strict=True):
        assert len(set(chosen)) == 3
        best = min(sum(matrix[i, p[i]] for i in range(3)) for p in itertools.permutations(range(5), 3))
        assert matrix[range(3), chosen].sum() == best


def test_boxes_by_hand() -> None:
    """Squares that share a quarter, and two that are apart."""
    a, b = torch.tensor([0.0, 0, 2, 2]), torch.tensor([1.0, 1, 3, 3])
    iou, giou = overlap(a, b)
    assert iou.item() == pytest.approx(1 / 7) and giou.item() == pytest.approx(1 / 7 - 2 / 9)
    iou, giou = overlap(a, torch.tensor([3.0, 0, 4, 2]))
    assert iou.item() == 0 and giou.item() == pytest.approx(-2 / 8)
    assert corners(torch.tensor([0.5, 0.5, 0.2, 0.4])).tolist() == pytest.approx([0.4, 0.3, 0.6, 0.7])


def test_the_set_loss_by_hand() -> None:
    """One object, two queries: the nearer one is matched, the other counts a tenth as "no object"."""
    config = parse_config({"name": "n", "architecture": "detr"}, "n.toml")
    logits = torch.zeros(1, 2, 3)
    boxes = torch.tensor([[[0.5, 0.5, 0.4, 0.4], [0.2, 0.2, 0.2, 0.2]]])
    parts = set_loss(
        Detections(logits, boxes), torch.tensor([[1, -1]]), torch.tensor([[[0.5, 0.5, 0.2, 0.4]] * 2]), config
    )
    assert parts["ce"].item() == pytest.approx(np.log(3))
    assert parts["l1"].item() == pytest.approx(0.2) and parts["giou"].item() == pytest.approx(0.5)
    logits[0, 1, 2] = 50  # the other is now sure that there is nothing
    parts = set_loss(
        Detections(logits, boxes), torch.tensor([[1, -1]]), torch.tensor([[[0.5, 0.5, 0.2, 0.4]] * 2]), config
    )
    assert parts["ce"].item() == pytest.approx(np.log(3) / 1.1)
    nothing = set_loss(Detections(logits, boxes), torch.tensor([[-1, -1]]), torch.zeros(1, 2, 4), config)
    assert nothing["l1"] == 0 and torch.isfinite(nothing["ce"])


def test_average_precision_by_hand() -> None:
    """Right, wrong, right of three objects: precision 1 to a recall of 1/3, 2/3 to 2/3, then nothing."""
    assert precision_at(np.array([1, 0, 1]), 3) == pytest.approx((34 + 33 * 2 / 3) / 101)
    box = np.array([[0.0, 0, 1, 1]])
    thing = Found(box, np.array([0]), np.ones(1))
    twice = Found(np.concatenate([box, box * 0.9, box * 0.3]), np.zeros(3, int), np.array([0.9, 0.8, 0.7]))
    assert duplicates([twice], [thing]) == 1 and duplicates([thing], [thing]) == 0
    assert average_precision([twice], [thing])[0].tolist() == [1.0] * 10


def drawn(rng: np.random.Generator, scenes: int) -> tuple[list[Found], list[Found]]:
    """Objects of three classes, and detections that are near them, of a wrong class, doubled, or nowhere."""
    found, objects = [], []
    for _ in range(scenes):
        count = int(rng.integers(0, 6))
        low = rng.uniform(0, 60, (count, 2))
        boxes = np.concatenate([low, low + rng.uniform(30, 60, (count, 2))], 1)
        classes = rng.integers(0, 3, count)
        objects.append(Found(boxes, classes, np.ones(count)))
        near = np.concatenate([boxes + rng.normal(0, 2.5, boxes.shape), boxes[:2] + rng.normal(0, 5, boxes[:2].shape)])
        labels = np.concatenate([np.where(rng.random(count) < 0.8, classes, 2), classes[:2]])
        found.append(Found(near, labels, rng.random(len(near))))
    return found, objects


def by_coco(found: list[Found], objects: list[Found]) -> Any:
    """Precision [10, 101, K] of pycocotools."""

    def rows(scenes: list[Found]) -> list[dict[str, Any]]:
        every = [
            (i, box, label, score)
            for i, scene in enumerate(scenes)
            for box, label, score in zip(scene.boxes, scene.classes, scene.scores, strict=True)
        ]
        return [
            {
                "id": n + 1,
                "image_id": i,
                "category_id": int(label),
                "bbox": [*box[:2], *(box[2:] - box[:2])],
                "score": float(score),
                "area": float((box[2:] - box[:2]).prod()),
                "iscrowd": 0,
            }
            for n, (i, box, label, score) in enumerate(every)
        ]

    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "images": [{"id": i} for i in range(len(objects))],
            "categories": [{"id": k} for k in range(3)],
            "annotations": rows(objects),
            "info": {},
        }
        coco.createIndex()
        judge = COCOeval(coco, coco.loadRes(rows(found)), "bbox")
        judge.evaluate()
        judge.accumulate()
    return judge.eval["precision"][:, :, :, 0, 2]


@pytest.mark.parametrize("seed", [1, 2])
def test_average_precision_is_cocos(seed: int) -> None:
    """Every class at every threshold, on sixty scenes, against pycocotools."""
    found, objects = drawn(np.random.default_rng(seed), 60)
    theirs = by_coco(found, objects).mean(1).T
    ours = average_precision(found, objects)
    assert 0.1 < ours.mean() < 0.9
    np.testing.assert_allclose(ours, theirs, atol=1e-9)
