"""Pictures in memory: tar shards decoded once to uint8 arrays that lie outside the repository.

The cache folder is $PATCHWORK_CACHE, else ~/.cache/patchwork-training. A decoded set is a
memory-mapped .npy [n, side, side, 3] beside a JSON file with labels and the original sizes.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError
from tqdm import tqdm

from training.errors import TrainingError
from training.paths import cache_folder

Array = np.ndarray


@dataclass(frozen=True)
class Label:
    """One class: stable id, English and Chinese name, coarse group."""

    id: str
    en: str
    zh: str
    group: str


@dataclass
class PictureSet:
    """Decoded pictures: images uint8 [n, S, S, 3], labels int64 [n], sizes int32 [n, 2] (w, h)."""

    images: Array
    labels: Array
    sizes: Array
    names: list[str]

    def __len__(self) -> int:
        return len(self.labels)


def read_labels(data: Path) -> list[Label]:
    """The classes of the photo pack, in index order, from photos-classes.json."""
    path = data / "photos-classes.json"
    if not path.is_file():
        raise TrainingError(f"{path} is missing; point data.folder at the folder of the photo pack.")
    rows = sorted(json.loads(path.read_text())["classes"], key=lambda row: row["index"])
    return [Label(row["id"], row["en"], row["zh"], row["group"]) for row in rows]


def find_shards(data: Path, prefix: str, count: int | None = None) -> list[Path]:
    """The tar files `<prefix>*.tar*` in order; raises when none, or one of a numbered row, is missing."""
    shards = sorted(data.glob(f"{prefix}*.tar*"))
    if not shards:
        raise TrainingError(
            f"No shard {data / prefix}*.tar was found; put the data there or set data.folder in the config."
        )
    if count is not None and len(shards) < count:
        have = {shard.name for shard in shards}
        missing = [f"{prefix}-{i:02d}.tar" for i in range(count) if f"{prefix}-{i:02d}.tar" not in have]
        raise TrainingError(
            f"{data / (missing or [prefix])[0]} is missing ({len(shards)} of {count} shards found); "
            "fetch it, or set data.train_shards to the number you have."
        )
    return shards


def members(shard: Path) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each picture in a tar shard, in its order."""
    try:
        with tarfile.open(shard) as tar:
            for member in tar:
                handle = tar.extractfile(member) if member.isfile() else None
                if handle is not None:
                    yield member.name, handle.read()
    except (tarfile.TarError, EOFError, OSError) as error:
        raise TrainingError(f"{shard} cannot be read as a tar file ({error}); fetch it again.") from error


def decode(data: bytes, where: str) -> Image.Image:
    """An RGB picture from encoded bytes; grey and palette pictures are converted."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise TrainingError(f"{where} is not a readable picture ({error}); remove or replace it.") from error


def fit_square(image: Image.Image, side: int, fit: str) -> Image.Image:
    """`crop`: shorter side to `side`, then the centre square. `squash`: straight to the square.

    Antialiased bilinear (PIL), the same as the page's preprocessing.
    """
    if fit == "squash":
        return image.resize((side, side), Image.Resampling.BILINEAR)
    if fit != "crop":
        raise TrainingError(f"fit '{fit}' is unknown; use 'crop' or 'squash'.")
    width, height = image.size
    scale = side / min(width, height)
    width, height = max(side, round(width * scale)), max(side, round(height * scale))
    image = image.resize((width, height), Image.Resampling.BILINEAR)
    left, top = (width - side) // 2, (height - side) // 2
    return image.crop((left, top, left + side, top + side))


def load_pictures(shards: list[Path], split: str, classes: list[str], side: int, fit: str, key: str) -> PictureSet:
    """Decode `split/<class>/<file>` of the shards once; later calls map the cache file.

    `key` names the cache. Raises TrainingError for an unknown class folder or a corrupt picture.
    """
    folder = cache_folder()
    stamp = [[shard.name, shard.stat().st_size] for shard in shards]
    images_path, meta_path = folder / f"{key}-{side}-{fit}.npy", folder / f"{key}-{side}-{fit}.json"
    if images_path.is_file() and meta_path.is_file():
        meta = json.loads(meta_path.read_text())
        if meta["shards"] == stamp and meta["classes"] == classes:
            images = np.load(images_path, mmap_mode="r")
            return PictureSet(images, np.array(meta["labels"]), np.array(meta["sizes"]), meta["names"])
    index = {name: i for i, name in enumerate(classes)}
    rows: list[Array] = []
    labels, sizes, names = [], [], []
    for shard in shards:
        for name, data in tqdm(members(shard), desc=f"decode {shard.name}", unit="photo", disable=None):
            parts = Path(name).parts
            if len(parts) != 3 or parts[0] != split:
                continue
            if parts[1] not in index:
                raise TrainingError(
                    f"{shard}: {name} lies in the folder '{parts[1]}', which is no class of "
                    "photos-classes.json; rename the folder or add the class."
                )
            image = decode(data, f"{shard}: {name}")
            sizes.append(list(image.size))
            rows.append(np.asarray(fit_square(image, side, fit)))
            labels.append(index[parts[1]])
            names.append(name)
    if not rows:
        raise TrainingError(f"{shards[0]} holds no '{split}/<class>/<file>'; check that it is the right shard.")
    images = np.stack(rows)
    meta = {"shards": stamp, "classes": classes, "labels": labels, "sizes": sizes, "names": names}
    try:
        np.save(images_path, images)
        meta_path.write_text(json.dumps(meta))
    except OSError as error:
        images_path.unlink(missing_ok=True)
        raise TrainingError(
            f"{images_path} could not be written ({error}); free {images.nbytes / 1e9:.1f} GB or set PATCHWORK_CACHE."
        ) from error
    return PictureSet(images, np.array(labels), np.array(sizes), names)


def load_photos(data: Path, split: str, side: int, fit: str, shards: int | None = None) -> PictureSet:
    """The photo pack's `train` (7 shards) or `val` (2 shards) pictures."""
    found = find_shards(data, f"photos-{split}", shards)
    return load_pictures(found, split, [label.id for label in read_labels(data)], side, fit, f"photos-{split}")


CIFAR_CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
CIFAR_CHINESE = ["飞机", "汽车", "鸟", "猫", "鹿", "狗", "青蛙", "马", "船", "卡车"]


def cifar_labels() -> list[Label]:
    """CIFAR-10's classes with Chinese names."""
    groups = ["vehicle", "vehicle", *["animal"] * 6, "vehicle", "vehicle"]
    return [Label(name, name, zh, group) for name, zh, group in zip(CIFAR_CLASSES, CIFAR_CHINESE, groups, strict=True)]


def load_cifar(data: Path, split: str) -> PictureSet:
    """CIFAR-10 as 32x32: split `train` or `test`."""
    return load_pictures(find_shards(data, "cifar10"), split, CIFAR_CLASSES, 32, "squash", f"cifar10-{split}")
