"""What lesson 8 opens with, and what each of its changes does to that: measured with PyTorch and our own evaluator.

    PYTHONPATH=. python lessons/08-uvit/tests/measure.py seeds --classes 1,7,9 --count 12
    PYTHONPATH=. python lessons/08-uvit/tests/measure.py runs

`seeds` says how sure the evaluator (models/cnn-cifar10) is of the class in the lesson's four pictures, for each class
and seed; `opening.ts` takes the one whose least sure picture is surest. `runs` writes
measured.json beside the lesson, and heard.json here: attention and guesses step by step.
"""

from __future__ import annotations

import argparse
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import torch
from reference import (
    NAME,
    PICTURES,
    STEPS,
    Asked,
    Change,
    capture_at,
    changes,
    denoiser,
    heard,
    painted,
    rms,
)
from torch import Tensor

from training.diffusion.noise import normals
from training.export.read import load_any
from training.paths import ROOT

HERE = Path(__file__).parent
TWIN = "uvit-cifar10-noskip"


def opening() -> dict[str, float]:
    """The numbers of opening.ts."""
    text = (HERE.parent / "opening.ts").read_text()
    return {key: float(value) for key, value in re.findall(r"^  (\w+): ([\d.]+),", text, re.M)}


@cache
def evaluator() -> Any:
    """The project's classifier of CIFAR-10."""
    return load_any(ROOT / "models" / "cnn-cifar10")


def seen(x: Tensor, label: int) -> list[float]:
    """How sure the evaluator is of a class in each picture [n, 3, S, S], 0 to 1."""
    with torch.inference_mode():
        return [round(float(p), 4) for p in evaluator()(x.clamp(-1, 1)).softmax(-1)[:, label]]


def seeds(classes: list[int], first: int, count: int, guidance: float) -> None:
    """One line for each class and seed."""
    for seed in range(first, first + count):
        for label in classes:
            last = painted(NAME, PICTURES, STEPS, Change(), Asked(label=label, seed=seed, guidance=guidance))[-1]
            sure = seen(last.x, label)
            print(json.dumps({"class": label, "seed": seed, "least": min(sure), "seen": sure}), flush=True)


def asked_noise(seed: int) -> Tensor:
    """The noise that the first picture of a seed begins with, [C, S, S]."""
    cfg = denoiser(NAME).cfg
    each = cfg.channels * cfg.image**2
    return torch.from_numpy(normals(seed, 0, each, 0)).float().reshape(cfg.channels, cfg.image, cfg.image)


def cuts() -> dict[str, Change]:
    """The changes that the lesson's steps, outcomes and exercise name, beside those of the reference."""
    net = denoiser(NAME)
    n, heads = net.cfg.half, net.cfg.heads

    def one(j: int, to: float = 0.0) -> Change:
        return Change(gates=tuple(to if i == j else 1.0 for i in range(n)))

    own = {key: change for key, change in changes(net).items() if key not in ("intact", "label-swap")}
    return {
        **own,
        **{f"skip-{j}": one(j) for j in range(n)},
        "conv-half": Change(conv=0.5),
        "held-1": Change(held=1.0),
        "held-0": Change(held=0.0),
        **{f"swap-{step}": Change(label_from=step) for step in (1, 3, 6, 9, 12, 20)},
        **{f"heads-{b}": Change(cut=tuple((b, h) for h in range(heads))) for b in (n, 2 * n)},
        **{f"head-{h}": Change(cut=((0, h),)) for h in range(heads)},
    }


def runs() -> None:
    """Write measured.json: distances from the intact run, and what the evaluator sees."""
    own = opening()
    label, other = int(own["class"]), int(own["other"])
    asked = Asked(label, other, int(own["seed"]), own["guidance"])
    intact = painted(NAME, PICTURES, STEPS, Change(), asked)

    def told(run: list[Any], swapped: bool = False) -> dict[str, Any]:
        guesses = [round(float(rms(a.x0, b.x0)), 4) for a, b in zip(run, intact, strict=True)]
        return {
            "apart": round(float(rms(run[-1].x, intact[-1].x)), 4),
            "seen": seen(run[-1].x, label),
            **({"seenAsOther": seen(run[-1].x, other)} if swapped else {}),
            "guesses": guesses,
        }

    out: dict[str, Any] = {"opening": {**own, "seen": seen(intact[-1].x, label)}, "changes": {}, "heard": {}}
    for key, change in cuts().items():
        out["changes"][key] = told(painted(NAME, PICTURES, STEPS, change, asked), change.label_from is not None)
        print(key, out["changes"][key]["apart"], out["changes"][key]["seen"], flush=True)
    # What the heads look at over the run: [blocks, heads] at the first, the ninth and the last step, and the mean.
    states = [(asked_noise(asked.seed), 1.0), *((step.x[0], step.t) for step in intact[:-1])]
    net = denoiser(NAME)
    all_heard = torch.stack([heard(net, capture_at(NAME, x, t, label)) for x, t in states])
    for m, key in enumerate(("toTime", "toLabel", "fromTime", "fromLabel", "distance")):
        run = all_heard[:, m]
        rows = {"first": run[0], "ninth": run[8], "last": run[-1], "mean": run.mean(0)}
        out["heard"][key] = {name: [[round(float(v), 4) for v in row] for row in table] for name, table in rows.items()}
    out["changes"]["twin"] = told(painted(TWIN, PICTURES, STEPS, Change(), asked))
    more = {"heard": out.pop("heard"), "guesses": {key: told.pop("guesses") for key, told in out["changes"].items()}}
    (HERE.parent / "measured.json").write_text(json.dumps(out, indent=1) + "\n")
    (HERE / "heard.json").write_text(json.dumps(more, indent=1) + "\n")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["seeds", "runs"])
    parser.add_argument("--classes", default="1,7,9")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--guidance", type=float, default=3.0)
    args = parser.parse_args()
    if args.what == "seeds":
        seeds([int(c) for c in args.classes.split(",")], args.first, args.count, args.guidance)
    else:
        runs()


if __name__ == "__main__":
    main()
