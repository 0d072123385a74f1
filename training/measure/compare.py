"""Losses of several runs of one data order, step by step, in one table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from training.config import Config
from training.errors import TrainingError
from training.export.read import read_metrics
from training.export.write import write_json
from training.measure.plot import chart, read_log
from training.paths import cache_folder

SAME = ("seed", "data", "diffusion")


def constant_steps(config: Config) -> int:
    """Steps until the learning rate begins to fall: as far as runs of different length agree."""
    train = config.train
    if train.schedule != "linear":
        return 0
    return train.warmup + int((1 - train.decay_share) * (train.steps - train.warmup))


def compare(configs: list[Config], models: Path, every: int) -> list[dict[str, Any]]:
    """Rows `{step, images, loss: {name: mean over the steps since the row before}}` into each metrics.json.

    Raises TrainingError for runs that saw other data, times or noise.
    """
    first = configs[0]
    for other in configs[1:]:
        for key in SAME:
            if getattr(other, key) != getattr(first, key):
                raise TrainingError(f"{other.source} has another '{key}' than {first.source}; they cannot be compared.")
        if (other.train.batch, other.train.lr) != (first.train.batch, first.train.lr):
            raise TrainingError(f"{other.source} has another batch or lr than {first.source}; make them equal.")
    logs = {c.name: dict(read_log(cache_folder() / "runs" / c.name / "log.jsonl", "loss", every)) for c in configs}
    steps = sorted({step for log in logs.values() for step in log})
    rows = [
        {
            "step": step,
            "images": step * first.train.batch,
            "loss": {name: round(log[step], 6) for name, log in logs.items() if step in log},
        }
        for step in steps
    ]
    table = {
        "command": f"python -m training compare {' '.join(c.source for c in configs)} --every {every}",
        "loss": f"training loss, mean of {every} steps; the same pictures, times and noise at a step",
        "constantRateUntilStep": {c.name: constant_steps(c) for c in configs},
        "rows": rows,
    }
    title = f"Training loss of {', '.join(logs)}"
    svg = chart({name: sorted(log.items()) for name, log in logs.items()}, "step", "loss", title, log=True)
    for config in configs:
        folder = models / config.name
        write_json(folder / "metrics.json", {**read_metrics(folder), "losses": table})
        (folder / "losses.svg").write_text(svg)
    return rows
