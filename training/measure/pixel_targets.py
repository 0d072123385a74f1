"""A masked autoencoder's two targets, pixels as they are or normalised in each patch, with equal budgets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.config import Config
from training.data.pictures import PictureSet
from training.errors import TrainingError
from training.models.mae import MAE, MAEConfig, masking, pixel_order
from training.tasks.base import resident, unit_range
from training.train.device import choose_device
from training.train.loop import Trainer
from training.train.runs import load_set, make_task

TRAIN, TEST = 4000, 2000  # pictures of the linear probe


def painted_error(model: MAE, pictures: Tensor) -> float:
    """Square error of the hidden patches in pixels of [-1, 1], under masks that never change.

    A model with normalised targets predicts no brightness and no contrast; it is given those of the true
    patch, so its figure flatters it.
    """
    cfg, generator = model.cfg, torch.Generator().manual_seed(11)
    total = 0.0
    with torch.inference_mode():
        for start in range(0, len(pictures), 128):
            x = unit_range(pictures[start : start + 128])
            keep, restore = masking(torch.rand((len(x), cfg.grid**2), generator=generator), cfg.visible)
            found = model.decode(model.encode(x, keep), restore)
            target = pixel_order(x, cfg.patch)
            if cfg.norm_pixels:
                deviation = (target.var(-1, keepdim=True) + 1e-6).sqrt()
                found = found * deviation + target.mean(-1, keepdim=True)
            hidden = restore >= cfg.visible
            total += float((found - target).square().mean(-1)[hidden].mean()) * len(x)
    return total / len(pictures)


def probe(model: MAE, train: PictureSet, test: PictureSet) -> float:
    """Test accuracy of ridge regression from the encoder's mean patch token, nothing hidden."""
    ids = torch.arange(model.cfg.grid**2)

    def features(pictures: PictureSet, count: int) -> np.ndarray:
        images = resident(pictures.images[:count], model.cfg.image, torch.device("cpu"))
        with torch.inference_mode():
            parts = [model.encode(unit_range(part), ids)[:, 1:].mean(1) for part in torch.split(images, 500)]
        out: np.ndarray = torch.cat(parts).double().numpy()
        return out

    order = np.random.default_rng(3).permutation(len(train))[:TRAIN]
    some = PictureSet(train.images[np.sort(order)], train.labels[np.sort(order)], train.sizes, train.names)
    a, b = features(some, TRAIN), features(test, TEST)
    mean, deviation = a.mean(0), a.std(0) + 1e-6
    a, b = (a - mean) / deviation, (b - mean) / deviation
    target = np.eye(int(train.labels.max()) + 1)[some.labels[: len(a)]]
    share = target.mean(0)
    weights = np.linalg.solve(a.T @ a + 10 * np.eye(a.shape[1]), a.T @ (target - share))
    return float(((b @ weights + share).argmax(1) == test.labels[: len(b)]).mean())


def compare_targets(config: Config, folder: Path) -> list[dict[str, Any]]:
    """Train both variants and measure: rows `{normPixels, paintedError, probeTop1, …}`."""
    if not isinstance(config.model, MAEConfig):
        raise TrainingError(f"{config.source} is no masked autoencoder; name a config with architecture = 'mae'.")
    train, test, _ = load_set(config)
    assert test is not None
    rows = []
    for norm in (False, True):
        changed = replace(config, model=replace(config.model, norm_pixels=norm))
        run = folder / f"pixels-{'normalised' if norm else 'plain'}"
        trainer = Trainer(changed, run, make_task(changed, run, choose_device("cpu")))
        trainer.resume()
        trainer.run()
        model = trainer.ema_model()
        assert isinstance(model, MAE)
        pictures = resident(test.images[:1024], config.model.image, torch.device("cpu"))
        rows.append(
            {
                "normPixels": norm,
                "paintedError": round(painted_error(model, pictures), 5),
                "probeTop1": round(probe(model, train, test), 4),
                "loss": trainer.task.measure(model)["loss"],
                "steps": trainer.step,
                "images": trainer.images_seen,
                "seconds": round(trainer.seconds),
            }
        )
    return rows
