"""Measuring a detector on scenes that never change, asked in one way or in several: each on the same scenes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.data.emoji.split import Split
from training.data.emoji.sprites import Sprites
from training.data.scenes import MOST, SceneMaker, Scenes
from training.models.detr import DETR, Detections
from training.tasks.average_precision import Found, average_precision, duplicates
from training.tasks.boxes import corners

SEED = 20263
BATCH = 32  # scenes at a time; a batch's seed is that of its first scene
# Scenes x [B, 3, S, S] in, what the queries say out, by the name of the way they were asked.
Ask = Callable[[Tensor], Mapping[str, Detections]]


def answers(found: Detections) -> list[Found]:
    """Of each scene what every query says: its likeliest class, how sure it is, its box as corners."""
    scores, classes = found.logits.float().softmax(-1)[..., :-1].max(-1)
    boxes = corners(found.boxes.float())
    return [Found(*(t.cpu().numpy() for t in row)) for row in zip(boxes, classes, scores, strict=True)]


def objects_of(scenes: Scenes) -> list[Found]:
    """What there is to find in each scene."""
    found = []
    for classes, boxes in zip(scenes.classes, scenes.boxes, strict=True):
        own = classes >= 0
        found.append(Found(corners(torch.from_numpy(boxes[own])).numpy(), classes[own], np.ones(int(own.sum()))))
    return found


def maker_for(model: DETR, sprites: Sprites, photos: np.ndarray, styles: Split = "pair") -> SceneMaker:
    """Scenes of the classes that a model knows, on photos uint8 [n, P, P, 3]; styles "pair" were kept from training."""
    rows = sprites.rows(styles)
    return SceneMaker(sprites, rows[sprites.classes[rows] < model.cfg.classes], photos, model.cfg.image)


def ask_scenes(maker: SceneMaker, count: int, ask: Ask) -> tuple[dict[str, list[Found]], list[Found]]:
    """What is said of each of `count` scenes, by the name of the way it was asked, and what there is to find there."""
    said: dict[str, list[Found]] = {}
    objects: list[Found] = []
    for at in range(0, count, BATCH):
        rng = np.random.default_rng([SEED, at])
        scenes = maker.make(rng.integers(1, MOST + 1, min(BATCH, count - at)), rng, jitter=False)
        objects += objects_of(scenes)
        with torch.inference_mode():
            for name, found in ask(scenes.x).items():
                said.setdefault(name, []).extend(answers(found))
    return said, objects


def figures(rows: list[Found], objects: list[Found]) -> dict[str, Any]:
    """{ap50, ap, duplicates}: average precision at 0.5 and over 0.5 ... 0.95; duplicates count from score 0.5 on."""
    table = average_precision(rows, objects)
    ap50, ap = float(np.nanmean(table[:, 0])), float(np.nanmean(table))
    return {"ap50": round(ap50, 4), "ap": round(ap, 4), "duplicates": duplicates(rows, objects)}


def measure_detector(
    model: DETR, sprites: Sprites, photos: np.ndarray, count: int, bf16: bool = True
) -> dict[str, Any]:
    """Figures of `count` scenes on held-out photos, with the decoder's self-attention and without it:
    {scenes, objects, ap50, ap, duplicates, withoutSelfAttention: {ap50, ap, duplicates}} of objects in styles they were
    not seen in; and, `seenStyles`, of as many scenes of objects in the others.
    """
    device = next(model.parameters()).device

    def ask(x: Tensor) -> dict[str, Detections]:
        with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
            return {name: model(x.to(device), self_attention=name == "together") for name in ("together", "alone")}

    def of(styles: Split) -> dict[str, Any]:
        said, objects = ask_scenes(maker_for(model, sprites, photos, styles), count, ask)
        total = sum(len(scene.classes) for scene in objects)
        found = {name: figures(rows, objects) for name, rows in said.items()}
        return {"scenes": count, "objects": total, **found["together"], "withoutSelfAttention": found["alone"]}

    return {**of("pair"), "seenStyles": of("train")}
