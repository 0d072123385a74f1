"""Start a narrow student from a wide teacher, layer by layer, in closed form.

The teacher's residual stream is projected once onto its leading principal directions; then, block
by block and on a few hundred photos, every linear layer of the student is the ridge-regression
answer to "given what the student computes up to here, come closest to the teacher's values". Three
of six heads and half of the MLP's neurons are kept. The projection is in the spirit of SliceGPT
(Ashkboos et al. 2024); LayerNorm's affine part is absorbed in the layers that read it.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from training.data import PictureSet
from training.distil import Distiller, fit_probe
from training.errors import TrainingError
from training.models.resize import pi_resize, resize_positions
from training.models.vit import Block, LayerScale, ViT
from training.teacher import MEAN, STD, normalise


def ridge(inputs: Tensor, targets: Tensor, weight: Tensor, strength: float = 1e-3) -> tuple[Tensor, Tensor]:
    """Weighted ridge regression with intercept: inputs [M, a], targets [M, t], weight [M].

    Returns W [t, a] and b [t] of targets ~ inputs W^T + b; strength is a share of the mean variance.
    """
    share = (weight / weight.sum())[:, None]
    mean_in, mean_out = (share * inputs).sum(0), (share * targets).sum(0)
    scaled = (inputs - mean_in) * share
    gram = (scaled.T @ (inputs - mean_in)).double()
    gram += strength * gram.diagonal().mean() * torch.eye(len(gram), dtype=torch.float64)
    cross = (scaled.T @ (targets - mean_out)).double()
    solution = torch.linalg.solve(gram, cross).float()
    return solution.T.contiguous(), mean_out - solution.T @ mean_in


def fit_linear(layer: nn.Linear, inputs: Tensor, targets: Tensor, weight: Tensor) -> None:
    """Set a linear layer to the ridge answer."""
    w, b = ridge(inputs, targets, weight)
    layer.weight.copy_(w)
    layer.bias.copy_(b)


def projection(streams: Tensor, dim: int) -> Tensor:
    """E [dim, D] from the second moment [D, D] of the centred, normalised residual stream.

    dim - 1 leading directions are laid into the zero-mean subspace of the student's width, so that
    the student's LayerNorm, which removes the mean, removes nothing.
    """
    _, vectors = torch.linalg.eigh(streams.double())
    leading = vectors.flip(1)[:, : dim - 1]
    ones = torch.ones(dim, 1, dtype=torch.float64)
    plane = torch.linalg.qr(torch.cat([ones, torch.eye(dim, dtype=torch.float64)[:, 1:]], dim=1))[0][:, 1:]
    e: Tensor = (plane @ leading.T).float()
    return e


def chunks(count: int, size: int = 16) -> list[slice]:
    """Slices of at most `size` that cover range(count)."""
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def _centre(x: Tensor) -> Tensor:
    return x - x.mean(-1, keepdim=True)


def _stream_moment(teacher: ViT, images: Tensor) -> Tensor:
    total = torch.zeros(teacher.cfg.dim, teacher.cfg.dim)
    for part in chunks(len(images)):
        x = teacher.embed(normalise(images[part]), teacher.cfg.patch)
        for index, block in enumerate(teacher.blocks):
            capture: dict[str, Tensor] = {}
            x = block(x, capture, "b")
            for stream in (capture["b.attn.residual"], x):
                flat = F.layer_norm(stream, stream.shape[-1:]).flatten(0, 1)
                total += flat.T @ flat / len(flat) * (2.0 if index == teacher.cfg.depth - 1 else 1.0)
    return total


def _teacher_block(block: Block, x: Tensor) -> dict[str, Tensor]:
    rows: dict[str, list[Tensor]] = {}
    for part in chunks(len(x)):
        capture: dict[str, Tensor] = {}
        block(x[part], capture, "b")
        for key in ("b.attn.q", "b.attn.k", "b.attn.v", "b.attn.out", "b.attn.residual", "b.mlp.fc1", "b"):
            rows.setdefault(key, []).append(capture[key])
    return {key: torch.cat(value) for key, value in rows.items()}


def _best_heads(out: Tensor, target: Tensor, weight: Tensor, keep: int) -> list[int]:
    heads, width = out.shape[1], out.shape[-1]
    flat = out.transpose(1, 2).flatten(2).flatten(0, 1)
    step = max(1, len(flat) // 12000)
    flat, target, weight = flat[::step], target[::step], weight[::step]
    best, chosen = float("inf"), list(range(keep))
    for subset in combinations(range(heads), keep):
        columns = torch.cat([torch.arange(h * width, (h + 1) * width) for h in subset])
        w, b = ridge(flat[:, columns], target, weight)
        error = float((weight[:, None] * (flat[:, columns] @ w.T + b - target).square()).mean())
        if error < best:
            best, chosen = error, list(subset)
    return chosen


def _fit_block(
    teacher: Block, student: Block, x: Tensor, y: Tensor, e: Tensor, weight: Tensor
) -> tuple[Tensor, Tensor]:
    values = _teacher_block(teacher, x)
    flat = values["b.attn.residual"].flatten(0, 1)
    goal = _centre(flat) @ e.T
    normed = student.norm1(y).flatten(0, 1)
    heads = _best_heads(values["b.attn.out"], goal - y.flatten(0, 1), weight, student.attn.heads)
    qkv = [values[f"b.attn.{n}"][:, heads].transpose(1, 2).flatten(2).flatten(0, 1) for n in "qkv"]
    fit_linear(student.attn.qkv, normed, torch.cat(qkv, dim=1), weight)
    merged = []
    for part in chunks(len(y)):
        capture: dict[str, Tensor] = {}
        student.attn(student.norm1(y[part]), capture, "a")
        merged.append(capture["a.merged"])
    inputs = torch.cat(merged)
    fit_linear(student.attn.proj, inputs.flatten(0, 1), goal - y.flatten(0, 1), weight)
    y = y + student.attn.proj(inputs)

    hidden = values["b.mlp.fc1"].flatten(0, 1)
    gain = teacher.ls2.gamma[:, None] if isinstance(teacher.ls2, LayerScale) else 1.0
    column = (e @ (gain * teacher.mlp.fc2.weight)).square().sum(0)
    score = F.gelu(hidden[::7]).var(0) * column
    keep = score.topk(student.mlp.fc1.out_features).indices.sort().values
    goal = _centre(values["b"].flatten(0, 1)) @ e.T
    fit_linear(student.mlp.fc1, student.norm2(y).flatten(0, 1), hidden[:, keep], weight)
    active = F.gelu(student.mlp.fc1(student.norm2(y)))
    fit_linear(student.mlp.fc2, active.flatten(0, 1), goal - y.flatten(0, 1), weight)
    return values["b"], y + student.mlp.fc2(active)


def _project_embedding(teacher: ViT, student: ViT, e: Tensor) -> None:
    """Patch kernel (for inputs in [-1, 1] and at the stored size), class token and positions through E."""
    scale = torch.tensor([0.5 / s for s in STD]).view(1, 3, 1, 1)
    shift = torch.tensor([(0.5 - m) / s for m, s in zip(MEAN, STD, strict=True)]).view(1, 3, 1, 1)
    kernel, stored = teacher.patch_embed.proj.weight, student.cfg.patch
    bias = teacher.patch_embed.proj.bias + (kernel * shift).sum((1, 2, 3))
    student.patch_embed.proj.weight.copy_(pi_resize(torch.einsum("ed,dcij->ecij", e, kernel * scale), stored))
    student.patch_embed.proj.bias.copy_(e @ bias)
    cls, positions = teacher.cls_token, teacher.pos_embed
    new_cls, new_positions = student.cls_token, student.pos_embed
    if cls is None or positions is None or new_cls is None or new_positions is None:
        raise TrainingError("Teacher and student need a class token and learned positions; set pool and positions so.")
    new_cls.copy_((cls + positions[:, :1]) @ e.T)
    new_positions.copy_(resize_positions(positions[:, 1:] @ e.T, student.cfg.grid))


@torch.no_grad()
def compress(teacher: ViT, student: ViT, distiller: Distiller, train: PictureSet, count: int) -> dict[str, float]:
    """Fill `student` and the distillation heads from `teacher`; `count` photos are used.

    The student runs at the teacher's patch size meanwhile, so that tokens correspond one to one.
    Returns the relative squared errors of the final class and patch features on these photos.
    """
    rows = np.sort(np.random.default_rng(7).permutation(len(train))[:count])
    images = torch.from_numpy(np.asarray(train.images[rows])).permute(0, 3, 1, 2).float()
    side = teacher.cfg.image
    images = F.interpolate(images, size=(side, side), mode="bilinear", antialias=True, align_corners=False)
    e = projection(_stream_moment(teacher, images), student.cfg.dim)

    _project_embedding(teacher, student, e)
    x = torch.cat([teacher.embed(normalise(images[part]), teacher.cfg.patch) for part in chunks(count)])
    y = student.embed(images / 127.5 - 1, teacher.cfg.patch)
    weight = torch.ones(x.shape[:2])
    weight[:, 0] = 8.0
    flat = weight.flatten()
    for old, new in tqdm(
        list(zip(teacher.blocks, student.blocks, strict=True)), desc="compress", unit="block", disable=None
    ):
        x, y = _fit_block(old, new, x, y, e, flat)

    tokens, goal, targets = student.norm(y), teacher.norm(x), distiller.targets
    cls = (goal[:, 0] - torch.from_numpy(targets.cls_mean)) / torch.from_numpy(targets.cls_std)
    patches = (goal[:, 1:] - torch.from_numpy(targets.patch_mean)) / torch.from_numpy(targets.patch_std)
    patches = (patches @ torch.from_numpy(targets.basis)).flatten(0, 1)
    flat_tokens = tokens[:, 1:].flatten(0, 1)
    w, b = ridge(tokens[:, 0], cls, torch.ones(count), 0.05)
    distiller.to_cls.weight.copy_(w)
    distiller.to_cls.bias.copy_(b)
    fit_linear(distiller.to_patches, flat_tokens, patches, torch.ones(len(patches)))
    errors = {
        "cls": float(F.mse_loss(distiller.to_cls(tokens[:, 0]), cls) / cls.square().mean()),
        "patches": float(F.mse_loss(distiller.to_patches(flat_tokens), patches) / patches.square().mean()),
    }
    print("compressed teacher, relative squared error:", {key: round(value, 3) for key, value in errors.items()})
    return errors


def fit_head(student: ViT, train: PictureSet, count: int, patch: int) -> float:
    """Fit the student's classification head on `count` photos at one patch size; returns train top-1."""
    rows = np.sort(np.random.default_rng(8).permutation(len(train))[:count])
    tokens = []
    student.eval()
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for part in chunks(count, 32):
            images = torch.from_numpy(np.asarray(train.images[rows[part]])).permute(0, 3, 1, 2).float()
            size = (student.cfg.image, student.cfg.image)
            images = F.interpolate(images, size=size, mode="bilinear", antialias=True, align_corners=False)
            tokens.append(student.features(images / 127.5 - 1, patch)[:, 0].float())
    inputs = torch.cat(tokens).clone()
    labels = torch.from_numpy(train.labels[rows]).long()
    mean, std = inputs.mean(0), inputs.std(0)
    probe = fit_probe((inputs - mean) / std, labels, student.cfg.classes, steps=200, weight_decay=1e-3)
    with torch.no_grad():
        student.head.weight.copy_(probe.weight / std)
        student.head.bias.copy_(probe.bias - (probe.weight / std) @ mean)
        return float((student.head(inputs).argmax(-1) == labels).float().mean())
