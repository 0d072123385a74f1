"""Distillation: the student predicts the teacher's class token, patch features and soft labels.

The teacher saw each whole photo once (features.py). For a crop, the teacher's 16x16 map of patch
features is sampled at the centres of the student's patches, so that every token of every crop has
its own target, whatever the patch size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.config import TeacherConfig
from training.data.augment import View
from training.data.pictures import Array


@dataclass
class Targets:
    """What the teacher says of n photos.

    cls float16 [n, C] standardised; patches float16 [n, g*g, P], principal components of the
    standardised patch features; soft float32 [n, K] class probabilities of a linear probe.
    basis [384, P] and the means and deviations map teacher features to these values.
    """

    cls: Array
    patches: Array
    soft: Array
    cls_mean: Array
    cls_std: Array
    patch_mean: Array
    patch_std: Array
    basis: Array


def fit_probe(inputs: Tensor, labels: Tensor, classes: int, steps: int = 400, weight_decay: float = 1e-4) -> nn.Linear:
    """A linear probe on standardised features, full-batch Adam with cosine decay and balanced classes."""
    torch.manual_seed(0)
    probe = nn.Linear(inputs.shape[1], classes)
    nn.init.zeros_(probe.weight)
    weight = 1 / torch.bincount(labels, minlength=classes).clamp(min=1).float().sqrt()
    weight = weight / weight.mean()
    optimizer = torch.optim.Adam(probe.parameters(), lr=5e-3, weight_decay=weight_decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    generator = torch.Generator().manual_seed(0)
    for _ in range(steps):
        rows = torch.randint(len(inputs), (2048,), generator=generator)
        loss = F.cross_entropy(probe(inputs[rows]), labels[rows], weight=weight, label_smoothing=0.05)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
    return probe.requires_grad_(False)


def probe_inputs(features: Array) -> Tensor:
    """[n, 768]: the class token beside the mean of the patch tokens."""
    rows = []
    for start in range(0, len(features), 512):
        part = torch.from_numpy(np.array(features[start : start + 512])).float()
        rows.append(torch.cat([part[:, 0], part[:, 1:].mean(1)], dim=1))
    return torch.cat(rows)


def held_out_soft_labels(inputs: Tensor, labels: Tensor, classes: int, folds: int = 4) -> tuple[Tensor, float]:
    """Soft labels of each photo from a probe that never saw it, and those probes' top-1.

    Probes of `folds` parts; features standardised over all photos.
    """
    inputs = (inputs - inputs.mean(0)) / inputs.std(0)
    part = torch.from_numpy(np.random.default_rng(0).integers(0, folds, len(inputs)))
    soft = torch.zeros(len(inputs), classes)
    for fold in range(folds):
        probe = fit_probe(inputs[part != fold], labels[part != fold], classes)
        soft[part == fold] = probe(inputs[part == fold]).softmax(-1)
    return soft, float((soft.argmax(-1) == labels).float().mean())


def make_targets(features: Array, labels: np.ndarray, classes: int, dims: int) -> tuple[Targets, float]:
    """Targets from teacher features float16 [n, 1 + g*g, 384], and the probe's held-out top-1."""
    inputs = probe_inputs(features)
    soft, top1 = held_out_soft_labels(inputs, torch.from_numpy(labels).long(), classes)
    rows = np.sort(np.random.default_rng(0).permutation(len(features))[:1500])
    some = torch.from_numpy(np.asarray(features[rows])[:, 1:]).float().flatten(0, 1)
    mean, std = some.mean(0), some.std(0)
    some = (some - mean) / std
    _, vectors = torch.linalg.eigh(some.T @ some / len(some))
    basis = vectors.flip(1)[:, :dims].contiguous()
    patches = np.empty((len(features), features.shape[1] - 1, dims), dtype=np.float16)
    cls = inputs[:, : features.shape[2]]
    for start in range(0, len(features), 512):
        part = torch.from_numpy(np.array(features[start : start + 512])[:, 1:]).float()
        patches[start : start + 512] = (((part - mean) / std) @ basis).numpy()
    cls_mean, cls_std = cls.mean(0), cls.std(0)
    targets = Targets(
        ((cls - cls_mean) / cls_std).numpy().astype(np.float16),
        patches,
        soft.numpy(),
        *(t.numpy() for t in (cls_mean, cls_std, mean, std, basis)),
    )
    return targets, top1


def sample_map(patches: Tensor, view: View, grid: int) -> Tensor:
    """Teacher maps [B, g*g, P] at the centres of the crop's grid x grid patches: [B, grid*grid, P]."""
    batch, count, dims = patches.shape
    side = round(count**0.5)
    maps = patches.reshape(batch, side, side, dims).permute(0, 3, 1, 2)
    centres = (torch.arange(grid, device=patches.device) + 0.5) / grid
    boxes = view.boxes
    across = torch.where(view.flipped[:, None], 1 - centres, centres.expand(batch, -1))
    xs = boxes[:, :1] + across * boxes[:, 2:3]
    ys = boxes[:, 1:2] + centres * boxes[:, 3:4]
    points = torch.stack([xs[:, None, :].expand(-1, grid, -1), ys[:, :, None].expand(-1, -1, grid)], dim=-1)
    sampled = F.grid_sample(maps, points * 2 - 1, mode="bilinear", padding_mode="border", align_corners=False)
    return sampled.flatten(2).transpose(1, 2)


class Distiller(nn.Module):
    """Heads from the student's tokens to the targets, and the weighted loss."""

    def __init__(self, dim: int, targets: Targets, cfg: TeacherConfig) -> None:
        super().__init__()
        self.cfg, self.targets = cfg, targets
        self.to_cls = nn.Linear(dim, targets.cls.shape[1])
        self.to_patches = nn.Linear(dim, targets.patches.shape[2])

    def forward(self, tokens: Tensor, logits: Tensor, rows: np.ndarray, view: View) -> tuple[Tensor, dict[str, Tensor]]:
        """tokens [B, 1 + N, D] after the final norm, logits [B, K]; the mean squared errors are
        divided by the targets' mean square, so 1 means "knows nothing"."""
        cfg, targets = self.cfg, self.targets
        tokens = tokens.float()
        device = tokens.device
        cls = torch.from_numpy(np.array(targets.cls[rows])).to(device).float()
        cls_loss = F.mse_loss(self.to_cls(tokens[:, 0]), cls)
        grid = round((tokens.shape[1] - 1) ** 0.5)
        wanted = sample_map(torch.from_numpy(np.array(targets.patches[rows])).to(device).float(), view, grid)
        patch_loss = F.mse_loss(self.to_patches(tokens[:, 1:]), wanted) / wanted.square().mean()
        heat = cfg.temperature
        soft = torch.from_numpy(np.array(targets.soft[rows])).to(device)
        soft = (soft.clamp_min(1e-8).log() / heat).softmax(-1)
        kl = F.kl_div((logits / heat).log_softmax(-1), soft, reduction="batchmean") * heat**2
        loss = cfg.cls_weight * cls_loss + cfg.patch_weight * patch_loss + cfg.soft_weight * kl
        parts = {"cls": cls_loss.detach(), "patches": patch_loss.detach(), "kl": kl.detach()}
        return loss, parts
