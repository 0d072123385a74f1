"""The training loop: autocast, schedule, clip, averages, checkpoints with exact resume, JSONL log.

Everything random in a step comes from generators seeded by (seed, step), so that a run that was
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
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from tqdm import tqdm

from training.config import Config
from training.errors import TrainingError
from training.tasks import Task
from training.train.checkpoint import check_same_run, load_checkpoint, save_checkpoint
from training.train.device import device_words
from training.train.optimizer import ema_decay, learning_rate, make_optimizers, set_learning_rate

LOG_EVERY = 20
State = dict[str, Tensor]


class Trainer:
    """One run: a task, its averages, optimisers and log in a folder that receives log.jsonl and latest.pt.

    Inside a torch.distributed process group every process holds a Trainer; the gradients are averaged
    over all, and the first process alone writes.
    """

    def __init__(self, config: Config, folder: Path, task: Task) -> None:
        self.config, self.folder, self.task = config, folder, task
        self.device = task.device
        self.loss: nn.Module = task
        if torch.distributed.is_initialized():
            task.rank, task.world = torch.distributed.get_rank(), torch.distributed.get_world_size()
            if config.train.batch % task.world:
                raise TrainingError(
                    f"{config.source} [train] batch {config.train.batch} cannot be shared by {task.world} processes; "
                    "choose a multiple."
                )
            self.loss = DistributedDataParallel(task)
        self.optimizers = make_optimizers(task, config)
        self.emas: list[State] = [
            {k: v.detach().clone() for k, v in task.model.state_dict().items()} for _ in config.train.ema
        ]
        self.step, self.images_seen, self.seconds = 0, 0, 0.0
        self.clock_start = 0.0
        self.check_every = 1 if self.device.type == "cpu" else LOG_EVERY

    def train_step(self) -> dict[str, Any]:
        """One optimiser step: loss and its parts (tensors), lr, gradient norm.

        Raises TrainingError on a loss that is not finite: before any update on the CPU, within 20 steps
        and before any save on an accelerator, whose queue is not to be waited for each step.
        """
        cfg = self.config.train
        self.task.train()
        torch.manual_seed(self.config.seed * 1_000_003 + self.step)
        batch = self.task.batch(self.step)
        loss, parts = self.loss(batch)
        if self.step % self.check_every == 0:
            self.check_finite(float(loss.detach()), self.task.say(batch))
        for optimizer in self.optimizers:
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.task.parameters(), cfg.clip)
        lr = learning_rate(self.step, self.config, self.seconds - self.clock_start)
        set_learning_rate(self.optimizers, lr)
        for optimizer in self.optimizers:
            optimizer.step()
        self.average()
        self.step += 1
        self.images_seen += cfg.batch
        return {"loss": loss.detach(), "lr": lr, "norm": norm, **parts}

    def check_finite(self, value: float, where: str = "") -> None:
        """Raises TrainingError unless the loss is a finite number."""
        if not math.isfinite(value):
            raise TrainingError(
                f"The loss became {value} at step {self.step}{where}; the last good "
                f"checkpoint is {self.folder / 'latest.pt'}. Lower train.lr in {self.config.source or 'the config'} "
                "and resume."
            )

    @torch.no_grad()
    def average(self) -> None:
        """Move each average towards the weights; whole-number buffers are copied."""
        state = self.task.model.state_dict()
        floating = [k for k, v in state.items() if v.is_floating_point()]
        for limit, ema in zip(self.config.train.ema, self.emas, strict=True):
            decay = ema_decay(self.step, limit)
            torch._foreach_lerp_([ema[k] for k in floating], [state[k] for k in floating], 1 - decay)
            for key in state.keys() - set(floating):
                ema[key].copy_(state[key])

    def ema_model(self, index: int = 0) -> nn.Module:
        """The averaged model, eval mode."""
        model = self.task.fresh_model()
        model.load_state_dict(self.emas[index])
        return model.eval().requires_grad_(False)

    def save(self) -> None:
        """Write latest.pt beside the log, whole or not at all."""
        if self.task.rank:
            return
        save_checkpoint(
            self.folder / "latest.pt",
            {
                "config": self.config.to_dict(),
                "step": self.step,
                "photos": self.task.rows.count,
                "images_seen": self.images_seen,
                "seconds": self.seconds,
                "clock_start": self.clock_start,
                "device": device_words(self.device),
                "modules": self.task.state_dict(),
                "emas": self.emas,
                "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            },
        )

    def resume(self) -> bool:
        """Load latest.pt; False where there is none. Refuses a checkpoint of another model."""
        path = self.folder / "latest.pt"
        if not path.is_file():
            return False
        saved = load_checkpoint(path)
        check_same_run(path, saved, self.config)
        self.task.load_state_dict(saved["modules"])
        for optimizer, state in zip(self.optimizers, saved["optimizers"], strict=True):
            scales = [group.get("scale", 1.0) for group in optimizer.param_groups]
            optimizer.load_state_dict(state)
            for group, scale in zip(optimizer.param_groups, scales, strict=True):
                group["scale"] = scale
        for ema, stored in zip(self.emas, saved["emas"], strict=False):
            for key, value in stored.items():
                ema[key].copy_(value)
        self.step, self.images_seen = saved["step"], saved["images_seen"]
        self.seconds, self.clock_start = saved["seconds"], saved.get("clock_start", 0.0)
        return True

    def log(self, row: dict[str, Any]) -> None:
        """Append one JSON line."""
        if self.task.rank:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log.jsonl").open("a") as handle:
            handle.write(json.dumps({"step": self.step, **row}) + "\n")

    def quick_eval(self) -> dict[str, Any]:
        """The task's figures of the first averaged model."""
        return self.task.measure(self.ema_model())

    def out_of_time(self) -> bool:
        """True where train.minutes is set and used up."""
        minutes = self.config.train.minutes
        return minutes > 0 and self.seconds - self.clock_start >= 60 * minutes

    def agreed(self, seconds: float) -> float:
        """The first process's clock, so that all stop together."""
        if self.task.world == 1 or self.config.train.minutes == 0:
            return seconds
        value = torch.tensor([seconds], dtype=torch.float64, device=self.device)
        torch.distributed.broadcast(value, 0)
        return float(value)

    def over_all(self, values: list[float]) -> list[float]:
        """The mean of each value over all processes, whose shares of a batch are of one size."""
        if self.task.world == 1:
            return values
        tensor = torch.tensor(values, dtype=torch.float64, device=self.device)
        torch.distributed.all_reduce(tensor)
        return [float(value) / self.task.world for value in tensor]

    def log_mean(self, recent: list[dict[str, Any]]) -> float:
        """Log the mean of the last steps, over the whole batch; gives the mean loss."""
        keys = sorted({k for row in recent for k in row})
        means = self.over_all([float(np.mean([float(r[k]) for r in recent if k in r])) for k in keys])
        mean = {k: round(value, 6) for k, value in zip(keys, means, strict=True)}
        self.check_finite(mean["loss"])
        self.log({**mean, "images": self.images_seen, "seconds": round(self.seconds, 1)})
        return mean["loss"]

    def run(self, until: int | None = None) -> None:
        """Train to the configured number of steps (or `until`), logging, saving and measuring by the clock."""
        end = min(until or self.config.train.steps, self.config.train.steps)
        cfg = self.config.train
        saved = measured = time.monotonic()
        recent: list[dict[str, Any]] = []
        with tqdm(total=end, initial=self.step, desc=self.config.name, unit="step", disable=None) as bar:
            while self.step < end and not self.out_of_time():
                started = time.monotonic()
                recent.append(self.train_step())
                self.seconds = self.agreed(self.seconds + time.monotonic() - started)
                bar.update()
                last = self.step == end or self.out_of_time()
                now = time.monotonic()
                save = now - saved > cfg.checkpoint_seconds or last
                if self.step % LOG_EVERY == 0 or save:
                    bar.set_postfix(loss=f"{self.log_mean(recent):.3f}")
                    recent = []
                if save:
                    self.save()
                    saved = now
                if cfg.eval_seconds and (now - measured > cfg.eval_seconds or last):
                    if figures := self.quick_eval():
                        self.log({"eval": figures, "images": self.images_seen})
                    measured = time.monotonic()
