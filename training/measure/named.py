"""Whether what a masked autoencoder paints can still be named: a classifier's answers to painted photos.

A classifier is no stranger who looks at a picture, and says nothing of its own about sharpness; but it tells two
autoencoders apart that differ little in square error. Where it was the judge of a training (see tasks/painting.py),
its answers flatter that model.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.data.pictures import load_photos
from training.errors import TrainingError
from training.export.read import load_any, read_metrics, read_model_config
from training.export.write import write_json
from training.measure.paint import hidden_pixels
from training.models.mae import MAE, masking
from training.models.swin import Swin
from training.models.vit import ViT
from training.tasks.base import resident, unit_range

BATCH = 32
NAMES = ("top1", "top5", "error")


def smooth(x: Tensor, hidden: Tensor) -> Tensor:
    """Pictures x [B, C, S, S] with the hidden pixels (bool [B, 1, S, S]) filled without any learning.

    Each is the mean of all visible pixels weighed by a Gaussian of a 24th of the side, with a thousandth of one of an
    8th, which counts where nothing is near.
    """
    side = x.shape[-1]
    seen = (~hidden).float()
    reach = torch.arange(-(side // 4), side // 4 + 1, device=x.device)
    total, weight = torch.zeros_like(x), torch.zeros_like(seen)
    for part, share in ((24, 1.0), (8, 1e-3)):
        taps = torch.exp(-0.5 * (reach * part / side) ** 2)

        def spread(values: Tensor, taps: Tensor = taps) -> Tensor:
            count, half = values.shape[1], len(taps) // 2
            kernel = taps.repeat(count, 1, 1, 1)
            rows = F.conv2d(values, kernel, padding=(0, half), groups=count)
            return F.conv2d(rows, kernel.transpose(2, 3), padding=(half, 0), groups=count)

        total, weight = total + share * spread(x * seen), weight + share * spread(seen)
    return torch.where(hidden, total / weight.clamp(min=1e-8), x)


def answers(judge: ViT | Swin, x: Tensor, patch: int) -> Tensor:
    """The five likeliest classes [B, 5] of pictures [B, C, S, S], resized to the judge's own side."""
    side = judge.cfg.image
    resized = F.interpolate(x, size=(side, side), mode="bilinear", antialias=True)
    logits: Tensor = judge(resized, patch) if isinstance(judge, ViT) else judge(resized)
    return logits.topk(min(5, judge.cfg.classes), dim=1).indices


def named(
    folder: Path, judged_by: Path, data: Path, shards: int = 2, count: int = 512, patch: int = 16
) -> dict[str, Any]:
    """Top-1 and top-5 of a classifier on held-out photos whole, filled smoothly, and painted, into metrics.json.

    Masks never change; `error` is the mean square error of the hidden pixels. Raises TrainingError for a model that is
    no masked autoencoder, or whose target is normalised.
    """
    model, judge = load_any(folder), load_any(judged_by)
    if not isinstance(model, MAE):
        raise TrainingError(f"{folder} is no masked autoencoder; name a folder whose architecture is mae.")
    if model.cfg.norm_pixels:
        raise TrainingError(f"{folder} predicts normalised patches, which are no picture; train with plain pixels.")
    if not isinstance(judge, ViT | Swin):
        raise TrainingError(f"{judged_by} holds a {type(judge).__name__}, no classifier of photos; name a vit or swin.")
    cfg = model.cfg
    val = load_photos(data, "val", cfg.image, read_model_config(folder)["preprocessing"]["fit"], shards)
    rows = np.sort(np.random.default_rng(5).permutation(len(val))[:count])
    images, labels = resident(val.images[rows], cfg.image, torch.device("cpu")), torch.from_numpy(val.labels[rows])
    generator = torch.Generator().manual_seed(11)
    sums: dict[str, np.ndarray] = {key: np.zeros(3) for key in ("whole", "smooth", "painted")}
    with torch.inference_mode():
        for first in range(0, len(images), BATCH):
            x, truth = unit_range(images[first : first + BATCH]), labels[first : first + BATCH, None]
            keep, restore = masking(torch.rand((len(x), cfg.grid**2), generator=generator), cfg.visible)
            hidden = torch.cat([hidden_pixels(model, one) for one in restore])
            painted = torch.where(hidden, model(x, keep, restore), x)
            share = hidden.expand_as(x)
            for key, picture in (("whole", x), ("smooth", smooth(x, hidden)), ("painted", painted)):
                right = answers(judge, picture, patch) == truth
                error = (picture - x).square()[share].mean() * len(x)
                sums[key] += [int(right[:, 0].sum()), int(right.sum()), float(error)]
    result = {
        "command": f"python -m training named models/{folder.name}",
        "judge": judged_by.name,
        "photos": len(images),
        "hidden": f"{cfg.grid**2 - cfg.visible} of {cfg.grid**2} patches",
        **{
            key: {name: round(float(value) / len(images), 4) for name, value in zip(NAMES, row, strict=True)}
            for key, row in sums.items()
        },
    }
    write_json(folder / "metrics.json", {**read_metrics(folder), "named": result})
    return result
