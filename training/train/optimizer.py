"""Learning rate, average and optimiser of a run."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn

from training.config import Config
from training.errors import TrainingError

TABLES = (
    "cls_token", "reg_token", "pos_embed", "mask_token", "label_emb.weight", "embedding_table.weight",
    "relative_position_bias_table", "token_embedding.weight", "positional_embedding",
    "query_embed.weight", "more_queries", "code_embed.weight", "level_embed.weight",
)  # fmt: skip


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
    """Weight decay on matrices and kernels only, not on biases, norms, tokens and tables."""
    decay: list[nn.Parameter] = []
    plain: list[nn.Parameter] = []
    for name, parameter in model.named_parameters():
        (plain if parameter.ndim < 2 or name.endswith(TABLES) else decay).append(parameter)
    return [{"params": decay, "weight_decay": weight_decay}, {"params": plain, "weight_decay": 0.0}]


def is_begun(name: str, architecture: str) -> bool:
    """A parameter that a start brings: of a CLIP's picture tower, all but its projection; of a MAE's encoder."""
    if architecture == "mae":
        return "decoder_" not in name and "mask_token" not in name
    return "visual." in name and not name.endswith("visual.proj.weight")


def slower(model: nn.Module, groups: list[dict[str, Any]], scale: float, architecture: str) -> list[dict[str, Any]]:
    """Each group split in two: what a start brings learns `scale` times as fast."""
    begun = {id(p) for n, p in model.named_parameters() if is_begun(n, architecture)}
    split = []
    for group in groups:
        for inside in (False, True):
            own = [parameter for parameter in group["params"] if (id(parameter) in begun) == inside]
            split.append({**group, "params": own, "scale": group["scale"] * (scale if inside else 1.0)})
    return split


def is_hidden(name: str, parameter: nn.Parameter) -> bool:
    """A matrix inside a block: what Muon is for."""
    return parameter.ndim == 2 and "block" in name and not name.endswith(TABLES)


def make_optimizers(model: nn.Module, config: Config) -> list[torch.optim.Optimizer]:
    """AdamW (Loshchilov & Hutter 2019); with `muon` the blocks' matrices get Muon (Jordan et al. 2024);
    `sgd` has Nesterov's momentum.

    Each group carries `scale`, its learning rate relative to train.lr.
    """
    train = config.train
    betas = (train.beta1, train.beta2)
    if train.optimizer == "adamw":
        groups = [{**group, "scale": 1.0} for group in parameter_groups(model, train.weight_decay)]
        if train.start and train.start_scale != 1:
            groups = slower(model, groups, train.start_scale, config.architecture)
        return [torch.optim.AdamW(groups, lr=0.0, betas=betas)]
    if train.optimizer == "sgd":
        weights, biases = (group["params"] for group in parameter_groups(model, 0.0))
        groups = [
            {"params": weights, "weight_decay": train.weight_decay, "scale": 1.0},
            {"params": biases, "weight_decay": train.weight_decay / train.bias_scale, "scale": train.bias_scale},
        ]
        return [torch.optim.SGD(groups, lr=0.0, momentum=train.beta1, nesterov=True)]
    if train.optimizer != "muon":
        raise TrainingError(
            f"{config.source} [train] optimizer '{train.optimizer}' is unknown; use adamw, muon or sgd."
        )
    hidden = [p for n, p in model.named_parameters() if is_hidden(n, p)]
    inside = {id(p) for p in hidden}
    groups = [
        {**group, "params": [p for p in group["params"] if id(p) not in inside], "scale": 1.0}
        for group in parameter_groups(model, train.weight_decay)
    ]
    muon = torch.optim.Muon(
        [{"params": hidden, "scale": train.muon_scale}],
        lr=0.0,
        weight_decay=train.weight_decay,
        adjust_lr_fn="match_rms_adamw",
    )
    return [torch.optim.AdamW(groups, lr=0.0, betas=betas), muon]


def set_learning_rate(optimizers: list[torch.optim.Optimizer], lr: float) -> None:
    """Each group's rate becomes lr times its scale."""
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = lr * group.get("scale", 1.0)
