"""The emoji pack in the cache folder: built once, then read.

`emoji/` in $PATCHWORK_CACHE (else ~/.cache/patchwork-training) holds the packages, a uint8 array [n, S, S, 3] for
each side S, and emoji.json with the words, the licences and the split. The JSON is written last and names the arrays by
their SHA-256, so that a pack is whole or is not there.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from training.data.emoji.concepts import Concept, read_concepts
from training.data.emoji.packages import NAMES, STYLES, Package, fetch, full, read_members
from training.data.emoji.render import Array, render, shrink, svg
from training.data.emoji.split import CONCEPTS, PAIRS, SPLITS, Split, split_pictures
from training.errors import TrainingError
from training.paths import cache_folder

SIDES = (32, 64, 96)
FORMAT = 1
AGAIN = "run `python -m training data emoji`"


@dataclass(frozen=True)
class Style:
    """A drawing style (or the list of names) with what its licence asks to be said."""

    id: str
    title: str
    author: str
    source: str
    licence: str
    licence_title: str
    licence_url: str
    package: str
    version: str


@dataclass(frozen=True)
class Picture:
    """One picture: its concept's code points, its style's id, and on which side of the split it lies."""

    concept: str
    style: str
    split: Split


@dataclass(frozen=True)
class EmojiSet:
    """Pictures uint8 [n, S, S, 3] on white, memory-mapped, and a record for each; concepts and styles by their ids."""

    images: Array
    pictures: list[Picture]
    concepts: dict[str, Concept]
    styles: dict[str, Style]
    names: Style

    def __len__(self) -> int:
        return len(self.pictures)

    def rows(self, *splits: Split) -> Array:
        """Indices, int64, of the pictures on these sides of the split."""
        return np.array([i for i, picture in enumerate(self.pictures) if picture.split in splits], np.int64)

    @cached_property
    def concept_index(self) -> Array:
        """For each picture its concept's place in `concepts`, int64 [n]."""
        place = {hexcode: i for i, hexcode in enumerate(self.concepts)}
        return np.array([place[picture.concept] for picture in self.pictures], np.int64)

    @cached_property
    def style_index(self) -> Array:
        """For each picture its style's place in `styles`, int64 [n]."""
        place = {style: i for i, style in enumerate(self.styles)}
        return np.array([place[picture.style] for picture in self.pictures], np.int64)


@dataclass(frozen=True)
class Drawing:
    """A picture before it is drawn."""

    concept: str
    style: str
    svg: str


def recipe() -> dict[str, Any]:
    """All that a pack follows from."""
    packages = [f"{package.name}@{package.version}" for package in (*STYLES.values(), NAMES)]
    return {"format": FORMAT, "packages": packages, "concepts": CONCEPTS, "pairs": PAIRS}


def pack_folder() -> Path:
    """Where the pack lies."""
    return cache_folder() / "emoji"


def check_licence(package: Package, stated: object) -> None:
    """TrainingError where a package states another licence than the one the pack was made for."""
    if stated != package.licence:
        raise TrainingError(
            f"{package.name} states the licence {stated}, not {package.licence}; read it before you use the package."
        )


def read_style(id: str, package: Package, folder: Path) -> tuple[Style, dict[str, Any], dict[str, str]]:
    """A style, its Iconify set, and the name of each picture by its code points in lower case."""
    found = read_members(fetch(package, folder), ["icons.json", "chars.json", "info.json"])
    info = found["info.json"]
    licence, author = info["license"], info["author"]
    check_licence(package, licence["spdx"])
    style = Style(
        id, info["name"], author["name"], author["url"], licence["spdx"], licence["title"], licence["url"],
        package.name, package.version,
    )  # fmt: skip
    return style, found["icons.json"], found["chars.json"]


def read_names(folder: Path) -> tuple[Style, list[Concept]]:
    """The concepts with their words, and whose list that is."""
    files = ["package.json", "en/data.json", "zh/data.json", "meta/groups.json"]
    found = read_members(fetch(NAMES, folder), files)
    about = found["package.json"]
    check_licence(NAMES, about["license"])
    source = "https://github.com/milesj/emojibase"
    names = Style(
        "names", "Emojibase", about["author"], source, about["license"], about["license"],
        f"{source}/blob/master/LICENSE", NAMES.name, NAMES.version,
    )  # fmt: skip
    return names, read_concepts(*(found[name] for name in files[1:]))


def drawings(concepts: Iterable[Concept], sets: dict[str, tuple[dict[str, Any], dict[str, str]]]) -> list[Drawing]:
    """Every concept in every style that has it, in the order of both."""
    return [
        Drawing(concept.hexcode, style, svg(icons, chars[concept.hexcode.lower()]))
        for concept in concepts
        for style, (icons, chars) in sets.items()
        if concept.hexcode.lower() in chars
    ]


