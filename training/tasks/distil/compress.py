"""Start a narrow student from a wide teacher, layer by layer, in closed form.

The teacher's residual stream is projected once onto its leading principal directions; then, block
by block and on a few hundred photos, every linear layer of the student is the ridge-regression
answer to "given what the student computes up to here, come closest to the teacher's values". Three
of six heads and half of the MLP's neurons are kept. The projection is in the spirit of SliceGPT
(Ashkboos et al. 2024); LayerNorm's affine part is absorbed in the layers that read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.config import AugmentConfig
from training.data.augment import augment
from training.data.pictures import PictureSet
from training.errors import TrainingError
from training.models.blocks import Block, LayerScale
from training.models.resize import pi_resize, resize_positions
from training.models.vit import ViT
from training.tasks.distil.distiller import Distiller, fit_probe
from training.tasks.distil.teacher import MEAN, STD, normalise

STRENGTHS = (1e-3, 1e-2, 5e-2, 2e-1)


@dataclass
class Rows:
    """Which tokens take part in the regressions, and how.

    pick [n * T] bool: class tokens and a share of the patch tokens; weight and train [M] for those.
    """

    pick: Tensor
    weight: Tensor
    train: Tensor

    def of(self, tokens: Tensor) -> Tensor:
        """[n, T, D] to the picked rows [M, D]."""
        return tokens.flatten(0, 1)[self.pick]


def choose_rows(count: int, tokens: int, share: float = 0.33, cls_weight: float = 16.0) -> Rows:
    """Every class token, `share` of the patch tokens; every fifth photo is held out."""
    generator = torch.Generator().manual_seed(5)
    pick = torch.rand(count, tokens, generator=generator) < share
    pick[:, 0] = True
    weight = torch.ones(count, tokens)
    weight[:, 0] = cls_weight
    train = (torch.arange(count) % 5 != 0)[:, None].expand(count, tokens)
    flat = pick.flatten()
    return Rows(flat, weight.flatten()[flat], train.flatten()[flat])


def ridge(inputs: Tensor, targets: Tensor, weight: Tensor, strength: float = 1e-3) -> tuple[Tensor, Tensor]:
    """Weighted ridge regression with intercept: inputs [M, a], targets [M, t], weight [M].

    Returns W [t, a] and b [t] of targets ~ inputs W^T + b; strength is a share of the mean variance.
    """
    return next(_ridges(inputs, targets, weight, (strength,)))


def _ridges(
    inputs: Tensor, targets: Tensor, weight: Tensor, strengths: tuple[float, ...]
) -> Iterator[tuple[Tensor, Tensor]]:
    share = (weight / weight.sum())[:, None]
    mean_in, mean_out = (share * inputs).sum(0), (share * targets).sum(0)
    scaled = (inputs - mean_in) * share
    gram = (scaled.T @ (inputs - mean_in)).double()
    cross = (scaled.T @ (targets - mean_out)).double()
    for strength in strengths:
        ridged = gram + strength * gram.diagonal().mean() * torch.eye(len(gram), dtype=torch.float64)
        solution = torch.linalg.solve(ridged, cross).float()
        yield solution.T.contiguous(), mean_out - solution.T @ mean_in


def fit_linear(layer: nn.Linear, inputs: Tensor, targets: Tensor, rows: Rows) -> float:
    """Set a linear layer to the ridge answer whose strength is best on the held-out photos.

    Returns the weighted squared error there, relative to the targets' variance.
    """
    train, held = rows.train, ~rows.train
    weight = rows.weight[held][:, None]
    spread = (weight * (targets[held] - targets[held].mean(0)).square()).mean()
    best = float("inf")
    for w, b in _ridges(inputs[train], targets[train], rows.weight[train], STRENGTHS):
        error = float((weight * (inputs[held] @ w.T + b - targets[held]).square()).mean() / spread)
        if error < best:
            best = error
            layer.weight.copy_(w)
            layer.bias.copy_(b)
    return best


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


def _teacher_block(block: Block, x: Tensor, rows: Rows) -> tuple[Tensor, dict[str, Tensor]]:
    """The block's output [n, T, D], and picked rows of q, k, v, out [M, h, d], fc1 and both residuals."""
    pick = rows.pick.reshape(x.shape[:2])
    kept: dict[str, list[Tensor]] = {}
    outputs = []
    for part in chunks(len(x)):
        capture: dict[str, Tensor] = {}
        outputs.append(block(x[part], capture, "b"))
        for key in ("q", "k", "v", "out"):
            kept.setdefault(key, []).append(capture[f"b.attn.{key}"].transpose(1, 2)[pick[part]])
        for key in ("attn.residual", "mlp.fc1"):
            kept.setdefault(key, []).append(capture[f"b.{key}"][pick[part]])
    return torch.cat(outputs), {key: torch.cat(value) for key, value in kept.items()}


