"""The page's part of the objects of scenes: 20 concepts in four styles with their transparency, as one picture."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from training.data.emoji.atlas import credit, tile
from training.data.emoji.pack import EmojiSet, write
from training.data.emoji.packages import STYLES
from training.data.emoji.render import Array
from training.data.emoji.split import Split
from training.data.emoji.sprites import OBJECTS, SIDE, Sprites, load_sprites

COLUMNS = 10


def by_class(sprites: Sprites, pack: EmojiSet) -> dict[tuple[str, str], int]:
    """Which sprite shows a concept in a style."""
    own = [picture for picture in pack.pictures if picture.concept in OBJECTS]
    return {(picture.concept, picture.style): row for row, picture in enumerate(own)}


def lossless(sheet: Array) -> bytes:
    """As WebP, every opaque pixel as it is: networks are fed scenes that the page draws of it."""
    buffer = BytesIO()
    Image.fromarray(sheet).save(buffer, "WEBP", lossless=True, method=6)
    return buffer.getvalue()


def objects_list(pack: EmojiSet, splits: dict[tuple[str, str], Split]) -> str:
    """objects.json of the page, a class a line in the order of the networks' classes: code points, and on which side of
    the split its drawing of each style lies.
    """
    about = {
        "file": "objects.webp",
        "tile": SIDE,
        "columns": COLUMNS,
        "styles": [credit(pack.styles[style]) for style in STYLES],
    }
    rows = [{"id": one, "splits": [splits[one, style] for style in STYLES]} for one in OBJECTS]
    head = json.dumps(about, ensure_ascii=False, indent=1)[:-2]
    lines = ",\n".join("  " + json.dumps(row, separators=(",", ":")) for row in rows)
    return f'{head},\n "concepts": [\n{lines}\n ]\n}}\n'


def write_objects(pack: EmojiSet, folder: Path) -> list[Path]:
    """`objects.webp` and `objects.json` in `folder`, concept by concept and of each style by style; returns both."""
    sprites = load_sprites(pack)
    rows = by_class(sprites, pack)
    order = [(concept, style) for concept in OBJECTS for style in STYLES]
    pictures: list[Array] = [np.asarray(sprites.images[rows[pair]]) for pair in order]
    splits = {pair: sprites.splits[rows[pair]] for pair in order}
    folder.mkdir(parents=True, exist_ok=True)
    image, words = folder / "objects.webp", folder / "objects.json"
    data, text = lossless(tile(pictures, COLUMNS)), objects_list(pack, splits)
    write(image, lambda partial: partial.write_bytes(data))
    write(words, lambda partial: partial.write_text(text))
    return [image, words]