def write(path: Path, save: Callable[[Path], object]) -> None:
    """`save` under a temporary name, then renamed; a full disk leaves nothing behind."""
    partial = path.with_name(f"{path.stem}.{os.getpid()}.partial{path.suffix}")
    try:
        save(partial)
        os.replace(partial, path)
    except OSError as error:
        raise full(path, error) from error
    finally:
        partial.unlink(missing_ok=True)


def draw(wanted: Sequence[Drawing], folder: Path) -> dict[int, Array]:
    """Each drawing at every side; TrainingError for one that is a single colour."""
    images = {side: np.empty((len(wanted), side, side, 3), np.uint8) for side in SIDES}
    pictures = render([(f"{drawing.style} {drawing.concept}", drawing.svg) for drawing in wanted], folder)
    for i, picture in enumerate(tqdm(pictures, total=len(wanted), desc="draw", unit="sign", disable=None)):
        if (picture == picture[0, 0]).all():
            raise TrainingError(f"{wanted[i].style} {wanted[i].concept} is blank; look at its SVG in the package.")
        for side in SIDES:
            images[side][i] = shrink(picture, side)
    return images


def build_emoji() -> EmojiSet:
    """Fetch, draw and write the pack; returns it at 64 pixels. TrainingError says what is missing, wrong or full."""
    folder = pack_folder()
    packages = folder / "packages"
    names, concepts = read_names(packages)
    read = {id: read_style(id, package, packages) for id, package in STYLES.items()}
    wanted = drawings(concepts, {id: (icons, chars) for id, (_, icons, chars) in read.items()})
    sides = split_pictures((drawing.concept, drawing.style) for drawing in wanted)
    shown = {drawing.concept for drawing in wanted}
    arrays = {}
    for side, images in draw(wanted, folder).items():
        path = folder / f"{side}.npy"
        write(path, lambda partial, images=images: np.save(partial, images))  # type: ignore[misc]
        arrays[str(side)] = {"file": path.name, "shape": images.shape, "sha256": sha256(path)}
    meta = {
        "recipe": recipe(),
        "arrays": arrays,
        "names": asdict(names),
        "styles": [asdict(style) for style, _, _ in read.values()],
        "concepts": [{**asdict(concept), "kin": concept.kin} for concept in concepts if concept.hexcode in shown],
        "pictures": [
            {"concept": drawing.concept, "style": drawing.style, "split": sides[drawing.concept, drawing.style]}
            for drawing in wanted
        ],
    }
    text = json.dumps(meta, ensure_ascii=False, indent=1)
    write(folder / "emoji.json", lambda partial: partial.write_text(text))
    return load_emoji(64)


def sha256(path: Path) -> str:
    """A file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load_emoji(side: int) -> EmojiSet:
    """The pack's pictures at 32, 64 or 96 pixels with their records.

    TrainingError where the pack was not built, was built by another version, or is damaged.
    """
    if side not in SIDES:
        raise TrainingError(f"The emoji pack has no pictures of {side} pixels; choose 32, 64 or 96.")
    folder = pack_folder()
    path = folder / "emoji.json"
    if not path.is_file():
        raise TrainingError(f"{path} is missing; {AGAIN}.")
    try:
        meta = json.loads(path.read_text())
        if meta["recipe"] != recipe():
            raise TrainingError(f"{path} was built from other packages or with another split; {AGAIN}.")
        array = meta["arrays"][str(side)]
        styles = {row["id"]: Style(**row) for row in meta["styles"]}
        concepts = {row["hexcode"]: read_concept(row) for row in meta["concepts"]}
        pictures = [Picture(**row) for row in meta["pictures"]]
        names = Style(**meta["names"])
        whole = all(p.concept in concepts and p.style in styles and p.split in SPLITS for p in pictures)
        if not whole or array["shape"] != [len(pictures), side, side, 3]:
            raise ValueError("its parts do not agree")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(f"{path} is damaged ({error}); {AGAIN}.") from error
    pixels = folder / array["file"]
    if not pixels.is_file() or sha256(pixels) != array["sha256"]:
        raise TrainingError(f"{pixels} is missing or damaged; {AGAIN}.")
    return EmojiSet(np.load(pixels, mmap_mode="r"), pictures, concepts, styles, names)


def read_concept(row: dict[str, Any]) -> Concept:
    """A concept as it lies in the JSON."""
    given = {key: value for key, value in row.items() if key != "kin"}
    return Concept(**{**given, "en": tuple(row["en"]), "zh": tuple(row["zh"])})
