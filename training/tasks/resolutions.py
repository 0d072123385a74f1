"""Classification at changing resolutions: pictures of one of several sides a step, a teacher's soft labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.config import Config
from training.data.augment import augment
from training.data.pictures import Label, PictureSet
from training.errors import TrainingError
from training.models.swin import Swin
from training.models.swin_config import SwinConfig
from training.tasks.accuracy import measure, predict
from training.tasks.base import Batch, Parts, Rows, Task
from training.tasks.distil.soft_labels import divergence


class Resolutions(Task):
    """A Swin pyramid or one of its twins.

    Rows, crops and sides of a step depend on the seed and the step alone, so that twins of one seed and batch see the
    same pixels. `logits`: a teacher's, float [n, K] in the order of the training pictures; None learns from the labels
    alone. `held_out` gives the held-out pictures at a side.
    """

    def __init__(
        self,
        config: Config,
        train: PictureSet,
        held_out: Callable[[int], PictureSet] | None,
        labels: list[Label],
        device: torch.device,
        logits: np.ndarray | None = None,
    ) -> None:
        cfg = config.model
        if not isinstance(cfg, SwinConfig):
            raise TrainingError(f"{config.source}: this task needs the architecture swin.")
        sides = config.train.resolutions or [cfg.image]
        for side in sides:
            cfg.check_side(side)
        if config.train.drop_path or config.augment.shift or config.augment.mixup or config.augment.cutmix:
            raise TrainingError(
                f"{config.source}: drop_path, shift, mixup and cutmix are not for the architecture swin; set them to 0."
            )
        torch.manual_seed(config.seed)
        super().__init__(config, Swin(cfg), device)
        self.cfg, self.names, self.sides = cfg, labels, sides
        self.train_set, self.held_out = train, held_out
        self.images = torch.from_numpy(np.array(train.images)).to(device) if device.type != "cpu" else None
        self.logits = None if logits is None else torch.from_numpy(np.array(logits))
        self.rows = Rows(len(train), config.train.batch, config.seed)

    def batch(self, step: int) -> Batch:
        """Crops at the step's side, their labels, the teacher's logits, and ratios of pruned windows."""
        train = self.config.train
        rng = np.random.default_rng([self.config.seed, step])
        shares = np.array(train.resolution_shares or [1.0] * len(self.sides))
        side = int(rng.choice(self.sides, p=shares / shares.sum()))
        ratios = [float(r) for r in rng.uniform(0, train.prune, len(self.cfg.depths))] if train.prune > 0 else None
        rows = self.own(np.sort(self.rows(step)))
        if self.world > 1:  # each process its own crops
            rng = np.random.default_rng([self.config.seed, step, self.rank])
        images = self.train_set.images[rows] if self.images is None else self.images[torch.from_numpy(rows)]
        view = augment(images, self.train_set.sizes[rows], side, self.config.augment, rng)
        at = torch.from_numpy(rows)
        return {
            "x": view.x,
            "labels": torch.from_numpy(self.train_set.labels[rows]).long().to(self.device),
            "teacher": None if self.logits is None else self.logits[at].float().to(self.device),
            "ratios": ratios,
            "side": side,
        }

    def forward(self, batch: Batch) -> tuple[Tensor, Parts]:
        """Cross-entropy with smoothed labels; with a teacher also the divergence from its soft labels."""
        with self.autocast():
            logits = self.model(batch["x"], ratios=batch["ratios"]).float()
        loss = F.cross_entropy(logits, batch["labels"], label_smoothing=self.config.train.label_smoothing)
        parts: Parts = {"ce": loss.detach()}
        if batch["teacher"] is not None:
            soft = divergence(logits, batch["teacher"], self.config.teacher.temperature)
            loss = loss + self.config.teacher.soft_weight * soft
            parts["soft"] = soft.detach()
        return loss, parts

    def fresh_model(self) -> nn.Module:
        return Swin(self.cfg).to(self.device)

    def say(self, batch: Batch) -> str:
        return f" (side {batch['side']})"

    def measure(self, model: nn.Module) -> dict[str, Any]:
        """Top-1 and mean per class on a fixed part of the held-out pictures, at the smallest and the largest side."""
        result: dict[str, Any] = {}
        if self.held_out is None:
            return result
        for side in sorted({min(self.sides), max(self.sides)}):
            val = self.held_out(side)
            rows = np.sort(np.random.default_rng(0).permutation(len(val))[: self.config.train.eval_count])
            probs = predict(model, val.images[rows], 0, bf16=self.config.train.bf16)
            row = measure(probs, val.labels[rows], self.names)
            result[f"i{side}"] = {k: row[k] for k in ("top1", "top5", "meanPerClass", "ece")}
        return result
