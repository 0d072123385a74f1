"""The training loop: bf16 autocast, AdamW, schedule, clip, EMA, checkpoints with exact resume, JSONL log.

Everything random in a step comes from a generator seeded by (seed, step), so that a run that was
killed and resumed sees the same batches, crops and patch sizes as one that never stopped.
"""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from training.augment import augment, mix
from training.config import Config
from training.data import Label, PictureSet
from training.distil import Distiller
from training.errors import TrainingError
from training.evaluate import measure, predict
from training.models.vit import ViT


def learning_rate(step: int, config: Config, seconds: float = 0.0) -> float:
    """Linear warm-up, then `cosine` to 0 or `linear` (constant, then to 0 over the last decay_share).

    `seconds` of training so far count where train.minutes is set.
    """
    train = config.train
    if step < train.warmup:
        return train.lr * (step + 1) / train.warmup
    progress = (step - train.warmup) / max(train.steps - train.warmup, 1)
    if train.minutes > 0:
        progress = seconds / (60 * train.minutes)
    if train.schedule == "cosine":
        return train.lr * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
    return train.lr * min(1.0, max(0.0, (1 - progress) / train.decay_share))


def ema_decay(step: int, limit: float) -> float:
    """min(limit, (1 + n) / (10 + n)): the average follows quickly at first."""
    return min(limit, (1 + step) / (10 + step))