def _best_heads(out: Tensor, target: Tensor, rows: Rows, keep: int) -> list[int]:
    """The `keep` heads whose outputs [M, h, d] explain the target [M, D] best."""
    heads, width = out.shape[1:]
    step = max(1, len(out) // 8000)
    out, target, weight = out[::step].flatten(1), target[::step], rows.weight[::step]
    best, chosen = float("inf"), list(range(keep))
    for subset in combinations(range(heads), keep):
        columns = torch.cat([torch.arange(h * width, (h + 1) * width) for h in subset])
        w, b = ridge(out[:, columns], target, weight, 1e-2)
        error = float((weight[:, None] * (out[:, columns] @ w.T + b - target).square()).mean())
        if error < best:
            best, chosen = error, list(subset)
    return chosen


def _fit_block(
    teacher: Block, student: Block, x: Tensor, y: Tensor, e: Tensor, rows: Rows
) -> tuple[Tensor, Tensor, dict[str, float]]:
    """Fit one block; x, y are the teacher's and student's inputs, the outputs are returned."""
    errors: dict[str, float] = {}
    x, values = _teacher_block(teacher, x, rows)
    goal = _centre(values["attn.residual"]) @ e.T - rows.of(y)
    heads = _best_heads(values["out"], goal, rows, student.attn.heads)
    qkv = torch.cat([values[n][:, heads].flatten(1) for n in "qkv"], dim=1)
    errors["qkv"] = fit_linear(student.attn.qkv, rows.of(student.norm1(y)), qkv, rows)
    merged = []
    for part in chunks(len(y)):
        capture: dict[str, Tensor] = {}
        student.attn(student.norm1(y[part]), capture, "a")
        merged.append(capture["a.merged"])
    inputs = torch.cat(merged)
    fit_linear(student.attn.proj, rows.of(inputs), goal, rows)
    y = y + student.attn.proj(inputs)

    hidden = values["mlp.fc1"]
    gain = teacher.ls2.gamma[:, None] if isinstance(teacher.ls2, LayerScale) else 1.0
    column = (e @ (gain * teacher.mlp.fc2.weight)).square().sum(0)
    score = F.gelu(hidden[::5]).var(0) * column
    keep = score.topk(student.mlp.fc1.out_features).indices.sort().values
    normed = student.norm2(y)
    errors["fc1"] = fit_linear(student.mlp.fc1, rows.of(normed), hidden[:, keep], rows)
    goal = _centre(rows.of(x)) @ e.T
    active = F.gelu(student.mlp.fc1(rows.of(normed)))
    fit_linear(student.mlp.fc2, active, goal - rows.of(y), rows)
    for part in chunks(len(y), 64):
        y[part] += student.mlp.fc2(F.gelu(student.mlp.fc1(normed[part])))
    held = ~rows.train
    miss = (rows.weight[held][:, None] * (rows.of(y)[held] - goal[held]).square()).mean()
    errors["stream"] = float(miss / (rows.weight[held][:, None] * (goal[held] - goal[held].mean(0)).square()).mean())
    return x, y, errors


def _project_embedding(teacher: ViT, student: ViT, e: Tensor) -> None:
    """Patch kernel (for inputs in [-1, 1] and at the stored size), class token and positions through E."""
    scale = torch.tensor([0.5 / s for s in STD]).view(1, 3, 1, 1)
    shift = torch.tensor([(0.5 - m) / s for m, s in zip(MEAN, STD, strict=True)]).view(1, 3, 1, 1)
    kernel, stored = teacher.patch_embed.proj.weight, student.cfg.patch
    bias, new_bias = teacher.patch_embed.proj.bias, student.patch_embed.proj.bias
    cls, positions = teacher.cls_token, teacher.pos_embed
    new_cls, new_positions = student.cls_token, student.pos_embed
    if cls is None or positions is None or new_cls is None or new_positions is None:
        raise TrainingError("Teacher and student need a class token and learned positions; set pool and positions so.")
    if bias is None or new_bias is None:
        raise TrainingError("Teacher and student need a bias in the patch embedding.")
    student.patch_embed.proj.weight.copy_(pi_resize(torch.einsum("ed,dcij->ecij", e, kernel * scale), stored))
    new_bias.copy_(e @ (bias + (kernel * shift).sum((1, 2, 3))))
    new_cls.copy_((cls + positions[:, :1]) @ e.T)
    new_positions.copy_(resize_positions(positions[:, 1:] @ e.T, student.cfg.grid))


@torch.no_grad()
def compress(teacher: ViT, student: ViT, distiller: Distiller, train: PictureSet, count: int) -> dict[str, float]:
    """Fill `student` and the distillation heads from `teacher`; `count` photos are used.

    The student runs at the teacher's patch size meanwhile, so that tokens correspond one to one.
    A fifth of the photos is held out, to choose each ridge's strength; the relative squared errors of
    the final class and patch features on that fifth are returned.
    """
    rng = np.random.default_rng(7)
    index = np.sort(rng.permutation(len(train))[:count])
    views = AugmentConfig(scale_min=0.35, whole=0.4, colour=0.0)
    x_in = augment(np.asarray(train.images[index]), train.sizes[index], teacher.cfg.image, views, rng).x
    images = (x_in + 1) * 127.5
    e = projection(_stream_moment(teacher, images[:96]), student.cfg.dim)

    _project_embedding(teacher, student, e)
    x = torch.cat([teacher.embed(normalise(images[part]), teacher.cfg.patch) for part in chunks(count)])
    y = student.embed(x_in, teacher.cfg.patch)
    rows = choose_rows(count, x.shape[1])
    for index_, (old, new) in enumerate(zip(teacher.blocks, student.blocks, strict=True)):
        if not isinstance(old, Block) or not isinstance(new, Block):
            raise TypeError("blocks of a ViT are Block")
        x, y, errors = _fit_block(old, new, x, y, e, rows)
        print(f"block {index_}:", {key: round(value, 4) for key, value in errors.items()}, flush=True)

    tokens, goal, targets = student.norm(y), teacher.norm(x), distiller.targets
    cls = (goal[:, 0] - torch.from_numpy(np.array(targets.cls_mean))) / torch.from_numpy(np.array(targets.cls_std))
    patches = goal[:, 1:] - torch.from_numpy(np.array(targets.patch_mean))
    patches = patches / torch.from_numpy(np.array(targets.patch_std)) @ torch.from_numpy(np.array(targets.basis))
    one = Rows(torch.ones(count, dtype=torch.bool), torch.ones(count), torch.arange(count) % 5 != 0)
    some = rows.pick.reshape(count, -1)[:, 1:]
    many = Rows(some.flatten(), torch.ones(int(some.sum())), one.train[:, None].expand_as(some)[some])
    errors = {
        "cls": fit_linear(distiller.to_cls, tokens[:, 0], cls, one),
        "patches": fit_linear(distiller.to_patches, many.of(tokens[:, 1:]), many.of(patches), many),
    }
    print("compressed teacher, relative squared error on held-out photos:", errors, flush=True)
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
    probe = fit_probe((inputs - mean) / std, labels, student.cfg.classes, steps=150, weight_decay=3e-2)
    with torch.no_grad():
        student.head.weight.copy_(probe.weight / std)
        student.head.bias.copy_(probe.bias - (probe.weight / std) @ mean)
        return float((student.head(inputs).argmax(-1) == labels).float().mean())
