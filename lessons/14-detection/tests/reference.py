"""Lesson 14: scenes as training draws them, and what the network of the CNN says of one that the page draws, too.

Drawing is training/data/scenes.py with objects that are given in place of those it draws by lot. The sprites are those
of the page's sheet.
"""

from __future__ import annotations

import importlib.util
import json
import math
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from training.data.emoji.sprites import Sprites
from training.data.pictures import fit_square
from training.data.scenes import Canvas, levels, windows
from training.export.read import load_any
from training.models.detr import DETR
from training.paths import ROOT
from training.references.common import Reference

Array = np.ndarray


@dataclass(frozen=True)
class Placed:
    """An object as lessons/14-detection/scene.ts has it; lengths are shares of the side."""

    concept: int
    style: int
    x: float
    y: float
    size: float
    angle: int
    mirrored: bool


# Places and sizes are whole parts of 256: what a link says of them is exact.
SMALL = (
    Placed(0, 0, 72 / 256, 80 / 256, 112 / 256, -12, False),
    Placed(18, 3, 190 / 256, 64 / 256, 41 / 256, 7, False),
    Placed(16, 1, 109 / 256, 141 / 256, 90 / 256, 12, True),
    Placed(13, 2, 238 / 256, 200 / 256, 100 / 256, 0, True),
    Placed(5, 2, 60 / 256, 216 / 256, 77 / 256, -30, False),
)
SCENE = (
    Placed(0, 0, 70 / 256, 84 / 256, 96 / 256, -8, False),
    Placed(15, 1, 182 / 256, 60 / 256, 88 / 256, 5, False),
    Placed(13, 2, 76 / 256, 196 / 256, 84 / 256, 0, False),
    Placed(18, 0, 186 / 256, 150 / 256, 60 / 256, 10, True),
    Placed(9, 3, 200 / 256, 216 / 256, 72 / 256, 0, False),
)
# The scene that the lesson opens with: what the page draws of seed 3.
OPENED = (
    Placed(18, 2, 69 / 256, 186 / 256, 98 / 256, 1, True),
    Placed(5, 0, 105 / 256, 44 / 256, 84 / 256, 3, True),
    Placed(8, 2, 145 / 256, 113 / 256, 93 / 256, 7, False),
    Placed(8, 3, 163 / 256, 207 / 256, 76 / 256, -1, True),
)
PHOTO = "forest"
# The small scene: its side, and every how many-th pixel of a sprite is kept.
SIDE, KEPT = 32, 3


def sheet() -> tuple[Array, int]:
    """The page's sprites [n, 96, 96, 4] uint8, concept by concept and of each style by style, and how many styles."""
    folder = ROOT / "static" / "emoji"
    about = json.loads((folder / "objects.json").read_text())
    side, columns = about["tile"], about["columns"]
    pixels = np.array(Image.open(folder / about["file"]).convert("RGBA"))
    count = len(about["concepts"]) * len(about["styles"])
    places = [divmod(i, columns) for i in range(count)]
    squares = [pixels[y * side : (y + 1) * side, x * side : (x + 1) * side] for y, x in places]
    return np.stack(squares), len(about["styles"])


def drawn(objects: tuple[Placed, ...], images: Array, rows: list[int], photo: Array) -> tuple[Array, Canvas]:
    """A scene [S, S, 3] in [0, 1] and its canvas: `images` of which object i is row `rows[i]`, on that photo."""
    side = len(photo)
    pyramid = levels(Sprites(images, np.zeros(len(images), np.int64), [], []))
    canvas = Canvas(photo.astype(np.float32).copy())
    for one, row in zip(objects, rows, strict=True):
        pixels = one.size * side
        level = max((i for i, part in enumerate(pyramid) if part.shape[-1] >= pixels), default=0)
        half = (int(pyramid[level].shape[-1] * 1.22) + 2) / 2
        left, top = math.floor(one.x * side - half + 0.5), math.floor(one.y * side - half + 0.5)
        shift = np.array([[one.x * side - left - half, one.y * side - top - half]])
        stretch = np.array([-1.0 if one.mirrored else 1.0])
        seen = windows(
            pyramid[level], np.array([row]), np.array([pixels]), np.array([float(one.angle)]), stretch, shift
        )
        assert canvas.put(seen[0], left, top), one
    return canvas.photo, canvas


