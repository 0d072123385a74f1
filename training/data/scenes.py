"""Scenes: signs as objects on photos, each with its class and its box.

Lengths are in pixels of a scene, which is a square. Objects are put down one after the other, so that a later one
covers an earlier one; of each at least 40 % of the opaque pixels stay visible and inside the picture. A box is the
tight box of an object's opaque pixels inside the picture, whatever covers them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.data.emoji.sprites import Sprites

MOST = 8  # objects in a scene
SIZES = (0.16, 0.45)  # side of an object's square, in sides of the scene
TURN = 12.0  # degrees either way
VISIBLE = 0.4
TRIES = 4
VARIANTS = (0.5, 0.25, 0.25)  # shares of what `variants` makes
Array = np.ndarray


@dataclass(frozen=True)
class Scenes:
    """B scenes: x float32 [B, 3, S, S] in [-1, 1], classes int64 [B, 8] (-1: no object there), boxes float32 [B, 8, 4]
    as (cx, cy, w, h) in sides of the scene, and which object each pixel shows, int8 [B, S, S] (-1: the photo).
    """

    x: Tensor
    classes: Array
    boxes: Array
    owner: Array


def variants(whole: Tensor) -> Tensor:
    """Pictures [n, 4, s, s] with colours multiplied by alpha as [3 n, 4, s, s]: as they are; with a dark outline; with
    colours that run into each other. Styles differ in little else, and those held out are to be named all the same.
    """
    colour, alpha = whole[:, :3], whole[:, 3:]
    width = max(1, whole.shape[-1] // 32)
    edge = alpha + F.max_pool2d(-alpha, 2 * width + 1, 1, width)
    blur = 4 * width + 1
    near = F.avg_pool2d(whole, blur, 1, 2 * width)
    soft = near[:, :3] / near[:, 3:].clamp(min=1e-3) * alpha
    drawn = [torch.cat([part, alpha], 1) for part in (colour, colour * (1 - 0.85 * edge.clamp(0, 1)), soft)]
    return torch.cat(drawn)


def levels(sprites: Sprites) -> list[Tensor]:
    """The variants of all pictures, float32 [3 n, 4, s, s] in [0, 1]: whole, half and a quarter of their side."""
    rgba = torch.from_numpy(sprites.images.astype(np.float32) / 255).permute(0, 3, 1, 2)
    whole = variants(torch.cat([rgba[:, :3] * rgba[:, 3:], rgba[:, 3:]], 1))
    return [whole, F.avg_pool2d(whole, 2), F.avg_pool2d(whole, 4)]


def windows(level: Tensor, rows: Array, size: Array, angle: Array, stretch: Array, shift: Array) -> Array:
    """Each object in the middle of a small picture of its own, float32 [m, W, W, 4], colours multiplied by alpha.

    `size` in pixels, `angle` in degrees, `stretch` the part of its width that it keeps (below 0: mirrored), `shift`
    [m, 2] parts of a pixel.
    """
    wide = int(level.shape[-1] * 1.22) + 2
    at = torch.arange(wide) + 0.5 - wide / 2
    turn = torch.from_numpy(np.deg2rad(angle)).float()[:, None, None]
    scale = torch.from_numpy(2 / size).float()[:, None, None]
    off = torch.from_numpy(shift).float()
    dx, dy = at[None, None, :] - off[:, 0, None, None], at[None, :, None] - off[:, 1, None, None]
    cos, sin = torch.cos(turn) * scale, torch.sin(turn) * scale
    flip = torch.from_numpy(1 / stretch).float()[:, None, None]
    grid = torch.stack([flip * (cos * dx + sin * dy), cos * dy - sin * dx], -1)
    seen = F.grid_sample(level[torch.from_numpy(rows)], grid, mode="bilinear", align_corners=False)
    return seen.permute(0, 2, 3, 1).numpy()


def coloured(seen: Array, rng: np.random.Generator) -> Array:
    """Windows [m, W, W, 4] brighter or darker, tinted, and of more colour or less; no colour exceeds its alpha."""
    count = len(seen)
    factor = rng.uniform(0.75, 1.25, (count, 1, 1, 1)) * rng.uniform(0.85, 1.15, (count, 1, 1, 3))
    much = rng.uniform(0.6, 1.3, (count, 1, 1, 1)).astype(np.float32)
    grey = seen[..., :3].mean(-1, keepdims=True)
    changed = (grey + (seen[..., :3] - grey) * much) * factor.astype(np.float32)
    seen[..., :3] = np.clip(changed, 0, seen[..., 3:])
    return seen


def backgrounds(photos: Array, rows: Array, side: int, rng: np.random.Generator) -> Array:
    """Squares float32 [B, side, side, 3] in [0, 1], cut out of photos uint8 [n, P, P, 3]; half are mirrored."""
    room = photos.shape[1] - side
    out = np.empty((len(rows), side, side, 3), np.float32)
    for i, row in enumerate(rows):
        y, x = rng.integers(0, room + 1, 2)
        out[i] = photos[row, y : y + side, x : x + side]
        if rng.random() < 0.5:
            out[i] = out[i, :, ::-1]
    return out / 255


class Canvas:
    """One scene while it is made."""

    def __init__(self, photo: Array) -> None:
        self.photo = photo
        self.owner = np.full(photo.shape[:2], -1, np.int8)
        self.visible: list[int] = []
        self.whole: list[int] = []
        self.boxes: list[tuple[float, float, float, float]] = []

    def put(self, seen: Array, left: int, top: int) -> bool:
        """Put a window [W, W, 4] down with its corner there; False where it would show or leave too little."""
        side, wide = len(self.owner), len(seen)
        x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + wide, side), min(top + wide, side)
        opaque = seen[..., 3] > 0.5
        part = seen[y0 - top : y1 - top, x0 - left : x1 - left]
        inside = opaque[y0 - top : y1 - top, x0 - left : x1 - left]
        total, shown = int(opaque.sum()), int(inside.sum())
        if shown == 0 or shown < VISIBLE * total:
            return False
        under = self.owner[y0:y1, x0:x1]
        lost = np.bincount(under[inside] + 1, minlength=len(self.visible) + 1)[1:]
        left_over = [v - int(n) for v, n in zip(self.visible, lost, strict=True)]
        if any(v < VISIBLE * w for v, w in zip(left_over, self.whole, strict=True)):
            return False
        under[inside] = len(self.visible)
        self.visible, self.whole = [*left_over, shown], [*self.whole, total]
        region = self.photo[y0:y1, x0:x1]
        region *= 1 - part[..., 3:]
        region += part[..., :3]
        cols, rows = np.flatnonzero(inside.any(0)), np.flatnonzero(inside.any(1))
        a, b, c, d = x0 + cols[0], y0 + rows[0], x0 + cols[-1] + 1, y0 + rows[-1] + 1
        self.boxes.append(((a + c) / 2 / side, (b + d) / 2 / side, (c - a) / side, (d - b) / side))
        return True


class SceneMaker:
    """Makes scenes of some of the sprites (`rows`) on photos uint8 [n, P, P, 3]."""

    def __init__(self, sprites: Sprites, rows: Array, photos: Array, side: int) -> None:
        self.classes, self.rows, self.photos, self.side = sprites.classes, rows, photos, side
        self.levels = levels(sprites)

    def draw(self, chosen: Array, size: Array, rng: np.random.Generator, jitter: bool) -> list[Array]:
        """A window for each of these sprites at these sizes [m] in pixels; `jitter`: changed as in training."""
        count = len(chosen)
        angle, stretch = rng.uniform(-TURN, TURN, count), rng.choice((-1.0, 1.0), count)
        if jitter:
            stretch *= rng.uniform(0.8, 1.0, count)
            chosen = chosen + len(self.classes) * rng.choice(3, count, p=VARIANTS)
        shift = rng.uniform(-0.5, 0.5, (count, 2))
        found: list[Array] = [np.empty(0)] * count
        limits = [level.shape[-1] for level in self.levels]
        # The smallest picture that is not enlarged; the largest where all would be.
        level_of = np.array([max((i for i, side in enumerate(limits) if side >= s), default=0) for s in size])
        for index, level in enumerate(self.levels):
            own = np.flatnonzero(level_of == index)
            if len(own):
                seen = windows(level, chosen[own], size[own], angle[own], stretch[own], shift[own])
                for i, window in zip(own, coloured(seen, rng) if jitter else seen, strict=True):
                    found[i] = window
        return found

    def make(self, counts: Array, rng: np.random.Generator, jitter: bool = True) -> Scenes:
        """Scenes with so many objects each, int [B] from 0 to 8, or fewer where there was no room."""
        side, batch = self.side, len(counts)
        photos = backgrounds(self.photos, rng.integers(0, len(self.photos), batch), side, rng)
        scene = np.repeat(np.arange(batch), counts)
        chosen = rng.choice(self.rows, len(scene))
        size = rng.uniform(*SIZES, len(scene)) * side
        seen = self.draw(chosen, size, rng, jitter)
        classes, boxes = np.full((batch, MOST), -1, np.int64), np.zeros((batch, MOST, 4), np.float32)
        canvases = [Canvas(photo) for photo in photos]
        for i, where in enumerate(scene):
            canvas, margin = canvases[where], 0.4 * size[i]
            for x, y in rng.uniform(margin, side - margin, (TRIES, 2)):
                place = len(canvas.boxes)
                half = len(seen[i]) / 2
                if canvas.put(seen[i], round(x - half), round(y - half)):
                    classes[where, place], boxes[where, place] = self.classes[chosen[i]], canvas.boxes[-1]
                    break
        x = torch.from_numpy(photos).permute(0, 3, 1, 2).contiguous() * 2 - 1
        return Scenes(x, classes, boxes, np.stack([canvas.owner for canvas in canvases]))
