"""Clips that are drawn, of one sign or two that move: a class is a motion, and no single frame tells which.

Lengths are in sides of a frame, angles in degrees, sizes in sides; the plane is a torus, so that what leaves at an edge
comes in at the other. Where a thing is in a frame, how far it is turned and how large it is are distributed alike for
both classes of a task, whatever frame is taken: only their order differs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.data.pictures import Label


@dataclass(frozen=True)
class Motion:
    """One class: its task, and its label."""

    task: str
    label: Label


def _motion(task: str, id: str, en: str, zh: str) -> Motion:
    return Motion(task, Label(id, en, zh, task))


MOTIONS = (
    _motion("direction", "right", "to the right", "向右"),
    _motion("direction", "left", "to the left", "向左"),
    _motion("direction", "down", "down", "向下"),
    _motion("direction", "up", "up", "向上"),
    _motion("turning", "clockwise", "turns clockwise", "顺时针转"),
    _motion("turning", "anticlockwise", "turns anticlockwise", "逆时针转"),
    _motion("growing", "grows", "grows", "变大"),
    _motion("growing", "shrinks", "shrinks", "变小"),
    _motion("first", "left-first", "the left one moves first", "左边的先动"),
    _motion("first", "right-first", "the right one moves first", "右边的先动"),
    _motion("time", "forward", "rolls out: forward", "滚动渐停：正放"),
    _motion("time", "backward", "rolls out: backward", "滚动渐停：倒放"),
)
TASKS = tuple(dict.fromkeys(motion.task for motion in MOTIONS))
SIZES = (0.26, 0.56)
"""Between which a growing sign's size goes round; the others' lie in the upper half, on a logarithmic scale."""


def motion_labels() -> list[Label]:
    """The classes of clips, in their order."""
    return [motion.label for motion in MOTIONS]


@dataclass(frozen=True)
class Paths:
    """For each of B clips, S things, F frames: centre x and y, size, angle. float32 [B, S, F, 4]; size 0: not there."""

    values: np.ndarray
    labels: np.ndarray


def draw_paths(labels: np.ndarray, frames: int, rng: np.random.Generator) -> Paths:
    """How the things of clips with these classes (int64 [B]) move. Two things at most, the second for `first` alone."""
    count = len(labels)
    values = np.zeros((count, 2, frames, 4))
    for row, index in enumerate(labels):
        motion = MOTIONS[int(index)]
        x, y = rng.random(2)
        size = rng.uniform(0.36, SIZES[1])
        values[row, 0] = np.stack([np.full(frames, v) for v in (x, y, size, rng.uniform(-20, 20))], -1)
        _PATHS[motion.task](values[row], motion.label.id, rng)
    values[..., :2] %= 1
    return Paths(values.astype(np.float32), labels)


def _direction(path: np.ndarray, id: str, rng: np.random.Generator) -> None:
    way = {"right": (1, 0), "left": (-1, 0), "down": (0, 1), "up": (0, -1)}[id]
    steps = np.arange(path.shape[1])[:, None] * rng.uniform(0.035, 0.1)
    path[0, :, :2] += steps * np.array(way)


def _turning(path: np.ndarray, id: str, rng: np.random.Generator) -> None:
    rate = rng.uniform(14, 36) * (1 if id == "clockwise" else -1)
    path[0, :, 3] = (rng.uniform(0, 360) + rate * np.arange(path.shape[1])) % 360


def _growing(path: np.ndarray, id: str, rng: np.random.Generator) -> None:
    """The size goes round on a logarithmic scale: what has become largest begins anew as the smallest."""
    rate = rng.uniform(0.08, 0.16) * (1 if id == "grows" else -1)
    phase = (rng.random() + rate * np.arange(path.shape[1])) % 1
    path[0, :, 2] = SIZES[0] * (SIZES[1] / SIZES[0]) ** phase


def _first(path: np.ndarray, id: str, rng: np.random.Generator) -> None:
    """Both move up or down by as much, one after the other; where they begin is anywhere."""
    frames = path.shape[1]
    half = frames // 2
    order = (0, 1) if id == "left-first" else (1, 0)
    size = rng.uniform(0.3, 0.42)
    for thing in (0, 1):
        begin = half * order[thing]
        moved = np.clip((np.arange(frames) - begin) / max(half - 1, 1), 0, 1)
        path[thing, :, 0] = 0.25 + 0.5 * thing + rng.uniform(-0.03, 0.03)
        path[thing, :, 1] = rng.random() + moved * rng.choice((-1, 1)) * rng.uniform(0.2, 0.4)
        path[thing, :, 2] = size
        path[thing, :, 3] = rng.uniform(-20, 20)


def _time(path: np.ndarray, id: str, rng: np.random.Generator) -> None:
    """Friction: each stretch is a share of the one before. Backward is the same film from its end."""
    frames = path.shape[1]
    angle = rng.uniform(0, 2 * np.pi)
    way = np.array([np.cos(angle), np.sin(angle)]) * rng.uniform(0.4, 0.7)
    far = np.cumsum(np.concatenate([[0], rng.uniform(0.45, 0.62) ** np.arange(frames - 1)]))
    steps = far[:, None] / far[-1] * way
    path[0, :, :2] += steps if id == "forward" else steps[::-1]


_PATHS = {"direction": _direction, "turning": _turning, "growing": _growing, "first": _first, "time": _time}


def draw_clips(signs: np.ndarray, paths: np.ndarray, paper: np.ndarray, side: int) -> Tensor:
    """Clips float32 [B, F, 3, side, side] in [-1, 1].

    `signs`: uint8 [B, S, s, s, 3] on white, whose colour multiplies that of the paper, [B, 3] in [0, 1]. `paths`: as
    in Paths.
    """
    _, things, frames, _ = paths.shape
    out = torch.from_numpy(paper.astype(np.float32))[:, None, :, None, None].repeat(1, frames, 1, side, side)
    middle = (torch.arange(side) + 0.5) / side
    for thing in range(things):
        path = torch.from_numpy(paths[:, thing].astype(np.float32))
        rows = torch.nonzero(path[:, 0, 2] > 0)[:, 0]
        if not len(rows):
            continue
        x, y, size, angle = path[rows].reshape(-1, 4).T[:, :, None, None]
        # How far each pixel lies from the centre, the shorter way round the torus.
        dx = (middle[None, None, :] - x + 0.5) % 1 - 0.5
        dy = (middle[None, :, None] - y + 0.5) % 1 - 0.5
        cos, sin = torch.cos(angle * np.pi / 180), torch.sin(angle * np.pi / 180)
        grid = torch.stack([(cos * dx + sin * dy) * 2 / size, (cos * dy - sin * dx) * 2 / size], -1)
        ink = 1 - torch.from_numpy(np.array(signs[rows.numpy(), thing])).permute(0, 3, 1, 2).float() / 255
        ink = ink[:, None].expand(-1, frames, -1, -1, -1).reshape(-1, *ink.shape[1:])
        seen = F.grid_sample(ink, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
        out[rows] *= 1 - seen.reshape(len(rows), frames, 3, side, side)
    return out * 2 - 1


def shuffled(clips: Tensor, rng: np.random.Generator) -> Tensor:
    """Each clip's frames in another order, drawn for each."""
    order = np.stack([rng.permutation(clips.shape[1]) for _ in range(len(clips))])
    return clips[torch.arange(len(clips))[:, None], torch.from_numpy(order)]


def frozen(clips: Tensor, rng: np.random.Generator) -> Tensor:
    """One frame of each clip, drawn for each, in place of all."""
    frame = torch.from_numpy(rng.integers(0, clips.shape[1], len(clips)))
    return clips[torch.arange(len(clips)), frame][:, None].expand_as(clips)


def backward(clips: Tensor) -> Tensor:
    """The frames from the last to the first."""
    return clips.flip(1)


def halved(clips: Tensor) -> Tensor:
    """Every second frame twice: as long, with half of the frames."""
    return clips[:, (torch.arange(clips.shape[1]) // 2) * 2]
