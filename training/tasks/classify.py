"""Classification: soft targets, one patch size a step, distillation if there is a teacher."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.config import Config
from training.data.augment import View, augment, mix, shifted
from training.data.pictures import Label, PictureSet
from training.errors import TrainingError
from training.models.cnn import Cnn, CnnConfig
from training.models.vit import ViT, ViTConfig
from training.tasks.accuracy import measure, predict
from training.tasks.base import Batch, Parts, Rows, Task, resident, unit_range
from training.tasks.distil.distiller import Distiller

WHITENING_PICTURES = 5000


class Classify(Task):
    """A ViT at changing patch sizes, or the evaluator CNN.

    Pictures are augmented on the CPU, or on the accelerator where they are resident.
    """

    def __init__(
        self,
        config: Config,
        train: PictureSet,
        val: PictureSet | None,
        labels: list[Label],
        device: torch.device,
        distiller: Distiller | None = None,
        model: nn.Module | None = None,
    ) -> None:
        cfg = config.model
        if not isinstance(cfg, ViTConfig | CnnConfig):
            raise TrainingError(f"{config.source}: a classifier needs the architecture vit or cnn.")
        torch.manual_seed(config.seed)
        self_model = model or (ViT(cfg, config.train.drop_path) if isinstance(cfg, ViTConfig) else Cnn(cfg))
        super().__init__(config, self_model, device)
        self.cfg, self.names = cfg, labels
        self.train_set, self.val = train, val
        self.distiller = None if distiller is None else distiller.to(device)
        self.resident = device.type != "cpu"
        self.images = torch.from_numpy(np.array(train.images)).to(device) if self.resident else None
        counts = np.bincount(train.labels, minlength=cfg.classes).clip(1)
        weights = (counts.astype(float) ** -config.train.class_balance)[train.labels]
        self.cumulative = np.cumsum(weights / weights.sum())
        self.rows = Rows(len(train), config.train.batch, config.seed)
        self.flips = np.random.default_rng([config.seed, 13]).random(len(train)) < 0.5
        if config.augment.shift and train.images.shape[1] != cfg.image:
            raise TrainingError(
                f"{config.source} [augment] shift wants pictures of {cfg.image} pixels, the data's have "
                f"{train.images.shape[1]}; set shift = 0."
            )
        if isinstance(self.model, Cnn):
            first = resident(train.images[:WHITENING_PICTURES], cfg.image, device)
            self.model.whiten.fit(unit_range(first))
        if isinstance(self.model, ViT):
            self.call = self.compiled(self.model.features)

    def cropped(self, step: int, rng: np.random.Generator) -> tuple[np.ndarray, View, int]:
        """Rows of a step's pictures [B], random crops of them, and the step's patch size."""
        cfg = self.config
        rows = np.searchsorted(self.cumulative, rng.random(cfg.train.batch)).clip(0, len(self.train_set) - 1)
        rows = self.own(np.sort(rows))
        shares = np.array(cfg.train.patch_shares) / sum(cfg.train.patch_shares)
        patch = int(rng.choice(cfg.train.patch_sizes, p=shares))
        if self.world > 1:  # each process its own crops
            rng = np.random.default_rng([cfg.seed, step, self.rank])
        view = augment(self.pictures(rows), self.train_set.sizes[rows], self.cfg.image, cfg.augment, rng)
        return rows, view, patch

    def moved(self, step: int, rng: np.random.Generator) -> tuple[np.ndarray, View, int]:
        """Rows of a step's pictures [B], whole and shifted, flipped in every second epoch; 0, no patch size."""
        reach, order = self.config.augment.shift, self.rows(step)
        epochs = (step * len(order) + np.arange(len(order))) // len(self.train_set)
        flipped = self.own(self.flips[order] ^ (epochs % 2 == 1))
        moves = self.own(rng.integers(-reach, reach + 1, (len(order), 2)))
        rows = self.own(order)
        return rows, shifted(self.pictures(rows), moves, flipped), 0

    def pictures(self, rows: np.ndarray) -> np.ndarray | Tensor:
        """Training pictures uint8 [B, S, S, 3], on the accelerator where they are resident."""
        return self.train_set.images[rows] if self.images is None else self.images[torch.from_numpy(rows)]

    def batch(self, step: int) -> Batch:
        """Rows, views, soft targets and patch size of a step."""
        cfg = self.config
        rng = np.random.default_rng([cfg.seed, step])
        rows, view, patch = (self.moved if cfg.augment.shift else self.cropped)(step, rng)
        if self.world > 1:
            rng = np.random.default_rng([cfg.seed, step, self.rank, 1])
        labels = torch.from_numpy(self.train_set.labels[rows]).long().to(self.device)
        target = F.one_hot(labels, self.cfg.classes).float()
        smooth = cfg.train.label_smoothing
        target = target * (1 - smooth) + smooth / self.cfg.classes
        if self.distiller is None:
            view.x, target = mix(view.x, target, cfg.augment, rng)
        return {"rows": rows, "view": view, "target": target, "patch": patch}

    def forward(self, batch: Batch) -> tuple[Tensor, Parts]:
        """Cross-entropy with the soft targets, plus the distillation terms."""
        view: View = batch["view"]
        tokens: Tensor | None = None
        with self.autocast():
            if isinstance(self.model, ViT):
                tokens = self.call(view.x, batch["patch"])
                logits = self.model.head(self.model.pool(tokens)).float()
            else:
                logits = self.model(view.x).float()
        loss = torch.sum(-batch["target"] * logits.log_softmax(-1), -1).mean()
        parts: Parts = {"ce": loss.detach()}
        if self.distiller is not None and tokens is not None:
            extra, more = self.distiller(tokens, logits, batch["rows"], view)
            loss = loss + extra
            parts |= more
        return loss, parts

    def fresh_model(self) -> nn.Module:
        return (ViT(self.cfg) if isinstance(self.cfg, ViTConfig) else Cnn(self.cfg)).to(self.device)

    def say(self, batch: Batch) -> str:
        return f" (patch {batch['patch']})"

    def measure(self, model: nn.Module) -> dict[str, Any]:
        """Top-1 and mean per class on a fixed part of the held-out pictures."""
        if self.val is None:
            return {}
        rows = np.sort(np.random.default_rng(0).permutation(len(self.val))[: self.config.train.eval_count])
        sizes: list[int] = [0]
        if isinstance(self.cfg, ViTConfig):
            trained = self.config.train.patch_sizes
            sizes = [p for p in (16, 32) if p in trained] or trained[:1]
        result = {}
        for patch in sizes:
            probs = predict(model, self.val.images[rows], patch, bf16=self.config.train.bf16)
            row = measure(probs, self.val.labels[rows], self.names)
            result[f"p{patch}" if patch else "all"] = {k: row[k] for k in ("top1", "top5", "meanPerClass", "ece")}
        return result
