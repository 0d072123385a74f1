"""Clips: which motion is seen. Every clip is drawn for its step and never seen again."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.config import Config
from training.data.clips import MOTIONS, TASKS, backward, draw_clips, draw_paths, frozen, halved, shuffled
from training.data.emoji.pack import EmojiSet
from training.errors import TrainingError
from training.models.vivit import ViViT
from training.models.vivit_config import ViViTConfig
from training.tasks.base import Batch, Parts, Rows, Task

SHARES = {"direction": 0.15, "turning": 0.25, "growing": 0.1, "first": 0.25, "time": 0.25}
"""How often each task is drawn in training: direction and growing are learned within 400 steps, the others are not."""


def draw_labels(count: int, rng: np.random.Generator) -> np.ndarray:
    """Classes int64 [count] of training clips, each task's in its share."""
    tasks = [motion.task for motion in MOTIONS]
    return rng.choice(len(MOTIONS), count, p=[SHARES[task] / tasks.count(task) for task in tasks])


def make_clips(emoji: EmojiSet, rows: np.ndarray, labels: np.ndarray, cfg: ViViTConfig, seed: list[int]) -> Tensor:
    """Clips float32 [B, F, 3, S, S] of these classes, with signs among `rows` of the pack on light paper."""
    rng = np.random.default_rng(seed)
    paths = draw_paths(labels, cfg.frames, rng)
    signs = emoji.images[rng.choice(rows, (len(labels), 2))]
    return draw_clips(signs, paths.values, rng.uniform(0.6, 1, (len(labels), 3)), cfg.image)


def accuracies(logits: Tensor, labels: np.ndarray) -> dict[str, float]:
    """Share of clips named rightly, for each task among its own classes, and their mean."""
    found: dict[str, float] = {}
    for task in TASKS:
        own = [i for i, motion in enumerate(MOTIONS) if motion.task == task]
        rows = np.flatnonzero(np.isin(labels, own))
        said = np.array(own)[logits[rows][:, own].argmax(1).numpy()]
        found[task] = round(float((said == labels[rows]).mean()), 4)
    return {**found, "mean": round(float(np.mean(list(found.values()))), 4)}


def timeless(model: ViViT) -> ViViT:
    """The same network with each place's positions drawn to their mean over the times; CLS keeps its own."""
    copy = deepcopy(model)
    table = copy.pos_embed if copy.temporal is None else copy.temporal.pos_embed
    cls = int(copy.cfg.has_cls)
    rows = table.data[:, cls:].reshape(1, copy.cfg.times, -1, table.shape[-1])
    table.data[:, cls:] = rows.mean(1, keepdim=True).expand_as(rows).flatten(1, 2)
    return copy


def measure_clips(model: nn.Module, emoji: EmojiSet, cfg: ViViTConfig, count: int, bf16: bool = True) -> dict[str, Any]:
    """Accuracies on `count` clips of held-out pictures: as they are, and with time taken away in several ways.

    Shuffled, one frame in place of all, from the end, every second frame twice; and, of a ViViT, as they are while the
    positions of each place are the same at all times (`timeless`).
    """
    rows = emoji.rows("pair")
    results: dict[str, list[Tensor]] = {}
    without = timeless(model) if isinstance(model, ViViT) else None
    labels = np.arange(count) % len(MOTIONS)
    device = next(model.parameters()).device
    for at in range(0, count, 64):
        clips = make_clips(emoji, rows, labels[at : at + 64], cfg, [20261, at])
        rng = np.random.default_rng([20262, at])
        ways = [
            ("ordered", model, clips),
            ("shuffled", model, shuffled(clips, rng)),
            ("frozen", model, frozen(clips, rng)),
            ("reversed", model, backward(clips)),
            ("half", model, halved(clips)),
            *([("timeless", without, clips)] if without else []),
        ]
        for name, net, x in ways:
            with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
                results.setdefault(name, []).append(net(x.to(device)).float().cpu())
    return {"clips": count, **{name: accuracies(torch.cat(rows), labels) for name, rows in results.items()}}


class Clips(Task):
    """A video transformer and the emoji pack at any side."""

    def __init__(self, config: Config, emoji: EmojiSet, device: torch.device) -> None:
        cfg = config.model
        if not isinstance(cfg, ViViTConfig):
            raise TrainingError(f"{config.source}: this task needs the architecture vivit.")
        if cfg.classes != len(MOTIONS):
            raise TrainingError(f"{config.source}: model.classes is {cfg.classes}, clips have {len(MOTIONS)}.")
        torch.manual_seed(config.seed)
        super().__init__(config, ViViT(cfg), device)
        self.cfg, self.emoji = cfg, emoji
        self.train_rows = emoji.rows("train")
        self.rows = Rows(len(self.train_rows), config.train.batch, config.seed)

    def batch(self, step: int) -> Batch:
        """Clips and classes of a step; each process draws its own."""
        rng = np.random.default_rng([self.config.seed, step, self.rank])
        labels = draw_labels(self.config.train.batch // self.world, rng)
        clips = make_clips(self.emoji, self.train_rows, labels, self.cfg, [self.config.seed, step, self.rank, 1])
        return {"x": clips.to(self.device), "labels": torch.from_numpy(labels).to(self.device)}

    def forward(self, batch: Batch) -> tuple[Tensor, Parts]:
        """Cross-entropy with smoothed labels over all motions."""
        with self.autocast():
            logits = self.model(batch["x"]).float()
        loss = F.cross_entropy(logits, batch["labels"], label_smoothing=self.config.train.label_smoothing)
        hit = (logits.argmax(1) == batch["labels"]).float().mean()
        return loss, {"ce": loss.detach(), "hit": hit.detach()}

    def fresh_model(self) -> nn.Module:
        return ViViT(self.cfg).to(self.device)

    def measure(self, model: nn.Module) -> dict[str, Any]:
        """Accuracies on clips of held-out pictures."""
        return measure_clips(model, self.emoji, self.cfg, self.config.train.eval_count, self.config.train.bf16)
