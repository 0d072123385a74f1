"""A pack of a dozen signs in three styles, made in memory, and a tokenizer of their words: nothing is fetched."""

from __future__ import annotations

from typing import Any

import numpy as np

from training.config import Config, parse_config
from training.data.emoji.concepts import Concept
from training.data.emoji.pack import EmojiSet, Picture, Style
from training.data.emoji.split import Split
from training.data.pairs import tokenizer_phrases
from training.data.text.learn import learn
from training.data.text.tokenizer import Tokenizer
from training.tests.helpers import LABELS

SIDE = 32
COLOURS = [("red", "红"), ("green", "绿"), ("blue", "蓝"), ("black", "黑")]
SHAPES = [("bar", "条"), ("box", "块"), ("ring", "环")]
STYLES = [
    Style(id, id.title(), "A", "https://example.org", "MIT", "MIT", "", "", "") for id in ("thin", "wide", "soft")
]


def concept(hexcode: str, en: tuple[str, ...], zh: tuple[str, ...]) -> Concept:
    """A concept whose first words are its names."""
    return Concept(hexcode, "objects", "", en[0], zh[0], en, zh)


def concepts() -> list[Concept]:
    """A red bar, a red box …; farmers, women and men, of one kin, come last."""
    found = [
        concept(f"1F6{i}{j}", (f"{colour} {shape}", colour, shape), (f"{hue}{form}", hue, form))
        for i, (colour, hue) in enumerate(COLOURS)
        for j, (shape, form) in enumerate(SHAPES)
    ]
    farmers = [("1F469-200D-1F33E", "woman farmer", "女农民"), ("1F468-200D-1F33E", "man farmer", "男农民")]
    return found + [concept(code, (en, "farmer"), (zh, "农民")) for code, en, zh in farmers]


def picture(number: int, style: int) -> np.ndarray:
    """uint8 [SIDE, SIDE, 3]: the colour and shape of a number, drawn thin, wide or pale."""
    colour, shape = divmod(number, len(SHAPES))
    rgb = np.array([(220, 20, 20), (20, 180, 20), (20, 20, 220), (20, 20, 20), (200, 120, 20)])[colour]
    rgb = rgb if style != 2 else (rgb + 255) // 2
    out = np.full((SIDE, SIDE, 3), 255)
    a, b = (8, 24) if style != 1 else (5, 27)
    if shape == 0:
        out[14:18, a:b] = rgb
    elif shape == 1:
        out[a:b, a:b] = rgb
    else:
        out[a:b, a:b] = rgb
        out[a + 4 : b - 4, a + 4 : b - 4] = 255
    return out.astype(np.uint8)


def sign_pack() -> EmojiSet:
    """Every concept in every style; of each colour's box the wide drawing is held out, of the black ring all."""
    images, pictures = [], []
    every = concepts()
    for number, item in enumerate(every):
        for style in range(len(STYLES)):
            split: Split = "train"
            if item.name_en == "black ring":
                split = "concept"
            elif item.name_en.endswith("box") and STYLES[style].id == "wide":
                split = "pair"
            images.append(picture(min(number, 12), style))
            pictures.append(Picture(item.hexcode, STYLES[style].id, split))
    by_code = {item.hexcode: item for item in every}
    return EmojiSet(np.stack(images), pictures, by_code, {style.id: style for style in STYLES}, STYLES[0])


def sign_tokenizer() -> Tokenizer:
    """300 tokens or so, rows of 16."""
    return learn(tokenizer_phrases(sign_pack(), LABELS), 330, 16)


def sign_config(tokenizer: Tokenizer, sections: dict[str, Any] | None = None, **train: Any) -> Config:
    """Two towers of two blocks, 32 wide."""
    values = {
        "name": "signs",
        "architecture": "clip",
        "seed": 3,
        "model": {
            "image": SIDE, "patch": 8, "dim": 32, "depth": 2, "heads": 2, "vocabulary": len(tokenizer),
            "context": tokenizer.context, "text_dim": 32, "text_depth": 2, "text_heads": 2, "embed": 16,
        },
        "data": {"set": "emoji"},
        "augment": {"scale_min": 0.9, "aspect": 1.05, "whole": 0.5, "flip": 0.0, "colour": 0.0},
        "train": {"steps": 60, "batch": 24, "lr": 3e-3, "warmup": 5, "bf16": False, "ema": [0.9], **train},
    }  # fmt: skip
    return parse_config({**values, **(sections or {})}, "signs.toml")
