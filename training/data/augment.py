"""Augmentation in batches: crops that know the photo's aspect, flips, colour, mixup and CutMix."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.config import AugmentConfig


@dataclass
class View:
    """A batch of crops: x [B, 3, S, S] in [-1, 1]; boxes [B, 4] (left, top, width, height) as shares
    of the whole picture; flipped [B] bool."""

    x: Tensor
    boxes: Tensor
    flipped: Tensor


def random_boxes(sizes: np.ndarray, cfg: AugmentConfig, rng: np.random.Generator) -> np.ndarray:
    """Crop boxes float64 [B, 4] as shares of each photo.

    The area's share is uniform in [scale_min, scale_max]; the crop's aspect in real pixels is
    log-uniform in [1/aspect, aspect], so that it is squashed or stretched by at most that factor.
    With probability `whole` the whole photo is taken, squashed to the square.
    """
    count = len(sizes)
    area = rng.uniform(cfg.scale_min, cfg.scale_max, count)
    aspect = np.exp(rng.uniform(-math.log(cfg.aspect), math.log(cfg.aspect), count))
    photo = sizes[:, 0] / sizes[:, 1]
    width = np.minimum(np.sqrt(area * aspect / photo), 1.0)
    height = np.minimum(np.sqrt(area * photo / aspect), 1.0)
    whole = rng.random(count) < cfg.whole
    width, height = np.where(whole, 1.0, width), np.where(whole, 1.0, height)
    left = rng.random(count) * (1 - width)
    top = rng.random(count) * (1 - height)
    return np.stack([left, top, width, height], axis=1)


def crop(images: np.ndarray, boxes: np.ndarray, side: int) -> Tensor:
    """Antialiased bilinear crops: uint8 [B, S, S, 3] and boxes to float32 [B, 3, side, side] in [0, 255]."""
    whole = images.shape[1]
    out = torch.empty(len(images), 3, side, side)
    for i, (left, top, width, height) in enumerate(boxes):
        x0, y0 = round(left * whole), round(top * whole)
        x1, y1 = max(x0 + 8, round((left + width) * whole)), max(y0 + 8, round((top + height) * whole))
        piece = torch.from_numpy(np.asarray(images[i, y0:y1, x0:x1])).permute(2, 0, 1)[None]
        out[i] = F.interpolate(piece, size=(side, side), mode="bilinear", antialias=True, align_corners=False)[0]
    return out


def crop_resident(images: Tensor, boxes: np.ndarray, side: int) -> Tensor:
    """The same for pictures uint8 [B, S, S, 3] on an accelerator, in one batch: bilinear, not antialiased
    (a crop is shrunk by S / side at most, 1.14 for photos of 256 at 224)."""
    box = torch.from_numpy(boxes).float().to(images.device)
    centres = (torch.arange(side, device=images.device) + 0.5) / side
    xs = box[:, 0:1] + centres * box[:, 2:3]
    ys = box[:, 1:2] + centres * box[:, 3:4]
    points = torch.stack([xs[:, None, :].expand(-1, side, -1), ys[:, :, None].expand(-1, -1, side)], dim=-1)
    return F.grid_sample(
        images.permute(0, 3, 1, 2).float(), points * 2 - 1, mode="bilinear", padding_mode="border", align_corners=False
    )


def jitter(x: Tensor, strength: float, rng: np.random.Generator) -> Tensor:
    """Brightness, contrast and saturation by factors in [1 - s, 1 + s]; x float [B, 3, S, S] in [0, 255]."""
    if strength == 0:
        return x
    factors = torch.from_numpy(rng.uniform(1 - strength, 1 + strength, (3, len(x)))).float().to(x.device)
    return recolour(x, factors.T)


def recolour(x: Tensor, factors: Tensor) -> Tensor:
    """Brightness, contrast and saturation times `factors` [B, 3], in this order; x float [B, 3, S, S] in [0, 255]."""
    bright, contrast, saturation = factors.T[..., None, None, None]
    x = x * bright
    mean = x.mean((1, 2, 3), keepdim=True)
    x = mean + (x - mean) * contrast
    grey = x.mean(1, keepdim=True)
    coloured: Tensor = (grey + (x - grey) * saturation).clamp_(0, 255)
    return coloured


def one_of_three(x: Tensor, share: float, rng: np.random.Generator) -> Tensor:
    """Grey, solarised or blurred, each a third of `share` of the pictures [B, 3, S, S] in [0, 255].

    Source: Touvron et al. 2022 (DeiT III), section 4, "3-Augment".
    """
    if share == 0:
        return x
    kind = torch.from_numpy(np.where(rng.random(len(x)) < share, rng.integers(0, 3, len(x)), 3)).to(x.device)
    kind = kind.view(-1, 1, 1, 1)
    x = torch.where(kind == 0, x.mean(1, keepdim=True), x)
    x = torch.where((kind == 1) & (x >= 128), 255 - x, x)
    taps = torch.exp(-0.5 * (torch.arange(-4, 5, device=x.device) / 1.5) ** 2)
    taps = (taps / taps.sum()).repeat(3, 1, 1)
    rows = F.conv2d(F.pad(x, (4, 4, 0, 0), mode="reflect"), taps[:, :, None], groups=3)
    both = F.conv2d(F.pad(rows, (0, 0, 4, 4), mode="reflect"), taps[..., None], groups=3)
    return torch.where(kind == 2, both, x)


def augment(
    images: np.ndarray | Tensor, sizes: np.ndarray, side: int, cfg: AugmentConfig, rng: np.random.Generator
) -> View:
    """Random crops of whole pictures uint8 [B, S, S, 3] (squashed squares of photos of `sizes`).

    A tensor is augmented on its device, in one batch; an array on the CPU, picture by picture.
    """
    boxes = random_boxes(sizes, cfg, rng)
    x = crop_resident(images, boxes, side) if isinstance(images, Tensor) else crop(images, boxes, side)
    x = one_of_three(jitter(x, cfg.colour, rng), cfg.three, rng)
    flipped = torch.from_numpy(rng.random(len(images)) < cfg.flip).to(x.device)
    x = torch.where(flipped.view(-1, 1, 1, 1), x.flip(-1), x)
    return View(x / 127.5 - 1, torch.from_numpy(boxes).float().to(x.device), flipped)


def shifted(images: np.ndarray | Tensor, moves: np.ndarray, flipped: np.ndarray) -> View:
    """Whole pictures uint8 [B, S, S, 3] moved by whole pixels: moves int [B, 2] (right, down).

    What comes in at an edge is the picture mirrored there; `flipped` bool [B].
    """
    pictures = torch.as_tensor(np.array(images)) if isinstance(images, np.ndarray) else images
    count, side = pictures.shape[:2]
    device = pictures.device
    places = torch.arange(side, device=device)
    offset = torch.from_numpy(moves).to(device)
    mirrored = torch.from_numpy(flipped).to(device)

    def line(move: Tensor) -> Tensor:  # where each pixel comes from, [B, S]
        at = (places - move[:, None]).abs()
        return torch.minimum(at, 2 * (side - 1) - at)

    columns, rows = line(offset[:, 0]), line(offset[:, 1])
    columns = torch.where(mirrored[:, None], columns.flip(1), columns)
    each = torch.arange(count, device=device)[:, None, None]
    x = pictures[each, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
    boxes = torch.cat([-offset.float() / side, torch.ones(count, 2, device=device)], dim=1)
    return View(x.float() / 127.5 - 1, boxes, mirrored)


def mix(x: Tensor, target: Tensor, cfg: AugmentConfig, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Mixup (Zhang et al. 2018) or CutMix (Yun et al. 2019) of pictures and soft targets [B, K]."""
    if cfg.cutmix > 0 and rng.random() < cfg.cutmix:
        side = x.shape[-1]
        share = math.sqrt(rng.random())
        size = round(side * share)
        top, left = (int(rng.integers(0, side - size + 1)) for _ in range(2))
        x = x.clone()
        x[:, :, top : top + size, left : left + size] = x.flip(0)[:, :, top : top + size, left : left + size]
        keep = 1 - (size / side) ** 2
    elif cfg.mixup > 0 and rng.random() < cfg.mixup:
        keep = float(rng.beta(0.8, 0.8))
        x = keep * x + (1 - keep) * x.flip(0)
    else:
        return x, target
    return x, keep * target + (1 - keep) * target.flip(0)