def parameter_groups(model: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Weight decay on matrices and kernels only, not on biases, norms, tokens and positions."""
    decay: list[nn.Parameter] = []
    plain: list[nn.Parameter] = []
    for name, parameter in model.named_parameters():
        is_table = name.endswith(("cls_token", "reg_token", "pos_embed"))
        (plain if parameter.ndim < 2 or is_table else decay).append(parameter)
    return [{"params": decay, "weight_decay": weight_decay}, {"params": plain, "weight_decay": 0.0}]


class Trainer:
    """One run: model, distillation heads, average, optimiser and log in a folder.

    `folder` receives log.jsonl and latest.pt. `model` may be an already initialised student.
    """

    def __init__(
        self,
        config: Config,
        folder: Path,
        train: PictureSet,
        val: PictureSet | None,
        labels: list[Label],
        distiller: Distiller | None = None,
        model: ViT | None = None,
    ) -> None:
        torch.manual_seed(config.seed)
        self.config, self.folder = config, folder
        self.train, self.val, self.labels = train, val, labels
        self.model = model or ViT(config.model, config.train.drop_path)
        self.distiller = distiller
        modules = nn.ModuleList([self.model] + ([distiller] if distiller is not None else []))
        self.modules = modules
        self.optimizer = torch.optim.AdamW(
            parameter_groups(modules, config.train.weight_decay), lr=0.0, betas=(0.9, config.train.beta2)
        )
        self.ema = {k: v.detach().clone() for k, v in self.model.state_dict().items()}
        self.step, self.images_seen, self.seconds = 0, 0, 0.0
        self.clock_start = 0.0
        counts = np.bincount(train.labels, minlength=config.model.classes).clip(1)
        weights = (counts.astype(float) ** -config.train.class_balance)[train.labels]
        self.cumulative = np.cumsum(weights / weights.sum())

    def batch(self, step: int) -> dict[str, Any]:
        """Rows, crops, soft targets and patch size of a step; a pure function of (seed, step)."""
        cfg = self.config
        rng = np.random.default_rng([cfg.seed, step])
        rows = np.searchsorted(self.cumulative, rng.random(cfg.train.batch)).clip(0, len(self.train) - 1)
        rows = np.sort(rows)
        shares = np.array(cfg.train.patch_shares) / sum(cfg.train.patch_shares)
        patch = int(rng.choice(cfg.train.patch_sizes, p=shares))
        view = augment(self.train.images[rows], self.train.sizes[rows], cfg.model.image, cfg.augment, rng)
        target = F.one_hot(torch.from_numpy(self.train.labels[rows]).long(), cfg.model.classes).float()
        smooth = cfg.train.label_smoothing
        target = target * (1 - smooth) + smooth / cfg.model.classes
        if self.distiller is None:
            view.x, target = mix(view.x, target, cfg.augment, rng)
        return {"rows": rows, "view": view, "target": target, "patch": patch}

    def loss(self, batch: dict[str, Any]) -> tuple[Tensor, dict[str, float]]:
        """Cross-entropy with the soft targets, plus the distillation terms."""
        with torch.autocast("cpu", torch.bfloat16, enabled=self.config.train.bf16):
            tokens = self.model.features(batch["view"].x, batch["patch"])
            logits = self.model.head(self.model.pool(tokens))
            logits = logits.float()
        loss = torch.sum(-batch["target"] * logits.log_softmax(-1), -1).mean()
        parts = {"ce": float(loss.detach())}
        if self.distiller is not None:
            extra, more = self.distiller(tokens, logits, batch["rows"], batch["view"])
            loss = loss + extra
            parts |= more
        return loss, parts

    def train_step(self) -> dict[str, float]:
        """One optimiser step; raises TrainingError on a loss that is not finite, before any update."""
        cfg = self.config.train
        self.model.train()
        torch.manual_seed(self.config.seed * 1_000_003 + self.step)
        batch = self.batch(self.step)
        loss, parts = self.loss(batch)
        value = float(loss.detach())
        if not math.isfinite(value):
            raise TrainingError(
                f"The loss became {value} at step {self.step} (patch {batch['patch']}); the last good "
                f"checkpoint is {self.folder / 'latest.pt'}. Lower train.lr in {self.config.source or 'the config'} "
                "and resume."
            )
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(self.modules.parameters(), cfg.clip)
        lr = learning_rate(self.step, self.config, self.seconds - self.clock_start)
        for group in self.optimizer.param_groups:
            group["lr"] = lr
        self.optimizer.step()
        decay = ema_decay(self.step, cfg.ema)
        with torch.no_grad():
            state = self.model.state_dict()
            torch._foreach_lerp_(list(self.ema.values()), [state[k] for k in self.ema], 1 - decay)
        self.step += 1
        self.images_seen += cfg.batch
        return {"loss": value, "patch": batch["patch"], "lr": lr, "norm": float(norm), **parts}

    def ema_model(self) -> ViT:
        """The averaged model, eval mode."""
        model = ViT(self.config.model)
        model.load_state_dict(self.ema)
        return model.eval().requires_grad_(False)

    def save(self) -> None:
        """Write latest.pt beside the log, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "latest.pt"
        part = path.with_suffix(".part")
        try:
            torch.save(
                {
                    "config": self.config.to_dict(),
                    "step": self.step,
                    "images_seen": self.images_seen,
                    "seconds": self.seconds,
                    "clock_start": self.clock_start,
                    "modules": self.modules.state_dict(),
                    "ema": self.ema,
                    "optimizer": self.optimizer.state_dict(),
                },
                part,
            )
            part.replace(path)
        except (OSError, RuntimeError) as error:
            part.unlink(missing_ok=True)
            raise TrainingError(
                f"{path} could not be saved ({error}); free some space and resume from the last checkpoint."
            ) from error

    def resume(self) -> bool:
        """Load latest.pt; False where there is none. Refuses a checkpoint of another model."""
        path = self.folder / "latest.pt"
        if not path.is_file():
            return False
        saved = load_checkpoint(path)
        for section in ("name", "model", "seed"):
            if saved["config"][section] != self.config.to_dict()[section]:
                raise TrainingError(
                    f"{path} was written by another config ('{section}' differs); "
                    "choose another --run folder or delete it."
                )
        self.modules.load_state_dict(saved["modules"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.ema = saved["ema"]
        self.step, self.images_seen = saved["step"], saved["images_seen"]
        self.seconds = saved["seconds"]
        self.clock_start = saved.get("clock_start", 0.0)
        return True

    def log(self, row: dict[str, Any]) -> None:
        """Append one JSON line."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log.jsonl").open("a") as handle:
            handle.write(json.dumps({"step": self.step, **row}) + "\n")

    def quick_eval(self) -> dict[str, Any]:
        """Top-1 and mean per class of the averaged model on a fixed part of the held-out pictures."""
        if self.val is None:
            return {}
        rows = np.sort(np.random.default_rng(0).permutation(len(self.val))[: self.config.train.eval_count])
        model, result = self.ema_model(), {}
        sizes = [p for p in (16, 32) if p in self.config.train.patch_sizes] or self.config.train.patch_sizes[:1]
        for patch in sizes:
            probs = predict(model, self.val.images[rows], patch, bf16=self.config.train.bf16)
            row = measure(probs, self.val.labels[rows], self.labels)
            result[f"p{patch}"] = {k: row[k] for k in ("top1", "top5", "meanPerClass", "ece")}
        return result

    def out_of_time(self) -> bool:
        """True where train.minutes is set and used up."""
        minutes = self.config.train.minutes
        return minutes > 0 and self.seconds - self.clock_start >= 60 * minutes

    def run(self, until: int | None = None) -> None:
        """Train to the configured number of steps (or `until`), logging, saving and measuring by the clock."""
        end = min(until or self.config.train.steps, self.config.train.steps)
        cfg = self.config.train
        saved = measured = time.monotonic()
        recent: list[dict[str, float]] = []
        with tqdm(total=end, initial=self.step, desc=self.config.name, unit="step", disable=None) as bar:
            while self.step < end and not self.out_of_time():
                started = time.monotonic()
                recent.append(self.train_step())
                self.seconds += time.monotonic() - started
                bar.update()
                last = self.step == end or self.out_of_time()
                if self.step % 20 == 0 or last:
                    keys = {k for row in recent for k in row} - {"patch"}
                    mean = {k: round(float(np.mean([r[k] for r in recent if k in r])), 6) for k in sorted(keys)}
                    self.log({**mean, "images": self.images_seen, "seconds": round(self.seconds, 1)})
                    bar.set_postfix(loss=f"{mean['loss']:.3f}")
                    recent = []
                now = time.monotonic()
                if now - saved > cfg.checkpoint_seconds or last:
                    self.save()
                    saved = now
                if now - measured > cfg.eval_seconds and not last:
                    self.log({"eval": self.quick_eval(), "images": self.images_seen})
                    measured = time.monotonic()


def load_checkpoint(path: Path) -> dict[str, Any]:
    """A checkpoint's content; a damaged file is a TrainingError."""
    if not path.is_file():
        raise TrainingError(f"{path} is missing; train first, or name the right --run folder.")
    try:
        saved: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise TrainingError(f"{path} is damaged or no checkpoint; delete it and start again.") from error
    return saved
