"""What a pack holds, in numbers."""

from __future__ import annotations

from collections import Counter, defaultdict

from training.data.emoji.pack import SIDES, EmojiSet, build_emoji, load_emoji
from training.data.emoji.split import SPLITS
from training.data.emoji.text import words
from training.errors import TrainingError


def build_or_keep() -> EmojiSet:
    """The pack at 64 pixels: as it stands where all of it is whole, else built."""
    try:
        return {side: load_emoji(side) for side in SIDES}[64]
    except TrainingError:
        return build_emoji()


def twins(pack: EmojiSet) -> dict[bytes, set[str]]:
    """Pictures of more than one concept that are equal to the pixel: the concepts' sides by the pixels."""
    concepts: dict[bytes, set[str]] = defaultdict(set)
    sides: dict[bytes, set[str]] = defaultdict(set)
    for image, picture in zip(pack.images, pack.pictures, strict=True):
        concepts[image.tobytes()].add(picture.concept)
        sides[image.tobytes()].add(picture.split)
    return {pixels: sides[pixels] for pixels, of in concepts.items() if len(of) > 1}


def summary(pack: EmojiSet) -> list[str]:
    """Lines with the counts of concepts, pictures, words and sides of the split."""
    concepts = list(pack.concepts.values())
    groups = Counter(concept.group for concept in concepts)
    sides = Counter(picture.split for picture in pack.pictures)
    held = {picture.concept for picture in pack.pictures if picture.split == "concept"}
    twin = twins(pack)
    return [
        f"{len(pack)} pictures of {len(concepts)} concepts ({len({c.kin for c in concepts})} without variants)",
        *(f"  {style}: {count}" for style, count in Counter(p.style for p in pack.pictures).items()),
        *(f"  {group}: {count} concepts" for group, count in groups.items()),
        "split: " + ", ".join(f"{sides[side]} {side}" for side in SPLITS) + f" ({len(held)} whole concepts)",
        f"words: {len(words(c.name_en for c in concepts))} different in the English names, "
        f"{len(words(phrase for c in concepts for phrase in c.en))} with the keywords",
        f"phrases: {sum(len(c.en) for c in concepts)} English, {sum(len(c.zh) for c in concepts)} Chinese, "
        f"{len({sign for c in concepts for phrase in c.zh for sign in phrase})} different characters in these",
        f"equal pictures of several concepts: {len(twin)}, on different sides: "
        f"{sum(len(of) > 1 for of in twin.values())}",
    ]
