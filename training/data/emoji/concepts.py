"""Concepts: what a sign means, whatever the style; and which of them are nearly the same picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from training.data.emoji.text import chinese, chinese_phrases, english_phrases
from training.errors import TrainingError

# Groups of the Unicode list that are drawings of things; symbols, flags and components are left out.
GROUPS = (
    "smileys-emotion", "people-body", "animals-nature", "food-drink", "travel-places", "activities", "objects",
)  # fmt: skip

VARIATION, JOINER = "FE0F", "200D"
# Man and woman to person, boy and girl to child, old man and old woman to older person.
AGES = {"1F468": "1F9D1", "1F469": "1F9D1", "1F466": "1F9D2", "1F467": "1F9D2", "1F474": "1F9D3", "1F475": "1F9D3"}
# Signs for female and male, and the arrow of "facing right".
VARIANTS = {"2640", "2642", "27A1"}
PAIR = "1F9D1-200D-1F91D-200D-1F9D1"
# One code point for what is a sequence elsewhere; and the two cats that Fluent Emoji draws alike.
SAME = {
    "1F46A": "1F9D1-200D-1F9D1-200D-1F9D2",
    "1F48F": "1F9D1-200D-2764-200D-1F48B-200D-1F9D1",
    "1F491": "1F9D1-200D-2764-200D-1F9D1",
    "1F46B": PAIR,
    "1F46C": PAIR,
    "1F46D": PAIR,
    "1F63A": "1F431",
}


@dataclass(frozen=True)
class Concept:
    """A sign: its code points, group and words.

    `en` and `zh` are phrases for a text model, the name first, then keywords; `name_en` and `name_zh` are for people.
    """

    hexcode: str
    group: str
    subgroup: str
    name_en: str
    name_zh: str
    en: tuple[str, ...]
    zh: tuple[str, ...]

    @property
    def kin(self) -> str:
        """What is nearly the same picture: see `kin`."""
        return kin(self.hexcode)


def bare(hexcode: str) -> str:
    """Code points without variation selectors: `2764-FE0F` to `2764`."""
    return "-".join(point for point in hexcode.upper().split("-") if point != VARIATION)


def kin(hexcode: str) -> str:
    """One name for a sign and its variants by sex and direction, which some styles draw alike to the pixel.

    `1F469-200D-1F33E` (woman farmer) and `1F468-200D-1F33E` (man farmer) to `1F9D1-200D-1F33E` (farmer).
    """
    points = [AGES.get(point, point) for point in bare(hexcode).split("-") if point not in (JOINER, *VARIANTS)]
    joined = f"-{JOINER}-".join(points)
    return SAME.get(joined, joined)


def read_concepts(en: list[dict[str, Any]], zh: list[dict[str, Any]], groups: dict[str, Any]) -> list[Concept]:
    """The concepts of emojibase's lists in two languages, in the Unicode order; skin tones are no concepts there.

    Raises TrainingError for a sign without a Chinese name.
    """
    chinese_of = {row["hexcode"]: row for row in zh}
    found = []
    for row in sorted(en, key=lambda row: row.get("order", 0)):
        group = groups["groups"].get(str(row.get("group")))
        if group not in GROUPS:
            continue
        other = chinese_of.get(row["hexcode"])
        if not other or not other.get("label"):
            raise TrainingError(f"emojibase-data has no Chinese name of {row['hexcode']} ({row['label']}).")
        found.append(
            Concept(
                bare(row["hexcode"]),
                group,
                groups["subgroups"][str(row["subgroup"])],
                row["label"],
                chinese(other["label"]),
                english_phrases(row["label"], row.get("tags", [])),
                chinese_phrases(other["label"], other.get("tags", [])),
            )
        )
    return found
