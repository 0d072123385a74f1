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
from training.models.blocks import unpatchify
from training.models.mae import MAE, MAEConfig, masking
from training.models.vit import ViT
from training.tasks.base import Batch, Parts, Rows, Task, resident, unit_range
from training.tasks.painting import edge_error, feature_error

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
        judge: ViT | None = None,
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
        # A judge learns nothing and is kept nowhere: it is hidden from the module's own parts.
        self.judge: tuple[ViT, ...] = () if judge is None else (judge.to(device).eval().requires_grad_(False),)
        if config.mask.features and not self.judge:
            raise TrainingError(f"{config.source} [mask] features needs a judge; name a ViT's folder.")
        if cfg.norm_pixels and (config.mask.edges or config.mask.features):
            raise TrainingError(f"{config.source} [mask] wants pictures; set norm_pixels = false or both weights to 0.")
        self.call = self.compiled(self.paint)

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

    def paint(self, x: Tensor, ids_keep: Tensor, ids_restore: Tensor) -> Tensor:
        """What is decoded, `patch_pred` [B, N, p p C]."""
        return self.net().decode(self.net().encode(x, ids_keep), ids_restore)

    def forward(self, batch: Batch) -> tuple[Tensor, Parts]:
        x, (keep, restore) = batch["x"], batch["ids"]
        with self.autocast():
            values = self.call(x, keep, restore)
            loss = self.net().error(values, x, keep, restore)
            extra, parts = self.beside(values.float(), x, restore)
        return loss + extra, {"pixels": loss.detach(), **parts} if parts else {}

    def beside(self, values: Tensor, x: Tensor, restore: Tensor) -> tuple[Tensor, Parts]:
        """The other errors of painted pictures, weighed and summed, and each by its name."""
        parts: Parts = {}
        wanted, total = self.config.mask, x.new_zeros(())
        if not (wanted.edges or wanted.features):
            return total, parts
        cfg = self.cfg
        hidden = (restore >= cfg.visible).view(-1, 1, cfg.grid, cfg.grid)
        hidden = hidden.repeat_interleave(cfg.patch, 2).repeat_interleave(cfg.patch, 3)
        painted = torch.where(hidden, unpatchify(values, cfg.patch, cfg.channels), x)
        if wanted.edges:
            error = edge_error(painted, x, hidden)
            total, parts["edges"] = total + wanted.edges * error, error.detach()
        for judge in self.judge:
            down, right = torch.randint(wanted.patch, (2,)).tolist()  # the loop has seeded it by (seed, step)
            error = feature_error(judge, painted, x, wanted.patch, wanted.blocks, (down, right))
            total, parts["features"] = total + wanted.features * error, error.detach()
        return total, parts

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
