"""What lesson 15 says of attention to words and of walks between texts: means over several words.

    PYTHONPATH=. python lessons/15-latents/tests/measure_told.py

writes measured-told.json beside the lesson for the weights that lie in models/ (about two minutes on one core). Run it
again after every export of kl-f8, clip or uvit-words: told-measured.test.ts compares checksums.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from measure_paint import GUIDANCE, SEED, STEPS, STYLE
from torch import Tensor

from training.data.text.tokenizer import SPECIAL, read_tokenizer
from training.diffusion import process, sample
from training.diffusion.generate import Told, guided
from training.diffusion.noise import SeededNoise
from training.diffusion.timesteps import network_time, time_grid
from training.export.read import read_model_config
from training.measure.painter import Painter, read_painter
from training.paths import ROOT

OUT = Path(__file__).parent.parent / "measured-told.json"
WORDS = ("goat", "mushroom", "bus", "sunflower", "smiling face with sunglasses", "red heart", "fish", "house")
# Steps after which the attention is measured.
EARLY, LATE = 3, 17
PAIRS = (("goat", "mushroom"), ("bus", "fish"), ("sunflower", "red heart"), ("house", "goat"))
# Pictures of a walk, as on the page.
SHARES = tuple(k / 6 for k in range(7))


def noises(painter: Painter, seeds: list[int]) -> Tensor:
    """Noise of the first stream of each seed, [n, C, s, s]."""
    cfg = painter.model.cfg
    shape = (cfg.channels, cfg.image, cfg.image)
    return torch.from_numpy(np.stack([SeededNoise(seed).normal(shape) for seed in seeds])).float()


def states(painter: Painter, x: Tensor, context: Tensor) -> list[Tensor]:
    """The noise and the state after each of the steps of DDIM, told these features [n, L, D]."""
    y = torch.full((len(x),), STYLE)
    told = Told(context, painter.reader([""]))
    found = [x]
    with torch.inference_mode():
        steps = sample(
            "ddim",
            process(painter.diffusion["process"], painter.diffusion.get("steps", 1000)),
            guided(painter.model, y, GUIDANCE, painter.model.cfg.classes, told=told),
            painter.diffusion["prediction"],
            x,
            STEPS,
            time=painter.diffusion["time"],
        )
        found.extend(step.x.clone() for step in steps)
    return found


def shares(painter: Painter, x: Tensor, step: int, text: str, empty: bool = False) -> dict[str, float]:
    """What the patches of one state give to the parts of the sequence; `most`: of one head to the text itself."""
    cfg, made = painter.model.cfg, painter.diffusion
    run = process(made["process"], made.get("steps", 1000))
    t = network_time(made["time"], time_grid(run, STEPS, "uniform", 1.0, 0.0)[step], run)
    capture: dict[str, Tensor] = {}
    y = torch.tensor([cfg.classes if empty else STYLE])
    with torch.inference_mode():
        painter.model(x, torch.tensor([float(t)]), y, capture, context=painter.reader(["" if empty else text]))
    probs = torch.stack([value[0] for name, value in capture.items() if name.endswith(".attn.probs")]).double()
    first = probs.shape[-1] - (cfg.image // cfg.patch) ** 2
    given = probs[:, :, first:, :first].mean(2)  # [blocks, heads, tokens before the patches]
    ids = read_tokenizer().encode("" if empty else text)[: cfg.context_tokens]
    begin = first - cfg.context_tokens
    kind = {
        name: [begin + i for i, token in enumerate(ids) if token == special] for name, special in SPECIAL_IDS.items()
    }
    kind["words"] = [begin + i for i, token in enumerate(ids) if token not in SPECIAL_IDS.values()]
    found = {name: float(given[:, :, places].sum(-1).mean()) for name, places in kind.items()}
    found["most"] = float(given[:, :, kind["words"]].sum(-1).max())
    return {**found, "style": float(given[..., 0].mean()), "time": float(given[..., begin - 1].mean())}


SPECIAL_IDS = {name.strip("<>"): i for i, name in enumerate(SPECIAL)}


def mean(found: list[dict[str, float]]) -> dict[str, float]:
    """Means by name, in percent."""
    return {key: round(100 * float(np.mean([one[key] for one in found])), 2) for key in found[0]}


def attention(painter: Painter) -> dict[str, Any]:
    """Early and late, told the text and told none."""
    runs = [(word, states(painter, noises(painter, [SEED]), painter.reader([word]))) for word in WORDS]
    return {
        "early": mean([shares(painter, run[EARLY], EARLY, word) for word, run in runs]),
        "late": mean([shares(painter, run[LATE], LATE, word) for word, run in runs]),
        "empty": mean([shares(painter, run[EARLY], EARLY, word, empty=True) for word, run in runs]),
    }


def slerp(a: Tensor, b: Tensor, u: float) -> Tensor:
    """As src/lib/diffusion/math/slerp.ts."""
    angle = torch.arccos((a * b).sum() / (a.norm() * b.norm()))
    return (torch.sin((1 - u) * angle) * a + torch.sin(u * angle) * b) / torch.sin(angle)


def largest(painter: Painter, x: Tensor, context: Tensor) -> float:
    """Of a walk's change from picture to picture the part that its largest jump makes, in percent."""
    pictures = painter.decode(states(painter, x, context)[-1]).float()
    jumps = (pictures[1:] - pictures[:-1]).abs().mean((1, 2, 3))
    return float(100 * jumps.max() / jumps.sum())


def walks(painter: Painter) -> dict[str, float]:
    """The largest jump of walks along the text and along the noise, mean over the pairs."""
    a, b = noises(painter, [SEED, SEED + 1])
    still, arc = torch.stack([a] * len(SHARES)), torch.stack([slerp(a, b, u) for u in SHARES])
    along_text, along_noise = [], []
    for first, second in PAIRS:
        start, end = painter.reader([first, second])
        along_text.append(largest(painter, still, torch.stack([start + u * (end - start) for u in SHARES])))
        along_noise.append(largest(painter, arc, torch.stack([start] * len(SHARES))))
    return {"text": round(float(np.mean(along_text)), 1), "noise": round(float(np.mean(along_noise)), 1)}


def figures(painter: Painter) -> dict[str, Any]:
    """What the steps `attend` and `walk` say."""
    return {"words": len(WORDS), "pairs": len(PAIRS), "attention": attention(painter), "walks": walks(painter)}


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
