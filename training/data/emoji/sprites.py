"""Signs with their transparency, as objects that are put into a scene: 20 concepts in all four styles.

The pack's own arrays lie on white, where a white area of a sign cannot be told from the paper. So these few are drawn
once more from the same SVG files, with alpha, and kept beside the pack.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.data.emoji.atlas import shrink_alpha
from training.data.emoji.pack import EmojiSet, drawings, pack_folder, read_style, recipe, write
from training.data.emoji.packages import STYLES
from training.data.emoji.render import Array, render
from training.data.emoji.split import Split
from training.data.pictures import Label

SIDE = 96

OBJECTS = (
    "1F98A", "1F981", "1F43C", "1F438", "1F422", "1F433", "1F41D", "1F418", "1F335", "1F344",
    "1F34A", "1F353", "1F34C", "1F349", "1F355", "1F697", "1F680", "2708", "26BD", "1F451",
)  # fmt: skip
"""Fox, lion, panda, frog, turtle, whale, honeybee, elephant, cactus, mushroom, tangerine, strawberry, banana,
watermelon, pizza, automobile, rocket, airplane, soccer ball, crown."""


@dataclass(frozen=True)
class Sprites:
    """Pictures uint8 [n, S, S, 4] (RGBA, not premultiplied), classes int64 [n], and sides of the split."""

    images: Array
    classes: Array
    splits: list[Split]
    labels: list[Label]

    def rows(self, *splits: Split) -> Array:
        """Indices, int64, of the pictures on these sides of the split."""
        return np.array([i for i, split in enumerate(self.splits) if split in splits], np.int64)


def object_labels(emoji: EmojiSet) -> list[Label]:
    """The classes in their order; an id is a concept's code points."""
    found = [emoji.concepts[hexcode] for hexcode in OBJECTS]
    return [Label(one.hexcode, one.name_en, one.name_zh, one.group) for one in found]


def draw_sprites(wanted: Sequence[tuple[str, str]], emoji: EmojiSet) -> Array:
    """Each (hexcode, style) drawn with alpha, uint8 [n, 96, 96, 4]."""
    packages = pack_folder() / "packages"
    sets = {id: read_style(id, package, packages)[1:] for id, package in STYLES.items()}
    every = drawings([emoji.concepts[hexcode] for hexcode in OBJECTS], sets)
    svgs = {(one.concept, one.style): one.svg for one in every}
    drawn = render([(f"{style} {hexcode}", svgs[hexcode, style]) for hexcode, style in wanted], pack_folder(), 4)
    return np.stack([shrink_alpha(picture, SIDE) for picture in drawn])


def load_sprites(emoji: EmojiSet) -> Sprites:
    """The objects of scenes; drawn at the first call, then read. TrainingError where they cannot be drawn."""
    place = {hexcode: i for i, hexcode in enumerate(OBJECTS)}
    pictures = [picture for picture in emoji.pictures if picture.concept in place]
    stamp = json.dumps([recipe(), [(picture.concept, picture.style) for picture in pictures]])
    path = pack_folder() / f"sprites-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}.npy"
    if not path.is_file():
        images = draw_sprites([(picture.concept, picture.style) for picture in pictures], emoji)
        write(path, lambda partial: np.save(partial, images))
    classes = np.array([place[picture.concept] for picture in pictures], np.int64)
    return Sprites(np.load(path), classes, [picture.split for picture in pictures], object_labels(emoji))
