"""Denoising: the network predicts x0, eps, v or u of a picture with noise."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.config import Config, DiffusionConfig
from training.data.pictures import PictureSet
from training.diffusion import logit_normal_time, process, training_batch
from training.diffusion.process import Process
from training.errors import TrainingError
from training.models.dit import DiT, DiTConfig
from training.models.unet import UNet, UNetConfig
from training.models.uvit import UViT, UViTConfig
from training.tasks.base import Batch, Parts, Rows, Task, flip_some, resident, unit_range

Denoiser = UViT | DiT | UNet
MEASURED = 1024


def make_denoiser(cfg: Any, drop_path: float = 0.0) -> Denoiser:
    """The network of a UViTConfig, DiTConfig or UNetConfig."""
    if isinstance(cfg, UViTConfig):
        return UViT(cfg, drop_path)
    if isinstance(cfg, DiTConfig):
        return DiT(cfg, drop_path)
    if isinstance(cfg, UNetConfig):
        return UNet(cfg)
    raise TrainingError(f"'{type(cfg).__name__}' is no denoiser; use the architecture uvit, dit or unet.")


def draw_times(cfg: DiffusionConfig, made: Process, unit: np.ndarray) -> list[float]:
    """t in (0, 1] from values in (0, 1): [B] to B floats, on whole indices of a discrete schedule."""
    if cfg.times == "logit-normal":
        normal = NormalDist()
        times = [logit_normal_time(normal.inv_cdf(float(u)), cfg.logit_mean, cfg.logit_deviation) for u in unit]
    elif cfg.times == "cosine":  # lambda = -log tan(pi u / 2), the cosine schedule's half log SNR
        times = [made.time_at(-math.log(math.tan(0.5 * math.pi * float(u)))) for u in unit]
    else:
        times = [float(u) for u in unit]
    if made.schedule is not None:
        steps = made.schedule.steps
        times = [min(steps, math.floor(t * steps) + 1) / steps for t in times]
    return times


def stratified(rng: np.random.Generator, count: int) -> np.ndarray:
    """One value in each of `count` equal stretches of (0, 1), shuffled: float64 [count].

    A batch then covers all times; source: Kingma et al. 2021 (VDM), appendix I.1.
    """
    values = (np.arange(count) + rng.uniform(1e-6, 1 - 1e-6, count)) / count
    return np.asarray(rng.permutation(values))


def denoising_error(
    cfg: DiffusionConfig, made: Process, told: Callable[[Tensor, Tensor], Tensor], batch: Batch
) -> tuple[Tensor, Tensor]:
    """(weighted, plain) mean square error of each of a batch's x0 [B, C, S, S] with eps at its times: [B], [B].

    `told`: (noisy pictures, network time [B]) to the prediction.
    """
    made_batch = training_batch(
        made, cfg.prediction, batch["times"], batch["x0"], batch["eps"], cfg.time, cfg.weighting, cfg.gamma
    )
    found = told(made_batch.x, made_batch.time)
    plain = (found.float() - made_batch.target).square().mean((1, 2, 3))
    return made_batch.weight * plain, plain


def begin_wide(model: nn.Module, identity: bool) -> None:
    """Xavier's uniform weights in every linear layer (Glorot & Bengio 2010, eq. 16), biases as they are.

    `identity`: the last convolution begins as the identity; a random one blurs the first steps.
    """
    for module in model.modules():
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
    if identity and isinstance(model, UViT) and model.final_layer is not None:
        nn.init.dirac_(model.final_layer.weight)


class Diffuse(Task):
    """Pictures resident on the device; flips; the class dropped now and then for guidance."""

    def __init__(
        self,
        config: Config,
        train: PictureSet,
        val: PictureSet | None,
        device: torch.device,
        model: nn.Module | None = None,
    ) -> None:
        cfg = config.model
        if not isinstance(cfg, UViTConfig | DiTConfig | UNetConfig):
            raise TrainingError(f"{config.source}: a denoiser needs the architecture uvit, dit or unet.")
        torch.manual_seed(config.seed)
        if model is None:
            model = make_denoiser(cfg, config.train.drop_path)
            if config.train.init != "published" and isinstance(model, UViT):
                begin_wide(model, config.train.init == "identity")
        super().__init__(config, model, device)
        self.cfg, self.diffusion = cfg, config.diffusion
        if config.diffusion.class_drop > 0 and cfg.classes and not cfg.null_class:
            raise TrainingError(
                f"{config.source}: class_drop needs model.null_class = true; set it, or class_drop = 0."
            )
        self.process = process(config.diffusion.process, config.diffusion.steps)
        self.images = resident(train.images, cfg.image, device)
        self.labels = torch.from_numpy(np.asarray(train.labels)).to(device)
        self.val = None if val is None else (resident(val.images[:MEASURED], cfg.image, device), val.labels[:MEASURED])
        self.rows = Rows(len(train), config.train.batch, config.seed)
        self.call = self.compiled(self.model.forward)

    def batch(self, step: int) -> Batch:
        """x0, eps [B, C, S, S], y [B] and times of a step."""
        count = self.config.train.batch
        rng = np.random.default_rng([self.config.seed, step])
        rows = torch.from_numpy(self.own(self.rows(step))).to(self.device)
        flipped = self.own(rng.random(count) < self.config.augment.flip)
        dropped = self.own(rng.random(count) < self.diffusion.class_drop)
        times = draw_times(self.diffusion, self.process, self.own(stratified(rng, count)))
        x0 = flip_some(unit_range(self.images[rows]), torch.from_numpy(flipped).to(self.device))
        shape = (count, *x0.shape[1:])
        eps = self.own(torch.randn(shape, generator=self.generator(step), device=self.device))
        y = self.labels[rows]
        if self.cfg.classes:
            y = torch.where(torch.from_numpy(dropped).to(self.device), self.cfg.classes, y)
        return {"x0": x0, "eps": eps, "y": y, "times": times}

    def error(self, call: Any, batch: Batch) -> tuple[Tensor, Tensor]:
        """(weighted, plain) mean square error of each picture: [B], [B]."""

        def told(x: Tensor, t: Tensor) -> Tensor:
            with self.autocast():
                found: Tensor = call(x, t, batch["y"] if self.cfg.classes else None)
            return found

        return denoising_error(self.diffusion, self.process, told, batch)

    def forward(self, batch: Batch) -> tuple[Tensor, Parts]:
        weighted, plain = self.error(self.call, batch)
        return weighted.mean(), {"mse": plain.detach().mean()}

    def fresh_model(self) -> nn.Module:
        return make_denoiser(self.cfg).to(self.device)

    def measure(self, model: nn.Module) -> dict[str, Any]:
        """Loss on 1,024 held-out pictures at times and with noise that never change."""
        if self.val is None:
            return {}
        images, labels = self.val
        rng = np.random.default_rng(11)
        times = draw_times(self.diffusion, self.process, stratified(rng, len(images)))
        generator = torch.Generator(self.device).manual_seed(11)
        total = torch.zeros(2, dtype=torch.float64)
        with torch.inference_mode():
            for start in range(0, len(images), 128):
                part = slice(start, start + 128)
                x0 = unit_range(images[part])
                eps = torch.randn(x0.shape, generator=generator, device=self.device)
                y = torch.from_numpy(np.asarray(labels[part])).to(self.device)
                both = self.error(model, {"x0": x0, "eps": eps, "y": y, "times": times[part]})
                total += torch.stack([value.sum() for value in both]).double().cpu()
        loss, mse = (total / len(images)).tolist()
        return {"loss": round(loss, 6), "mse": round(mse, 6)}
