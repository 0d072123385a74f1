"""What a painter from words is told of signs: a text and a style each, both left out now and then for guidance."""

from __future__ import annotations

import numpy as np

from training.config import Config
from training.data.emoji.pack import EmojiSet
from training.data.pairs import Words

Array = np.ndarray


def draw_words(
    config: Config, emoji: EmojiSet, words: Words, pictures: Array, chance: Array, rng: np.random.Generator
) -> tuple[list[str], Array]:
    """A text of each of the `pictures` [B], empty for none, and its style int64 [B], the number of styles for none.

    `chance` [B] in [0, 1) decides what is left out: see LatentConfig.
    """
    things, media = emoji.concept_index[pictures], emoji.style_index[pictures]
    texts = [words.draw(int(t), int(m), config.contrast, rng).text for t, m in zip(things, media, strict=True)]
    both = config.diffusion.class_drop
    no_style = chance < both + config.latent.style_drop
    no_text = (chance < both) | (chance >= 1 - config.latent.text_drop)
    said = ["" if none else text for text, none in zip(texts, no_text, strict=True)]
    return said, np.where(no_style, len(emoji.styles), media)


def spread_over(rows: Array, count: int) -> Array:
    """At most `count` of the rows, evenly over all."""
    count = min(count, len(rows))
    return rows[np.arange(count) * len(rows) // max(1, count)]
