"""The page's part of the pack: one style as an atlas with its names, and the credits of all four."""

from __future__ import annotations

import json
import math
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from training.data.emoji.pack import EmojiSet, Style, drawings, pack_folder, read_style, write
from training.data.emoji.packages import STYLES
from training.data.emoji.render import Array, render, shrink
from training.errors import TrainingError

STYLE = "noto"
TILE = 64
LIMIT = 1_600_000  # bytes of the atlas
HEADING = "## Emoji"


def shrink_alpha(picture: Array, side: int) -> Array:
    """RGBA uint8 to a smaller side: what is transparent gives its neighbours no colour."""
    alpha = picture[..., 3:].astype(np.float32) / 255
    seen = shrink((picture[..., :3] * alpha + 0.5).astype(np.uint8), side).astype(np.float32)
    covered = shrink(picture[..., 3:], side).astype(np.float32)
    colour = np.where(covered > 0, seen * 255 / np.maximum(covered, 1), 0)
    return np.concatenate([(colour + 0.5).clip(0, 255), covered], axis=-1).astype(np.uint8)


def tile(pictures: list[Array], columns: int) -> Array:
    """RGBA [n][S, S, 4] side by side, row by row, to [rows · S, columns · S, 4]."""
    side = pictures[0].shape[0]
    sheet = np.zeros((math.ceil(len(pictures) / columns) * side, columns * side, 4), np.uint8)
    for i, picture in enumerate(pictures):
        y, x = i // columns * side, i % columns * side
        sheet[y : y + side, x : x + side] = picture
    return sheet


def webp(sheet: Array, limit: int) -> bytes:
    """The best WebP of at most `limit` bytes; TrainingError where none is so small."""
    for quality in range(90, 30, -5):
        buffer = BytesIO()
        Image.fromarray(sheet).save(buffer, "WEBP", quality=quality, alpha_quality=90, method=6)
        if len(buffer.getvalue()) <= limit:
            return buffer.getvalue()
    raise TrainingError(
        f"The atlas cannot be made smaller than {limit / 1e6:.1f} MB; choose fewer signs or a smaller tile."
    )


def credit(style: Style) -> dict[str, str]:
    """What the page says of a style or of the list of names."""
    return {
        "title": style.title,
        "author": style.author,
        "licence": style.licence_title,
        "licenceUrl": style.licence_url,
        "source": style.source,
        "package": f"{style.package} {style.version}",
    }


def atlas_list(pack: EmojiSet, columns: int) -> str:
    """emoji.json of the page, a concept a line.

    [code points, English name, Chinese name, group's index, split]; its place in the list is its place in the atlas,
    row by row. The keywords stay in the pack: no page draws them, and they are two thirds of the bytes.
    """
    splits = {picture.concept: picture.split for picture in pack.pictures if picture.style == STYLE}
    groups = list(dict.fromkeys(pack.concepts[hexcode].group for hexcode in splits))
    rows: list[list[Any]] = []
    for hexcode, split in splits.items():
        concept = pack.concepts[hexcode]
        rows.append([hexcode, concept.name_en, concept.name_zh, groups.index(concept.group), split])
    about = {
        "file": f"{STYLE}.webp",
        "tile": TILE,
        "columns": columns,
        "style": credit(pack.styles[STYLE]),
        "names": credit(pack.names),
        "groups": groups,
    }
    head = json.dumps(about, ensure_ascii=False, indent=1)[:-2]
    lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return f'{head},\n "concepts": [\n{lines}\n ]\n}}\n'


def write_atlas(pack: EmojiSet, folder: Path) -> list[Path]:
    """`noto.webp` and `emoji.json` in `folder`; returns both."""
    _, icons, chars = read_style(STYLE, STYLES[STYLE], pack_folder() / "packages")
    wanted = drawings(pack.concepts.values(), {STYLE: (icons, chars)})
    drawn = render([(one.concept, one.svg) for one in wanted], pack_folder(), channels=4)
    pictures = [shrink_alpha(picture, TILE) for picture in drawn]
    columns = math.ceil(math.sqrt(len(pictures)))
    folder.mkdir(parents=True, exist_ok=True)
    image, words = folder / f"{STYLE}.webp", folder / "emoji.json"
    data, text = webp(tile(pictures, columns), LIMIT), atlas_list(pack, columns)
    write(image, lambda partial: partial.write_bytes(data))
    write(words, lambda partial: partial.write_text(text))
    return [image, words]


def credits(pack: EmojiSet) -> str:
    """The section of the credits that names the styles and the list of names."""
    lines = [
        HEADING,
        "",
        "Signs in four drawing styles, drawn from the SVG files of these packages by `python -m training data emoji`. "
        "The models of words and pictures learn from all four, drawn on white at 32, 64 and 96 pixels; the page shows "
        f"one of them, [{pack.styles[STYLE].title}](../emoji/{STYLE}.webp), at {TILE} pixels, "
        "and 20 of them in [all four styles](../emoji/objects.webp), at 96 pixels, as objects of its scenes. "
        "Beside samples of a network, signs in all four styles stand at 64 pixels in `painted.webp` beside them. "
        "Nothing but the size was changed.",
        "",
        "| style | author | licence | source | through |",
        "|---|---|---|---|---|",
    ]
    for style in (*pack.styles.values(), pack.names):
        given = credit(style)
        title = given["title"] + (", names and keywords" if style is pack.names else "")
        lines.append(
            f"| {title} | {given['author']} | [{given['licence']}]({given['licenceUrl']}) | "
            f"[source]({given['source']}) | npm {given['package']} |"
        )
    lines += [
        "",
        "Apache-2.0 and MIT want their text beside what is passed on: [LICENSE-noto.txt](../emoji/LICENSE-noto.txt), "
        "[LICENSE-emojibase.txt](../emoji/LICENSE-emojibase.txt), "
        "[LICENSE-fluent.txt](../emoji/LICENSE-fluent.txt). Emojibase takes its words from the Unicode CLDR.",
    ]
    return "\n".join(lines) + "\n"


def write_credits(pack: EmojiSet, path: Path) -> None:
    """Put the section in place of the last one, or at the end; TrainingError where the file is missing."""
    if not path.is_file():
        raise TrainingError(f"{path} is missing; `node scripts/pictures.js` makes it.")
    before = re.split(rf"^{HEADING}$", path.read_text(), flags=re.MULTILINE)[0].rstrip("\n")
    text = f"{before}\n\n{credits(pack)}"
    write(path, lambda partial: partial.write_text(text))
