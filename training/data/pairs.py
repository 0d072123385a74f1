"""What may be said of which picture: phrases of the emoji pack's concepts and of the photo pack's classes.

A thing is a concept or a class; a medium is a drawing style's place in the pack, or the one after the last, a photo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.config_tasks import ContrastConfig
from training.data.emoji.pack import EmojiSet
from training.data.emoji.text import english
from training.data.pictures import Label
from training.data.text.templates import DRAWING, LANGUAGES, PHOTO, STYLED, Language
from training.errors import TrainingError

Array = np.ndarray
Said = dict[Language, tuple[int, ...]]


@dataclass(frozen=True)
class Text:
    """A text of a picture: its phrase, and the media it speaks of as a set of bits."""

    text: str
    phrase: int
    media: int


@dataclass(frozen=True)
class Words:
    """`said[t]`: numbers of the phrases of thing t, the name first; `fits` bool [things, phrases]: the same as a table.

    `kin` int64 [things]: equal for things that are nearly the same picture. `styles`: titles of the media but the last.
    """

    phrases: tuple[str, ...]
    said: tuple[Said, ...]
    fits: Array
    kin: Array
    styles: tuple[str, ...]
    concepts: int

    @property
    def photo(self) -> int:
        """The medium of photos."""
        return len(self.styles)

    def names(self, language: Language) -> list[str]:
        """Every thing's name."""
        return [self.phrases[said[language][0]] for said in self.said]

    def draw(self, thing: int, medium: int, habits: ContrastConfig, rng: np.random.Generator) -> Text:
        """A text that is true of a picture of the thing in the medium."""
        language: Language = "zh" if rng.random() < habits.chinese else "en"
        own = self.said[thing][language]
        phrase = own[0] if len(own) == 1 or rng.random() < habits.name else own[int(rng.integers(1, len(own)))]
        name, every = self.phrases[phrase], (1 << (self.photo + 1)) - 1
        if medium == self.photo:
            if rng.random() >= habits.template:
                return Text(name, phrase, every)
            return Text(one_of(PHOTO[language], rng).format(name), phrase, 1 << self.photo)
        kind = rng.random()
        if kind < habits.style:
            text = one_of(STYLED[language], rng).format(name, style=self.styles[medium])
            return Text(text, phrase, 1 << medium)
        if kind < habits.style + habits.template:
            return Text(one_of(DRAWING[language], rng).format(name), phrase, every - (1 << self.photo))
        return Text(name, phrase, every)

    def match(self, things: Array, media: Array, texts: Sequence[Text]) -> tuple[Array, Array]:
        """Which texts are true of which pictures, bool [B, B] (pictures down), and which are neither true nor false.

        True is a text whose phrase is one of the thing's and that speaks of the picture's medium. Neither: a text of
        the thing in another medium; and a text of one of its kin, for whether the two differ depends on the style.
        """
        fits = self.fits[things][:, [text.phrase for text in texts]]
        medium = (np.array([text.media for text in texts])[None, :] >> media[:, None] & 1).astype(bool)
        true = fits & medium
        return true, (fits & ~medium) | (self.kin[things][:, None] == self.kin[things][None, :]) & ~true


def one_of(templates: tuple[str, ...], rng: np.random.Generator) -> str:
    """One of the templates, all alike."""
    return templates[int(rng.integers(len(templates)))]


def make_words(emoji: EmojiSet, labels: Sequence[Label]) -> Words:
    """Concepts in the pack's order, then the classes in theirs. Raises TrainingError for a thing without a phrase."""
    own: list[dict[Language, tuple[str, ...]]] = []
    own += [{"en": concept.en, "zh": concept.zh} for concept in emoji.concepts.values()]
    own += [{"en": (english(label.en),), "zh": (label.zh,)} for label in labels]
    place: dict[str, int] = {}
    said: list[Said] = []
    for thing in own:
        for language in LANGUAGES:
            if not thing[language] or not all(thing[language]):
                raise TrainingError(f"{thing} has no name in the language {language}; add one to its list of names.")
        said.append({la: tuple(place.setdefault(phrase, len(place)) for phrase in thing[la]) for la in LANGUAGES})
    fits = np.zeros((len(said), len(place)), bool)
    for i, thing_said in enumerate(said):
        for language in LANGUAGES:
            fits[i, list(thing_said[language])] = True
    kins = [*(concept.kin for concept in emoji.concepts.values()), *(f"class {label.id}" for label in labels)]
    number = {kin: i for i, kin in enumerate(dict.fromkeys(kins))}
    styles = tuple(style.title for style in emoji.styles.values())
    kin = np.array([number[name] for name in kins], np.int64)
    return Words(tuple(place), tuple(said), fits, kin, styles, len(emoji.concepts))


def tokenizer_phrases(emoji: EmojiSet, labels: Sequence[Label]) -> list[str]:
    """What the tokenizer learns from: every phrase once for each thing, and each class's name in every sentence."""
    words = make_words(emoji, labels)
    found = [words.phrases[phrase] for said in words.said for language in LANGUAGES for phrase in said[language]]
    for number, said in enumerate(words.said[words.concepts :]):
        style = words.styles[number % len(words.styles)]
        for language in LANGUAGES:
            for template in (*DRAWING[language], *STYLED[language], *PHOTO[language]):
                found.append(template.format(words.phrases[said[language][0]], style=style))
    return found
