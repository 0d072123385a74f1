"""Which pictures are held out: whole concepts, and pairs of a concept and a style.

Decided by a hash of names, never by order: a new version of a package leaves what it had where it was.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from training.data.emoji.concepts import kin

Split = Literal["train", "pair", "concept"]
SPLITS: tuple[Split, ...] = ("train", "pair", "concept")

CONCEPTS = 0.08  # of all kins: held out in every style
PAIRS = 0.1  # of the others' styles: held out, though the concept is seen in other styles


def unit(*names: str) -> float:
    """A number in [0, 1) that follows from the names alone."""
    digest = hashlib.sha256("\0".join(names).encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def split_pictures(pictures: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Split]:
    """The side of each picture (hexcode, style).

    A concept has at most two held-out styles and at least two that are seen, so one of two styles or fewer has none
    held out. Variants by sex or direction (`kin`) go together, for some styles draw them alike.
    """
    styles: dict[str, list[str]] = defaultdict(list)
    for hexcode, style in pictures:
        styles[hexcode].append(style)
    sides: dict[tuple[str, str], Split] = {}
    for hexcode, own in styles.items():
        family = kin(hexcode)
        whole = unit("concept", family) < CONCEPTS
        drawn = sorted((unit("pair", family, style), style) for style in own)
        held = {style for number, style in drawn[: max(0, min(2, len(own) - 2))] if number < PAIRS}
        for style in own:
            sides[hexcode, style] = "concept" if whole else "pair" if style in held else "train"
    return sides
