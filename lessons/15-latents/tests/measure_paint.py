"""How far lesson 15's paintings go when a word is taken out, and when other words come half-way: over many seeds.

    PYTHONPATH=. python lessons/15-latents/tests/measure_paint.py

writes measured-paint.json beside the lesson for the weights that lie in models/ (minutes on one core). Run it again
after every export of kl-f8, clip or uvit-words: paint-measured.test.ts compares checksums.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.diffusion import finish, process, sample
from training.diffusion.generate import Told, guided
from training.diffusion.noise import SeededNoise
from training.export.read import read_model_config
from training.measure.painter import Painter, read_painter
from training.paths import ROOT

OUT = Path(__file__).parent.parent / "measured-paint.json"
STEPS, GUIDANCE, STYLE, SEED = 20, 3.0, 0, 1  # what the lesson opens with
PAINTINGS = 8
TEXT = "smiling face with sunglasses"
FIRST, OTHER = "goat", "mushroom"
AFTER = (0, 2, 5, 10, 15)


def paint(painter: Painter, words: Sequence[tuple[int, str]], count: int) -> Tensor:
    """Pictures in -1 ... 1 [n, 3, S, S] by DDIM; words: from which step on which text is told, the first from 0."""
    cfg = painter.model.cfg
    y = torch.full((count,), STYLE)
    shape = (cfg.channels, cfg.image, cfg.image)
    x = torch.from_numpy(np.stack([SeededNoise(SEED, stream=k).normal(shape) for k in range(count)])).float()
    empty = painter.reader([""])
    asked = [
        (after, guided(painter.model, y, GUIDANCE, cfg.classes, told=Told(painter.reader([text] * count), empty)))
        for after, text in words
    ]
    done = 0

    def call(state: Tensor, time: float) -> Tensor:
        nonlocal done
        _, now = [one for one in asked if one[0] <= done][-1]
        done += 1
        return now(state, time)

    made = painter.diffusion
    with torch.inference_mode():
        last = finish(
            sample(
                "ddim",
                process(made["process"], made.get("steps", 1000)),
                call,
                made["prediction"],
                x,
                STEPS,
                time=made["time"],
            )
        )
    return painter.decode(last.x).float() / 127.5 - 1


def apart(a: Tensor, b: Tensor) -> float:
    """Root mean square difference of pictures, each by itself, and of these the mean."""
    return round(float((a - b).square().mean(dim=(1, 2, 3)).sqrt().mean()), 4)


def figures(painter: Painter, count: int = PAINTINGS) -> dict[str, Any]:
    """What the steps `without` and `swap` say."""
    whole = paint(painter, [(0, TEXT)], count)
    said = TEXT.split()
    without = {
        word: apart(whole, paint(painter, [(0, " ".join(w for w in said if w != word))], count)) for word in said
    }
    first = paint(painter, [(0, FIRST)], count)
    told = {after: [(0, OTHER)] if after == 0 else [(0, FIRST), (after, OTHER)] for after in AFTER}
    swapped = {str(after): apart(first, paint(painter, words, count)) for after, words in told.items()}
    return {"paintings": count, "without": without, "swapped": swapped}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    args = parser.parse_args()
    folder = args.models / "uvit-words"
    config = read_model_config(folder)
    names = [folder.name, config["autoencoder"]["model"], config["text"]["model"]]
    weights = {name: read_model_config(args.models / name)["files"]["model.safetensors"]["sha256"] for name in names}
    out = {"weights": weights, **figures(read_painter(folder))}
    OUT.write_text(json.dumps(out, indent=1) + "\n")
    print(json.dumps(out))


if __name__ == "__main__":
    main()
