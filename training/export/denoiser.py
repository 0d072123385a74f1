"""A denoiser's folder: config, weights and golden tensors.

Keys of golden.safetensors: `g/<tensor>` for one input, inputs included (see docs/adding-a-model.md);
denoisers also `s/...`, sampling runs of 10 steps. A denoiser of latents names the model folders it stands on in its
config.json, each with the SHA-256 of the weights it was trained with, and has `s/context` and `s/empty` beside
`s/noise`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.config import Config
from training.data.pictures import Label
from training.data.text.reader import TextReader
from training.diffusion.generate import CLIP, Recipe, Told, run
from training.diffusion.noise import SeededNoise
from training.export.golden import RULE, Arrays, golden_picture, store
from training.export.read import load_any
from training.export.write import digest, preprocessing, write_model
from training.models.dit import DiT
from training.models.unet import UNet
from training.models.uvit import UViT

SEED = 7
STEPS = 10
GUIDANCE = 2.0
TEXT = "goat"
RUNS = ("ddpm", "ddim", "ddim-eta1", "euler", "heun", "dpmpp-2m", "sde")


def diffusion_json(config: Config) -> dict[str, Any]:
    """The `diffusion` object of config.json: what a sampler must know."""
    d = config.diffusion
    steps = {} if d.process in ("vp", "rectified-flow") else {"steps": d.steps}
    return {"process": d.process, **steps, "prediction": d.prediction, "time": d.time}


def stands_on(name: str) -> dict[str, str]:
    """A model folder that another model needs: its name, and the SHA-256 of its weights."""
    folder = Path(os.path.expandvars(name)).expanduser()
    return {"model": folder.name, "sha256": digest(folder / "model.safetensors")["sha256"]}


def export_denoiser(
    folder: Path,
    config: Config,
    weights: dict[str, Tensor],
    labels: list[Label],
    whole: bool,
    bits: int = 16,
    reader: TextReader | None = None,
) -> None:
    """Write a U-ViT's, DiT's or U-Net's folder; `whole`: golden tensors in full, else sampled. `bits`: see write_model.

    `reader`: of a denoiser of latents, what it is told of texts.
    """
    cfg: Any = config.model
    diffusion = diffusion_json(config)
    values = {
        "name": config.name,
        "architecture": config.architecture,
        "config": cfg.to_json(),
        "diffusion": diffusion,
        **({} if reader is None else {key: stands_on(getattr(config.latent, key)) for key in ("autoencoder", "text")}),
        "preprocessing": preprocessing(cfg.image, "squash"),
        "labels": [vars(label) for label in labels] if cfg.classes else [],
    }

    def golden() -> tuple[Arrays, dict[str, str]]:
        model = load_any(folder)
        assert isinstance(model, UViT | DiT | UNet)
        return denoiser_golden(model, diffusion, whole, None if reader is None else reader([TEXT, ""]))

    write_model(folder, values, weights, golden, bits)


def denoiser_golden(
    model: UViT | DiT | UNet, diffusion: dict[str, Any], whole: bool, context: Tensor | None = None
) -> tuple[Arrays, dict[str, str]]:
    """Every tensor of one forward pass of two samples (a class; none), and the sampling runs.

    `context` [2, L, D]: features of a text and of the empty one, of a network that reads texts.
    """
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
        model(x, t, y if cfg.classes else None, capture, **({} if context is None else {"context": context}))
    for name, value in capture.items():
        store(tensors, meta, f"g/{name}", value, whole or name in ("x", "t", "y", "context", "prediction"))
    start = torch.from_numpy(SeededNoise(SEED).normal((1, *picture.shape[1:]))).float()
    store(tensors, meta, "s/noise", start, True)
    told = None if context is None else Told(context[:1], context[1:])
    if told is not None:
        store(tensors, meta, "s/context", told.context, True)
        store(tensors, meta, "s/empty", told.empty, True)
    for name in RUNS:
        recipe = golden_recipe(name, diffusion)
        if recipe is None:
            continue
        last = run(model, diffusion, recipe, start, y[:1], SeededNoise(SEED, stream=1), told=told)
        store(tensors, meta, f"s/{name}/x", last.x, True)
        facts = {"sampler": recipe.sampler, "steps": STEPS, "guidance": GUIDANCE, "class": int(y[0])}
        facts |= {"clip": CLIP if told is None else None}
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
