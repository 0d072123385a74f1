"""Sprites of plain shapes in four colours, and photos of noise: nothing is fetched or drawn."""

from __future__ import annotations

import numpy as np

from training.data.emoji.split import Split
from training.data.emoji.sprites import Sprites
from training.tests.helpers import LABELS

COLOURS = np.array([(230, 30, 30), (30, 200, 30), (40, 60, 240), (240, 220, 20)])


def sprite_pack() -> Sprites:
    """Of each class two squares and a bar, 60 of 96 pixels long, the bar held out."""
    images, classes, splits = [], [], []
    for index, colour in enumerate(COLOURS):
        for number in range(3):
            split: Split = "pair" if number == 2 else "train"
            picture = np.zeros((96, 96, 4), np.uint8)
            picture[18 + 20 * (number == 2) : 78 - 20 * (number == 2), 18:78] = (*colour, 255)
            images.append(picture)
            classes.append(index)
            splits.append(split)
    return Sprites(np.stack(images), np.array(classes), splits, LABELS)


def photo_noise(count: int = 6, side: int = 48) -> np.ndarray:
    """uint8 [count, side, side, 3], grey and quiet."""
    return np.random.default_rng(2).integers(90, 130, (count, side, side, 3), dtype=np.uint8)
