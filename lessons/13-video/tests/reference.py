"""Lesson 13: clips as the page draws them, and what both networks say of the lesson's own with time taken away.

Ways and frames come from training/data/clips.py, fed with the page's random numbers in place of NumPy's, so that page
and training agree only where both draw alike.
"""

from __future__ import annotations

import json
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from training.data.clips import MOTIONS, backward, draw_clips, draw_paths, halved
from training.diffusion.noise import philox
from training.export.read import load_any
from training.measure.embed import atlas_signs
from training.models.vivit import ViViT
from training.paths import ROOT
from training.references.common import Reference
from training.tasks.clips import timeless

# The lesson's defaults.
SEED, PACE, MIX, FRAME = 3, 0.5, 1, 0
SIGNS = ("1F992", "1F681")
# A class of each task, and which frames of theirs are kept, drawn small.
KEPT = ("right", "anticlockwise", "grows", "right-first", "backward")
FRAMES, SIDE = (0, 3, 7), 16
# The clips that breaks open with, and the other of the two that move one after the other.
OPENED = ("right", "right-first", "left-first")
STREAM = 13
# Ranges that say how fast something goes: the page's reader chooses a place in them.
PACED = {(0.035, 0.1), (14, 36), (0.08, 0.16), (0.2, 0.4), (0.4, 0.7)}


class PageRandom:
    """The page's random numbers in the form that `draw_paths` asks a NumPy generator for them."""

    def __init__(self, seed: int, pace: float) -> None:
        self.pace, self.taken = pace, 0
        counters = np.zeros((64, 4), np.uint64)
        counters[:, 0], counters[:, 2] = np.arange(64), STREAM
        self.words = philox(counters, (seed, 0)).ravel()

    def random(self, count: int | None = None) -> Any:
        """Uniform in (0, 1): one, or so many."""
        if count is not None:
            return np.array([self.random() for _ in range(count)])
        word = float(self.words[self.taken])
        self.taken += 1
        return (word + 0.5) / 2**32

    def uniform(self, low: float, high: float) -> float:
        """Between two numbers; of speeds the place that the reader chose."""
        return low + (high - low) * (self.pace if (low, high) in PACED else float(self.random()))

    def choice(self, two: tuple[int, int]) -> int:
        """The first below a half."""
        return two[0] if self.random() < 0.5 else two[1]


def permutation(n: int, seed: int) -> list[int]:
    """The page's shuffle (Fisher and Yates), as src/lib/analysis/permute.ts has it."""
    counters = np.zeros((n, 4), np.uint64)
    counters[:, 0] = np.arange(n)
    words = philox(counters, (seed, 0)).ravel()
    order = list(range(n))
    for taken, i in enumerate(range(n - 1, 0, -1)):
        j = int((float(words[taken]) + 0.5) / 2**32 * (i + 1))
        order[i], order[j] = order[j], order[i]
    return order


def signs_at(side: int) -> np.ndarray:
    """uint8 [2, side, side, 3]: the lesson's signs from the page's atlas."""
    folder = ROOT / "static" / "emoji"
    ids = [row[0] for row in json.loads((folder / "emoji.json").read_text())["concepts"]]
    return atlas_signs(folder, side)[[ids.index(sign) for sign in SIGNS]]


def drawn(motion: str, frames: int) -> tuple[np.ndarray, np.ndarray]:
    """Ways [1, 2, F, 4] and the colour of the paper [1, 3] of a clip of this class."""
    rng = PageRandom(SEED, PACE)
    index = [one.label.id for one in MOTIONS].index(motion)
    paths = draw_paths(np.array([index]), frames, cast(np.random.Generator, rng))
    return paths.values, np.array([[rng.uniform(0.6, 1) for _ in range(3)]])


def changed(clip: Tensor, model: ViViT) -> dict[str, tuple[ViViT, Tensor]]:
    """For each change of the view `break` the network and the clip that it is fed."""
    count = clip.shape[1]
    return {
        "ordered": (model, clip),
        "shuffle": (model, clip[:, permutation(count, MIX)]),
        "reverse": (model, backward(clip)),
        "freeze": (model, clip[:, [FRAME] * count]),
        "drop": (model, halved(clip)),
        "positions": (timeless(model), clip),
    }


def distances(model: ViViT, clip: Tensor) -> Tensor:
    """[depth, h, 2]: how far heads of joint attention look in time (tubelets) and in space (patches)."""
    capture: dict[str, Tensor] = {}
    with torch.inference_mode():
        model(clip, capture)
    cfg = model.cfg
    side = cfg.image // cfg.patch
    places = torch.cartesian_prod(torch.arange(cfg.times), torch.arange(side), torch.arange(side)).double()
    late = (places[:, None, 0] - places[None, :, 0]).abs()
    far = torch.cdist(places[:, 1:], places[:, 1:])
    found = []
    for layer in range(cfg.depth):
        probs = capture[f"blocks.{layer}.attn.probs"][0, :, 1:, 1:].double()
        probs = probs / probs.sum(-1, keepdim=True)
        found.append(torch.stack([(probs * apart).sum(-1).mean(-1) for apart in (late, far)], -1))
    return torch.stack(found)


def reference() -> Reference:
    """The numbers of lesson 13."""
    ref = Reference()
    small = signs_at(64)[:, ::4, ::4]
    ref.put("signs", torch.from_numpy(small.copy()), "[2, 16, 16, 3]: every fourth pixel of the signs, 0 to 255")
    for motion in KEPT:
        paths, paper = drawn(motion, 8)
        ref.put(f"paths.{motion}", torch.from_numpy(paths[0]), "[2, F, 4]: x, y, size, angle; size 0: not there")
        ref.put(f"paper.{motion}", torch.from_numpy(paper[0]), "its colour")
        clip = draw_clips(small[None], paths, paper, SIDE)[0, list(FRAMES)]
        ref.put(f"frames.{motion}", clip, "[3, 3, 16, 16]: frames 0, 3 and 7")
    for net in ("joint", "encoder"):
        model = load_any(ROOT / "models" / f"vivit-{net}")
        assert isinstance(model, ViViT)
        model.eval()
        for motion in OPENED:
            paths, paper = drawn(motion, model.cfg.frames)
            clip = draw_clips(signs_at(model.cfg.image)[None], paths, paper, model.cfg.image)
            if (net, motion) == ("joint", "right"):
                ref.put(
                    "joint.distances", distances(model, clip), "[depth, h, 2]: of each head, in tubelets and patches"
                )
            for change, (network, x) in changed(clip, model).items():
                with torch.inference_mode():
                    probs = network(x).softmax(-1)[0]
                ref.put(f"{net}.{motion}.{change}", probs, "[K]: probabilities of the classes")
    return ref