def visible(canvas: Canvas) -> list[float]:
    """Of each object the part of its opaque pixels that is inside and covered by none."""
    return [shown / whole for shown, whole in zip(canvas.visible, canvas.whole, strict=True)]


def shades(side: int) -> Array:
    """A photo that a formula gives, [S, S, 3]."""
    y, x, c = np.meshgrid(np.arange(side), np.arange(side), np.arange(3), indexing="ij")
    return ((37 * x + 59 * y + 83 * c) % 256) / 255


def planes(scene: Array) -> Tensor:
    """What a network is fed, [1, 3, S, S]."""
    return torch.from_numpy(scene.astype(np.float32)).permute(2, 0, 1)[None] * 2 - 1


def inside(row: Tensor, box: tuple[float, float, float, float]) -> float:
    """How much of an attention [N] lies on tokens whose middle is in a box (cx, cy, w, h)."""
    grid = math.isqrt(len(row))
    at = (torch.arange(grid).double() + 0.5) / grid
    y, x = torch.meshgrid(at, at, indexing="ij")
    cx, cy, w, h = box
    within = ((x - cx).abs() <= w / 2 + 1e-9) & ((y - cy).abs() <= h / 2 + 1e-9)
    return float(row.double().reshape(grid, grid)[within].sum())


def beside(name: str) -> ModuleType:
    """A script of this folder, which is no package."""
    spec = importlib.util.spec_from_file_location(f"lessons.14.{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reference() -> Reference:
    """The numbers of lesson 14."""
    ref = Reference()
    images, styles = sheet()
    small = np.stack([images[one.concept * styles + one.style][::KEPT, ::KEPT] for one in SMALL])
    ref.put("sprites", torch.from_numpy(small.copy()), "[5, 32, 32, 4]: every third pixel of five sprites, 0 to 255")
    scene, canvas = drawn(SMALL, small, list(range(len(SMALL))), shades(SIDE))
    ref.put("small.x", planes(scene)[0], "[3, 32, 32]: the five on a photo of a formula")
    ref.put("small.boxes", torch.tensor(canvas.boxes), "[5, 4]: cx, cy, w, h")
    ref.put("small.visible", visible(canvas), "[5]")

    model = load_any(ROOT / "models" / "detr-cnn")
    assert isinstance(model, DETR)
    photo = np.asarray(
        fit_square(Image.open(ROOT / "static" / "pictures" / f"{PHOTO}.webp"), model.cfg.image, "squash")
    )
    opened, canvas = drawn(OPENED, images, [one.concept * styles + one.style for one in OPENED], photo / 255)
    placed = [[float(value) for value in vars(one).values()] for one in OPENED]
    ref.put("opened.objects", torch.tensor(placed), "[4, 7]: class, style, x, y, size, angle, mirrored")
    ref.put("opened.truth", torch.tensor(canvas.boxes), "[4, 4]: cx, cy, w, h")
    beside("reference_changes").put_changes(ref, model, planes(opened))
    rows = [one.concept * styles + one.style for one in SCENE]
    scene, canvas = drawn(SCENE, images, rows, photo / 255)
    x = planes(scene)
    capture: dict[str, Tensor] = {}
    with torch.inference_mode():
        model(x, capture)
    ref.put("scene.boxes", torch.tensor(canvas.boxes), "[5, 4]: cx, cy, w, h")
    ref.put("scene.visible", visible(canvas), "[5]")
    ref.put("probs", capture["probs"][0], "[Q, K + 1]")
    ref.put("boxes", capture["boxes"][0], "[Q, 4]")
    ref.put("raw", capture["bbox_embed.layers.2"][0], "[Q, 4]: before the sigmoid")
    last = model.cfg.encoder_depth - 1
    probs = capture[f"transformer.encoder.layers.{last}.self_attn.probs"][0].mean(0)
    fox = canvas.boxes[0]
    grid = model.cfg.grid
    token = int(fox[1] * grid) * grid + int(fox[0] * grid)
    ref.put("inside", [token, inside(probs[token], fox)], "a token on the fox, and its attention within the fox's box")
    return ref
