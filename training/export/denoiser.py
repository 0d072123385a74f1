"""A denoiser's folder: config, weights and golden tensors.

Keys of golden.safetensors: `g/<tensor>` for one input, inputs included (see docs/adding-a-model.md);
denoisers also `s/...`, sampling runs of 10 steps.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.config import Config
from training.data.pictures import Label
from training.diffusion.generate import CLIP, Recipe, run
from training.diffusion.noise import SeededNoise
from training.export.golden import RULE, Arrays, golden_picture, store
from training.export.read import load_any
from training.export.write import preprocessing, write_model
from training.models.dit import DiT
from training.models.uvit import UViT

SEED = 7
STEPS = 10
GUIDANCE = 2.0
RUNS = ("ddpm", "ddim", "ddim-eta1", "euler", "heun", "dpmpp-2m", "sde")


def diffusion_json(config: Config) -> dict[str, Any]:
    """The `diffusion` object of config.json: what a sampler must know."""
    d = config.diffusion
    steps = {} if d.process in ("vp", "rectified-flow") else {"steps": d.steps}
    return {"process": d.process, **steps, "prediction": d.prediction, "time": d.time}


def export_denoiser(
    folder: Path, config: Config, weights: dict[str, Tensor], labels: list[Label], whole: bool, bits: int = 16
) -> None:
    """Write a U-ViT's or DiT's folder; `whole`: golden tensors in full, else sampled. `bits`: see write_model."""
    cfg: Any = config.model
    diffusion = diffusion_json(config)
    values = {
        "name": config.name,
        "architecture": config.architecture,
        "config": cfg.to_json(),
        "diffusion": diffusion,
        "preprocessing": preprocessing(cfg.image, "squash"),
        "labels": [vars(label) for label in labels] if cfg.classes else [],
    }

    def golden() -> tuple[Arrays, dict[str, str]]:
        model = load_any(folder)
        assert isinstance(model, UViT | DiT)
        return denoiser_golden(model, diffusion, whole)

    write_model(folder, values, weights, golden, bits)


def denoiser_golden(model: UViT | DiT, diffusion: dict[str, Any], whole: bool) -> tuple[Arrays, dict[str, str]]:
    """Every tensor of one forward pass of two samples (a class; none), and the sampling runs."""
    cfg = model.cfg
    tensors: Arrays = {}
    meta = {"sample": "full" if whole else RULE}
    picture = golden_picture(cfg.image, cfg.channels)
    noise = SeededNoise(SEED, stream=9).normal(picture.shape).astype(np.float32)
    x = torch.from_numpy(np.concatenate([0.8 * picture + 0.6 * noise, noise]))
    t = torch.tensor([0.35, 0.9]) * (1 if diffusion["time"] == "unit" else 999)
    y = torch.tensor([3 % max(cfg.classes, 1), cfg.classes])
    capture: dict[str, Tensor] = {}
    with torch.inference_mode():
        model(x, t, y if cfg.classes else None, capture)
    for name, value in capture.items():
        store(tensors, meta, f"g/{name}", value, whole or name in ("x", "t", "y", "prediction"))
    start = torch.from_numpy(SeededNoise(SEED).normal((1, *picture.shape[1:]))).float()
    store(tensors, meta, "s/noise", start, True)
    for name in RUNS:
        recipe = golden_recipe(name, diffusion)
        if recipe is None:
            continue
        last = run(model, diffusion, recipe, start, y[:1], SeededNoise(SEED, stream=1))
        store(tensors, meta, f"s/{name}/x", last.x, True)
        facts = {"sampler": recipe.sampler, "steps": STEPS, "guidance": GUIDANCE, "class": int(y[0]), "clip": CLIP}
        facts |= {"seed": SEED, "stream": 1, "start": recipe.start, **recipe.own()}
        meta[f"s/{name}"] = json.dumps(facts)
    return tensors, meta


def golden_recipe(name: str, diffusion: dict[str, Any]) -> Recipe | None:
    """The run of that name, or None where the process has no such sampler."""
    flow = diffusion["process"] == "rectified-flow"
    if flow and name in ("ddpm", "ddim-eta1", "sde"):
        return None
    start = 0.999 if flow and name == "dpmpp-2m" else 1.0
    sampler, _, eta = name.partition("-eta")
    return Recipe(sampler, STEPS, GUIDANCE, eta=float(eta) if eta else None, start=start)
