"""Twins beside each other: equal runs that differ in their attention, every seed, at every side they learned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from training.config import Config, seeded
from training.errors import TrainingError
from training.export.write import write_json
from training.measure.evaluate import load_val
from training.models.swin import Swin
from training.models.swin_config import SwinConfig, multiply_adds
from training.tasks.accuracy import predict
from training.train.runs import load_run, run_folder

SAME = ("data", "augment", "teacher", "train")


def check_twins(configs: list[Config]) -> list[SwinConfig]:
    """The networks of twins; raises TrainingError unless data, views, teacher and schedule are the same."""
    for config in configs:
        for key in SAME:
            if getattr(config, key) != getattr(configs[0], key):
                raise TrainingError(f"{config.source} has another [{key}] than {configs[0].source}; they are no twins.")
    networks = [config.model for config in configs]
    if not all(isinstance(cfg, SwinConfig) for cfg in networks):
        raise TrainingError("Twins are of the architecture swin; leave the other configs out.")
    return [cfg for cfg in networks if isinstance(cfg, SwinConfig)]


def top1_of(config: Config, cfg: SwinConfig, saved: dict[str, Any], side: int) -> dict[str, float]:
    """Top-1 and top-5 of the first average of a checkpoint on all held-out pictures of that side."""
    model = Swin(cfg)
    model.load_state_dict(saved["emas"][0])
    val, _ = load_val(Path(config.data.folder), config.data.set, side, config.data.fit, config.data.val_shards)
    probs = predict(model.eval(), val.images, 0, batch=64, bf16=True)
    first = np.argsort(-probs, axis=1)[:, :5]
    hit = first == val.labels[:, None]
    return {"top1": round(float(hit[:, 0].mean()), 4), "top5": round(float(hit.any(1).mean()), 4)}


def compare_twins(configs: list[Config], seeds: list[int], path: Path) -> dict[str, Any]:
    """Measure every run that has a checkpoint and write `path`; the others are left out.

    A row: {name, seed, steps, images, seconds, parameters, sides: {side: {multiplyAdds, top1, top5}}}.
    """
    rows: list[dict[str, Any]] = []
    for config, cfg in zip(configs, check_twins(configs), strict=True):
        for seed in seeds:
            run = seeded(config, seed)
            if not (run_folder(run, None) / "latest.pt").is_file():
                continue
            saved: dict[str, Any] = {**load_run(run, run_folder(run, None))}
            sides = {
                str(side): {"multiplyAdds": multiply_adds(cfg, side), **top1_of(run, cfg, saved, side)}
                for side in config.train.resolutions
            }
            facts = {"steps": saved["step"], "images": saved["images_seen"], "seconds": round(saved["seconds"])}
            count = sum(value.numel() for value in saved["emas"][0].values())
            rows.append({"name": config.name, "seed": seed, **facts, "parameters": count, "sides": sides})
    files = " ".join(config.source for config in configs)
    command = f"python -m training twins {files} --seeds {' '.join(map(str, seeds))}"
    result = {"command": command, "of": configs[0].train.steps, "batch": configs[0].train.batch, "rows": rows}
    write_json(path, result)
    return result


def table(result: dict[str, Any]) -> str:
    """The rows as a Markdown table: top-1 at each side."""
    sides = sorted({side for row in result["rows"] for side in row["sides"]}, key=int)
    head = ["twin", "seed", "steps", "parameters", "multiply-adds", *(f"top-1 at {side}" for side in sides)]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in result["rows"]:
        cost = row["sides"][sides[0]]["multiplyAdds"] / 1e6
        cells = [row["name"], row["seed"], row["steps"], f"{row['parameters']:,}", f"{cost:.1f} M"]
        cells += [f"{100 * row['sides'][side]['top1']:.1f} %" for side in sides]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)
