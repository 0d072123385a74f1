"""What lesson 9's exercise and outcomes say, measured with PyTorch and our own evaluator.

    PYTHONPATH=. python lessons/09-dit/tests/measure.py seeds --classes 1,7 --seeds 4,5,12
    PYTHONPATH=. python lessons/09-dit/tests/measure.py told

`seeds` says how sure the evaluator is of the class in the lesson's four pictures, for both networks. `told` writes
measured.json beside the lesson: how far the predicted noise is off where a network is told the true time, and another.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import reference
import torch
from reference import MODELS, NOISE_SEED, PICTURES, Denoiser, rms
from torch import Tensor

from training.diffusion import add_noise, sample
from training.diffusion.noise import normals
from training.export.read import load_any
from training.measure.gallery import small_picture
from training.paths import ROOT

HERE = Path(__file__).parent
#: The class that the lesson opens with.
reference.LABEL = 1
STEPS = 20
#: True time, and what the network is told instead: the two lies of the lesson's step, and the middle one.
LIES = ((0.8, 0.2), (0.15, 0.9), (0.5, 0.9), (0.5, 0.1))
TRUE = (0.05, 0.2, 0.5, 0.8, 0.95)


def painted(model: Denoiser, label: int, seed: int, guidance: float) -> list[Tensor]:
    """The states [4, C, S, S] of a guided run, each step's."""
    shape = (3, 32, 32)
    start = torch.stack([torch.from_numpy(normals(seed, 0, 3 * 32 * 32, k)).reshape(shape) for k in range(PICTURES)])

    def ask(x: Tensor, t: float) -> Tensor:
        time = torch.full((len(x),), model.network_time(t))
        with torch.inference_mode():
            named: Tensor = model.net(x.float(), time, torch.full((len(x),), label))
            bare: Tensor = model.net(x.float(), time, torch.full((len(x),), 10))
        return (bare + guidance * (named - bare)).double()

    predicts = model.diffusion["prediction"]
    return [step.x for step in sample("dpmpp-2m", model.process, ask, predicts, start, STEPS, clip=(-1.0, 1.0))]


def seeds(classes: list[int], numbers: list[int], guidance: float) -> None:
    """One line for each class, seed and network."""
    judge: Any = load_any(ROOT / "models" / "cnn-cifar10")
    models = {kind: Denoiser(name) for kind, name in MODELS.items()}
    for seed in numbers:
        for label in classes:
            runs = {kind: painted(model, label, seed, guidance) for kind, model in models.items()}
            for kind, states in runs.items():
                with torch.inference_mode():
                    sure = judge(states[-1].float().clamp(-1, 1)).softmax(-1)[:, label]
                print(label, seed, kind, [round(float(p), 3) for p in sure], flush=True)
            apart = [round(rms(a - b), 3) for a, b in zip(runs["uvit"], runs["dit"], strict=True)]
            print(label, seed, "apart", apart, flush=True)


def told() -> None:
    """Write measured.json."""
    models = {kind: Denoiser(name) for kind, name in MODELS.items()}
    picture = small_picture("golden-retriever")
    eps = torch.from_numpy(normals(NOISE_SEED, 0, picture.numel())).reshape(picture.shape)
    out: dict[str, Any] = {"lies": [], "true": []}
    for true, lie in LIES:
        row: dict[str, Any] = {"true": true, "told": lie}
        for kind, model in models.items():
            x = add_noise(model.process, true, picture, eps)
            right, wrong = (rms(model.eps(x, true, a) - eps) for a in model.ask(x, [true, lie]))
            row[kind] = {"right": round(right, 4), "wrong": round(wrong, 4)}
        out["lies"].append(row)
    for true in TRUE:
        row = {"t": true}
        said: dict[str, Tensor] = {}
        for kind, model in models.items():
            x = add_noise(model.process, true, picture, eps)
            said[kind] = model.eps(x, true, model.ask(x, [true])[0])
            row[kind] = round(rms(said[kind] - eps), 4)
        row["apart"] = round(rms(said["uvit"] - said["dit"]), 4)
        out["true"].append(row)
    (HERE.parent / "measured.json").write_text(json.dumps(out, indent=1) + "\n")
    print(json.dumps(out))


def numbers(text: str) -> list[int]:
    return [int(n) for n in text.split(",")]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["seeds", "told"])
    parser.add_argument("--classes", default="1,7")
    parser.add_argument("--seeds", default="4,5,12")
    parser.add_argument("--guidance", type=float, default=3.0)
    args = parser.parse_args()
    if args.what == "told":
        told()
    else:
        seeds(numbers(args.classes), numbers(args.seeds), args.guidance)


if __name__ == "__main__":
    main()
