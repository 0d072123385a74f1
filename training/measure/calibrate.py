"""Temperature scaling of an exported classifier, folded into its head."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.data.pictures import Label
from training.errors import TrainingError
from training.export.read import load_model, read_metrics, read_model_config
from training.export.vit import export_vit
from training.export.write import write_json
from training.measure.evaluate import load_val, measuring_order
from training.tasks.accuracy import calibration_error, predict


def mean_nll(log_probs: Tensor, labels: Tensor, temperature: float) -> float:
    """Mean negative log-likelihood of labels [n] under softmax(log_probs / T), log_probs [n, K]."""
    picked = (log_probs / temperature).log_softmax(-1).gather(1, labels[:, None])
    return float(-picked.mean())


def fit_temperature(log_probs: Tensor, labels: Tensor, low: float = 0.05, high: float = 20.0) -> float:
    """The T > 0 that minimises mean_nll, by golden section over log T in [log low, log high].

    Source: Guo et al. 2017, "On Calibration of Modern Neural Networks" (arXiv 1706.04599), section 4.2.
    The answers keep their order; only their probabilities change.
    """
    ratio = (5**0.5 - 1) / 2
    a, b = float(np.log(low)), float(np.log(high))
    while b - a > 1e-4:
        c, d = b - ratio * (b - a), a + ratio * (b - a)
        if mean_nll(log_probs, labels, float(np.exp(c))) < mean_nll(log_probs, labels, float(np.exp(d))):
            b = d
        else:
            a = c
    return float(np.exp((a + b) / 2))


def calibrate(folder: Path, data: Path, kind: str, patches: list[int], photos: int) -> dict[str, Any]:
    """Fit T on held-out photos that `evaluate` then leaves out, divide the head by it, write the folder anew.

    Each of `patches` sees `photos` photos; one T serves all patch sizes, for there is one head. Into
    metrics.json goes `temperature`, what was found before and after on the photos of the fit; what was
    measured of the weights before goes out of it, so `evaluate` is to follow.
    Raises TrainingError for a model that was not trained for one of `patches`.
    """
    config = read_model_config(folder)
    sizes: list[int] = config["patchSizes"]
    if unknown := [patch for patch in patches if patch not in sizes]:
        raise TrainingError(f"{folder} was not trained for patch size {unknown[0]}; use some of {sizes}.")
    model, prep = load_model(folder), config["preprocessing"]
    pictures, _ = load_val(data, kind, prep["size"], prep["fit"])
    rows = np.sort(measuring_order(len(pictures), photos)[1])
    labels = pictures.labels[rows]
    found = [predict(model, pictures.images[rows], patch, bf16=True, progress=True) for patch in patches]
    log_probs = torch.from_numpy(np.concatenate(found)).double().clamp_min(1e-30).log()
    targets = torch.from_numpy(np.tile(labels, len(patches))).long()
    temperature = fit_temperature(log_probs, targets)
    after = (log_probs / temperature).softmax(-1).numpy()
    weights = {key: value.clone() for key, value in model.state_dict().items()}
    for key in ("head.weight", "head.bias"):
        weights[key] /= temperature
    names = [Label(**label) for label in config["labels"]]
    sampled = [patch for patch in sizes if patch in (8, 16, 32)]
    export_vit(folder, config["name"], weights, model.cfg, names, sizes, prep["fit"], sampled=sampled)
    result = {
        "command": f"python -m training calibrate models/{folder.name} --photos {photos} "
        f"--patches {' '.join(map(str, patches))}",
        "value": round(temperature, 4),
        "photos": photos,
        "patches": patches,
        "nll": [round(mean_nll(log_probs, targets, t), 4) for t in (1.0, temperature)],
        "ece": [round(calibration_error(p, targets.numpy()), 4) for p in (np.concatenate(found), after)],
    }
    write_json(folder / "metrics.json", {"run": read_metrics(folder).get("run", {}), "temperature": result})
    return result
