"""What a classifier says of the gallery's pictures, those of its classes and those of none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.errors import TrainingError
from training.export.read import load_model, read_metrics, read_model_config
from training.export.write import write_json
from training.measure.gallery import picture
from training.paths import ROOT


def out_of_distribution(folder: Path, patch: int = 16, gallery: Path = ROOT / "static" / "pictures") -> dict[str, Any]:
    """Top answer and its probability for each picture of the gallery, into metrics.json (`outOfDistribution`)."""
    path = gallery / "pictures.json"
    if not path.is_file():
        raise TrainingError(f"{path} is missing; run this in the project's root, with the gallery in static/pictures.")
    listed = json.loads(path.read_text())
    listed = listed if isinstance(listed, list) else listed["pictures"]
    names = [label["id"] for label in read_model_config(folder)["labels"]]
    model = load_model(folder)
    known: list[dict[str, Any]] = []
    unknown: list[dict[str, Any]] = []
    for entry in listed:
        with torch.inference_mode():
            probs = model(picture(entry["id"], folder.name), patch).softmax(-1)[0]
        top = int(probs.argmax())
        row = {"picture": entry["id"], "called": names[top], "probability": round(float(probs[top]), 4)}
        truth = entry.get("class")
        if truth in names:
            known.append({**row, "is": truth})
        else:
            unknown.append(row)
    result = {
        "command": f"python -m training out-of-distribution models/{folder.name}",
        "patch": patch,
        "known": len(known),
        "right": sum(row["called"] == row["is"] for row in known),
        "medianProbabilityKnown": round(float(np.median([row["probability"] for row in known])), 4),
        "medianProbabilityUnknown": round(float(np.median([row["probability"] for row in unknown])), 4),
        "unknown": sorted(unknown, key=lambda row: -row["probability"]),
        "wrong": [row for row in known if row["called"] != row["is"]],
    }
    write_json(folder / "metrics.json", {**read_metrics(folder), "outOfDistribution": result})
    return result
