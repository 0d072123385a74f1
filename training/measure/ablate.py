"""The same small run again and again with one thing changed: `python -m training ablate`.

Every run has the same budget, data order and noise; two seeds tell what is chance. Runs that are done
are kept in the run folder, so that the command goes on where it was stopped. models/ablations.json
holds the results in the order of VARIANTS.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import torch

from training.config import ARCHITECTURES, Config
from training.errors import TrainingError
from training.export.write import write_json
from training.train.device import choose_device, device_words
from training.train.loop import Trainer
from training.train.runs import make_task

SCHEMA = "patchwork-ablations/1"
Change = dict[str, Any]

# id: (group, what is other than in the base: keys of [model], [diffusion] or [train], or the architecture)
VARIANTS: dict[str, tuple[str, Change]] = {
    "base": ("base", {}),
    "skip-none": ("skip", {"skip": "none"}),
    "skip-add": ("skip", {"skip": "add"}),
    "skip-project-add": ("skip", {"skip": "project-add"}),
    "skip-add-project": ("skip", {"skip": "add-project"}),
    "conv-off": ("conv", {"conv": False}),
    "conv-random": ("conv", {"init": "xavier"}),
    "positions-none": ("positions", {"positions": "none"}),
    "eps": ("prediction", {"prediction": "eps"}),
    "x0": ("prediction", {"prediction": "x0"}),
    "blocks-3": ("blocks", {"depth": 2}),
    "blocks-13": ("blocks", {"depth": 12}),
    "width-32": ("width", {"dim": 32}),
    "width-128": ("width", {"dim": 128}),
    "patch-2": ("patch", {"patch": 2}),
    "patch-8": ("patch", {"patch": 8}),
    # Time and class as tokens against adaLN-Zero: two plain transformers of five blocks, without skips.
    "time-token": ("time", {"skip": "none", "conv": False, "positions": "sincos2d"}),
    "time-adaln": ("time", {"architecture": "dit", "depth": 5}),
}


def changed(config: Config, change: Change, seed: int) -> Config:
    """The base with a change of [model], [diffusion] or [train], and another seed.

    With another architecture the keys that both have are taken over and the others get its defaults.
    """
    architecture = change.get("architecture", config.architecture)
    model: Any = config.model
    if architecture != config.architecture:
        shared = {field.name for field in fields(ARCHITECTURES[architecture])} - {"qkv_bias", "norm_eps", "gelu"}
        model = ARCHITECTURES[architecture](
            **{k: v for k, v in asdict(model).items() if k in shared and k != "positions"}
        )

    def own(section: Any) -> Change:
        return {k: v for k, v in change.items() if hasattr(section, k)}

    return replace(
        config,
        architecture=architecture,
        model=replace(model, **own(model)),
        diffusion=replace(config.diffusion, **own(config.diffusion)),
        train=replace(config.train, **own(config.train)),
        seed=seed,
    )


def one_run(config: Config, folder: Path) -> dict[str, Any]:
    """Train (or go on, or read what is done): held-out loss and mse, seconds, parameters, the curve."""
    done = folder / "done.json"
    if done.is_file():
        kept: dict[str, Any] = json.loads(done.read_text())
        return kept
    task = make_task(config, folder, choose_device(config.train.device))
    trainer = Trainer(config, folder, task)
    trainer.resume()
    trainer.run()
    figures = task.measure(trainer.ema_model())
    rows = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    rows = [row for row in rows if "loss" in row]
    result = {
        "seed": config.seed,
        **figures,
        "seconds": round(trainer.seconds, 1),
        "parameters": sum(p.numel() for p in task.model.parameters()),
        "device": device_words(trainer.device),
        "curve": {"step": [row["step"] for row in rows], "loss": [row["loss"] for row in rows]},
    }
    write_json(done, result)
    (folder / "latest.pt").unlink(missing_ok=True)
    return result


def summary(runs: list[dict[str, Any]]) -> dict[str, float]:
    """Mean, smallest and largest held-out loss over the seeds."""
    losses = [run["loss"] for run in runs]
    mean = sum(losses) / len(losses)
    return {"mean": round(mean, 6), "min": min(losses), "max": max(losses)}


def ablate(config: Config, runs: Path, out: Path, seeds: list[int], wanted: list[str] | None = None) -> dict[str, Any]:
    """Run every variant with every seed and write `out` after each, so that a stop loses little.

    Raises TrainingError for a variant that does not exist or a base that is no denoiser of `steps`.
    """
    unknown = sorted(set(wanted or []) - set(VARIANTS))
    if unknown:
        raise TrainingError(f"There is no variant '{unknown[0]}'; use some of {', '.join(VARIANTS)}.")
    if config.architecture != "uvit" or config.train.minutes:
        raise TrainingError(f"{config.source}: ablations want a uvit with steps and no minutes, so that budgets agree.")
    result: dict[str, Any] = {
        "schema": SCHEMA,
        "command": f"python -m training ablate {config.source}",
        "torch": torch.__version__,
        "base": {
            "architecture": config.architecture,
            "config": config.model.to_json(),
            "diffusion": {k: getattr(config.diffusion, k) for k in ("process", "prediction", "times", "weighting")},
            "steps": config.train.steps,
            "batch": config.train.batch,
            "images": config.train.steps * config.train.batch,
            "lr": config.train.lr,
            "init": config.train.init,
        },
        "measured": {
            "loss": "square error of x0 weighted by min(SNR, 5), on held-out pictures; the same for eps, v and x0",
            "mse": "square error of what is predicted, not comparable between eps, v and x0",
            "pictures": 1024,
        },
        "variants": [],
    }
    for name in wanted or VARIANTS:
        group, change = VARIANTS[name]
        rows = []
        for seed in seeds:
            rows.append(one_run(changed(config, change, seed), runs / f"{name}-{seed}"))
            print(f"{name} seed {seed}: loss {rows[-1]['loss']:.6f} in {rows[-1]['seconds']:.0f} s", flush=True)
        parameters, device = rows[0]["parameters"], rows[0]["device"]
        kept = [{k: v for k, v in row.items() if k not in ("parameters", "device")} for row in rows]
        result["variants"].append(
            {
                "id": name,
                "group": group,
                "change": change,
                "parameters": parameters,
                "device": device,
                "loss": summary(rows),
                "seeds": kept,
            }
        )
        write_json(out, result)
    return result
