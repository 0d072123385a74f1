"""Contrast without words: two random views of a picture belong together, those of all other pictures do not.

Source: Chen et al. 2020, "A Simple Framework for Contrastive Learning of Visual Representations" (arXiv 2002.05709),
algorithm 1 and equation 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.config import Config
from training.data.augment import augment
from training.data.pictures import PictureSet
from training.errors import TrainingError
from training.models.vit import ViT, ViTConfig
from training.tasks.base import Batch, Parts, Rows, Task, resident

MEASURED = 512


def nt_xent(rows: Tensor, temperature: float) -> Tensor:
    """Of each view the cross-entropy of its partner among all other views: rows [2n, D] of length 1 to [2n].

    Rows 2k and 2k + 1 are the views of picture k.
    """
    logits = rows @ rows.T / temperature
    logits.fill_diagonal_(float("-inf"))
    return F.cross_entropy(logits, torch.arange(len(rows), device=rows.device) ^ 1, reduction="none")


class SimCLR(Task):
    """A ViT and a head of two layers on its class token; the contrast is of the head's outputs, the ViT is kept.

    Views are random crops, flips and colours of `augment`; the model's own classifier learns nothing here.
    """

    def __init__(
        self,
        config: Config,
        train: PictureSet,
        val: PictureSet | None,
        device: torch.device,
        temperature: float = 0.5,
        width: int = 128,
    ) -> None:
        cfg = config.model
        if not isinstance(cfg, ViTConfig):
            raise TrainingError(f"{config.source}: this task needs the architecture vit.")
        torch.manual_seed(config.seed)
        super().__init__(config, ViT(cfg, config.train.drop_path), device)
        self.cfg, self.train_set, self.temperature = cfg, train, temperature
        self.projector = nn.Sequential(nn.Linear(cfg.dim, cfg.dim), nn.ReLU(), nn.Linear(cfg.dim, width)).to(device)
        self.rows = Rows(len(train), config.train.batch, config.seed)
        self.images = torch.from_numpy(np.array(train.images)).to(device) if device.type != "cpu" else None
        self.val = None if val is None else resident(val.images[:MEASURED], cfg.image, device)

    def net(self) -> ViT:
        """The ViT."""
        assert isinstance(self.model, ViT)
        return self.model

    def batch(self, step: int) -> Batch:
        """Two views of each of a step's pictures, partners side by side: x [2 B, 3, S, S]."""
        rows = np.repeat(self.own(self.rows(step)), 2)
        rng = np.random.default_rng([self.config.seed, step, self.rank])
        images = self.train_set.images[rows] if self.images is None else self.images[torch.from_numpy(rows)]
        view = augment(images, self.train_set.sizes[rows], self.cfg.image, self.config.augment, rng)
        return {"x": view.x}

    def forward(self, batch: Batch) -> tuple[Tensor, Parts]:
        """NT-Xent, and how often a view's partner is the nearest of all others."""
        with self.autocast():
            model = self.net()
            rows = self.projector(model.pool(model.features(batch["x"])))
        rows = F.normalize(rows.float(), dim=-1)
        loss = nt_xent(rows, self.temperature).mean()
        with torch.no_grad():
            nearest = (rows @ rows.T).fill_diagonal_(-2.0).argmax(1)
            found = (nearest == torch.arange(len(rows), device=rows.device) ^ 1).float().mean()
        return loss, {"found": found}

    def fresh_model(self) -> nn.Module:
        return ViT(self.cfg).to(self.device)

    def measure(self, model: nn.Module) -> dict[str, Any]:
        """NT-Xent of two views of 512 held-out pictures at once, through the head as it stands."""
        if self.val is None or not isinstance(model, ViT):
            return {}
        pictures = np.repeat(self.val.permute(0, 2, 3, 1).cpu().numpy(), 2, axis=0)
        sizes = np.full((len(pictures), 2), self.cfg.image)
        view = augment(pictures, sizes, self.cfg.image, self.config.augment, np.random.default_rng(11))
        with torch.inference_mode(), self.autocast():
            pooled = [model.pool(model.features(part.to(self.device))) for part in torch.split(view.x, 128)]
            rows = F.normalize(self.projector(torch.cat(pooled)).float(), dim=-1)
        return {"loss": round(float(nt_xent(rows, self.temperature).mean()), 6)}
