"""Masked autoencoding: three quarters of the patches are hidden and painted back."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.config import Config
from training.data.augment import augment
from training.data.pictures import PictureSet
from training.errors import TrainingError
from training.models.mae import MAE, MAEConfig, masking
from training.tasks.base import Batch, Parts, Rows, Task, resident, unit_range

MEASURED = 512


class Mask(Task):
    """Crops and flips as in classification; every picture has its own mask."""

    def __init__(
        self,
        config: Config,
        train: PictureSet,
        val: PictureSet | None,
        device: torch.device,
        model: nn.Module | None = None,
    ) -> None:
        cfg = config.model
        if not isinstance(cfg, MAEConfig):
            raise TrainingError(f"{config.source}: this task needs the architecture mae.")
        torch.manual_seed(config.seed)
        super().__init__(config, model or MAE(cfg, config.train.drop_path), device)
        self.cfg, self.train_set = cfg, train
        self.images = torch.from_numpy(np.array(train.images)).to(device) if device.type != "cpu" else None
        self.val = None if val is None else resident(val.images[:MEASURED], cfg.image, device)
        self.rows = Rows(len(train), config.train.batch, config.seed)
        self.call = self.compiled(self.net().loss)

    def net(self) -> MAE:
        """The autoencoder."""
        assert isinstance(self.model, MAE)
        return self.model

    def batch(self, step: int) -> Batch:
        """Crops and masks of a step."""
        rows = self.own(self.rows(step))
        rng = np.random.default_rng([self.config.seed, step, self.rank])
        images = self.train_set.images[np.sort(rows)] if self.images is None else self.images[torch.from_numpy(rows)]
        sizes = self.train_set.sizes[np.sort(rows) if self.images is None else rows]
        view = augment(images, sizes, self.cfg.image, self.config.augment, rng)
        noise = torch.rand(
            (self.config.train.batch, self.cfg.grid**2), generator=self.generator(step), device=self.device
        )
        return {"x": view.x, "ids": masking(self.own(noise), self.cfg.visible)}

    def forward(self, batch: Batch) -> tuple[Tensor, Parts]:
        with self.autocast():
            loss = self.call(batch["x"], *batch["ids"])
        return loss, {}

    def fresh_model(self) -> nn.Module:
        return MAE(self.cfg).to(self.device)

    def measure(self, model: nn.Module) -> dict[str, Any]:
        """Loss on 512 held-out pictures under masks that never change."""
        if self.val is None or not isinstance(model, MAE):
            return {}
        generator = torch.Generator(self.device).manual_seed(11)
        total = 0.0
        with torch.inference_mode(), self.autocast():
            for start in range(0, len(self.val), 64):
                x = unit_range(self.val[start : start + 64])
                noise = torch.rand((len(x), self.cfg.grid**2), generator=generator, device=self.device)
                total += float(model.loss(x, *masking(noise, self.cfg.visible))) * len(x)
        return {"loss": round(total / len(self.val), 6)}
