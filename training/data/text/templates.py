"""The sentences that a name is put into, in both languages.

Prompt templates and their average: Radford et al. 2021, arXiv 2103.00020, section 3.1.4. `{}` is the name, `{style}` a
drawing style's title.
"""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

DRAWING: dict[Language, tuple[str, ...]] = {
    "en": ("a drawing of {}", "a picture of {}", "an emoji of {}", "a small coloured drawing of {}"),
    "zh": ("{}的图画", "一幅{}的图画", "{}的表情符号", "画着{}的小图"),
}
STYLED: dict[Language, tuple[str, ...]] = {
    "en": ("{} in the style of {style}", "a drawing of {}, {style}"),
    "zh": ("{style}风格的{}", "{style}的{}"),
}
PHOTO: dict[Language, tuple[str, ...]] = {
    "en": ("a photo of {}", "a photo of a {}", "a small photo of the {}", "a picture of a {}"),
    "zh": ("一张{}的照片", "{}的照片", "照片里有{}", "拍的是{}"),
}
