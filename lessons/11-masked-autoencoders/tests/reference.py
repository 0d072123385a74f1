"""Lesson 11: what the masked autoencoder paints of one picture, under which masks, and what breaks it; measured.

Errors are means over pixels chosen by their place, straight lines are found pixel by pixel by looking in four
directions, and the changed network is run from its parts, so that page and reference agree only where both are right.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor

from training.diffusion.noise import normals
from training.export.read import load_any
from training.measure.gallery import picture
from training.models.mae import MAE, normalised, pixel_order
from training.paths import ROOT
from training.references.common import Reference

PICTURE = "golden-retriever"
# The lesson's defaults, and the hidden parts that the sweep goes through.
SEED, RATIO = 3, 0.75
AT = (88, 120)
RATIOS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95)


def network() -> MAE:
    """The committed model."""
    model = load_any(ROOT / "models" / "mae")
    assert isinstance(model, MAE)
    return model


def rounded(value: float) -> int:
    """To the nearest whole number, a half upwards, as the page does it."""
    return math.floor(value + 0.5)


def random_queue(grid: int, seed: int) -> list[int]:
    """Patches from the one with the most noise to the one with the least."""
    noise = np.asarray(normals(seed, 0, grid * grid))
    return list(np.argsort(-noise, kind="stable"))


def block_queue(grid: int, seed: int) -> list[int]:
    """Patches of one rectangle after another, then what is left."""
    share = 1 / (1 + np.exp(-1.7 * np.asarray(normals(seed, 1, 256))))
    most = max(2, rounded(0.55 * grid))
    queue: list[int] = []
    for n in range(64):
        if len(queue) == grid * grid:
            break
        high, wide = (2 + math.floor(share[4 * n + i] * (most - 1)) for i in (0, 1))
        row = math.floor(share[4 * n + 2] * (grid - high + 1))
        column = math.floor(share[4 * n + 3] * (grid - wide + 1))
        cells = (y * grid + x for y in range(row, row + high) for x in range(column, column + wide))
        queue += [cell for cell in cells if cell not in queue]
    return queue + [n for n in range(grid * grid) if n not in queue]


def grid_queue(grid: int, seed: int) -> list[int]:
    """Patches by a Bayer matrix of 8 x 8, made by its recursion and moved by the seed; the highest first."""
    bayer = np.zeros((1, 1), dtype=int)
    for _ in range(3):
        bayer = np.block([[4 * bayer, 4 * bayer + 2], [4 * bayer + 3, 4 * bayer + 1]])
    rows = (np.arange(grid) + (seed & 7)) % 8
    columns = (np.arange(grid) + ((seed >> 3) & 7)) % 8
    return list(np.argsort(-bayer[np.ix_(rows, columns)].ravel(), kind="stable"))


def hidden_by(queue: Iterable[int], ratio: float, grid: int) -> Tensor:
    """[N] bool: the first of the queue are hidden."""
    hidden = torch.zeros(grid * grid, dtype=torch.bool)
    hidden[list(queue)[: rounded(ratio * grid * grid)]] = True
    return hidden


def paint(
    model: MAE,
    x: Tensor,
    hidden: Tensor,
    *,
    places: Tensor | None = None,
    token: str = "own",
    all_encoded: bool = False,
) -> Tensor:
    """`patch_pred` [N, P] of x [1, C, S, S]; the decoder's places, its mask token or what is encoded changed."""
    positions = model.positions[0]
    embedded = model.patch_embed(x, None)[0]
    seen = torch.arange(len(hidden)) if all_encoded else (~hidden).nonzero()[:, 0]
    if all_encoded:
        embedded = torch.where(hidden[:, None], 0, embedded)
    tokens = torch.cat([model.cls_token[0], (embedded + positions)[seen]])[None]
    for block in model.blocks:
        tokens = block(tokens)
    code = model.decoder_embed(model.norm(tokens))[0]
    stands = {"own": model.mask_token[0, 0], "zeros": torch.zeros(code.shape[1]), "mean": code[1:].mean(0)}[token]
    whole = stands.repeat(len(hidden), 1)
    whole[seen] = code[1:]
    table = model.decoder_positions[0, 1:]
    decoded = torch.cat([code[:1], whole + (table if places is None else table[places])])[None]
    for block in model.decoder_blocks:
        decoded = block(decoded)
    values: Tensor = model.decoder_pred(model.decoder_norm(decoded))[0, 1:]
    return values


def straight_lines(x: Tensor, hidden: Tensor, patch: int) -> Tensor:
    """x [C, S, S] with its hidden patches filled from the nearest seen pixels in four directions."""
    side = x.shape[-1]
    grid = side // patch
    cover = hidden.reshape(grid, grid).repeat_interleave(patch, 0).repeat_interleave(patch, 1)
    filled = x.clone()
    mean = x[:, ~cover].mean(1)
    for row, column in cover.nonzero().tolist():
        found: list[tuple[int, Tensor]] = []
        for down, along in ((0, 1), (0, -1), (1, 0), (-1, 0)):
            for step in range(1, side):
                r, c = row + step * down, column + step * along
                if not (0 <= r < side and 0 <= c < side):
                    break
                if not cover[r, c]:
                    found.append((step, x[:, r, c]))
                    break
        weights = sum(1 / d for d, _ in found)
        filled[:, row, column] = sum((v / d for d, v in found), torch.zeros(3)) / weights if found else mean
    return filled


def alike(x: Tensor, distance: int) -> float:
    """Pearson's correlation of pixels `distance` apart, along rows and along columns together."""
    a = torch.cat([x[:, :, :-distance].flatten(), x[:, :-distance].flatten()])
    b = torch.cat([x[:, :, distance:].flatten(), x[:, distance:].flatten()])
    return float(torch.corrcoef(torch.stack([a, b]).double())[0, 1])


def reference() -> Reference:
    """The numbers of lesson 11."""
    ref = Reference()
    model = network()
    cfg = model.cfg
    x = picture(PICTURE, "mae")
    target = pixel_order(x, cfg.patch)[0].double()
    mean, std = target.mean(1, keepdim=True), (target.var(1, keepdim=True) + 1e-6).sqrt()
    norm_target = normalised(target)

    def errors(values: Tensor) -> tuple[Tensor, Tensor]:
        """Square error of each patch [N] in pixels, and between normalised patches."""
        said = values.double() * std + mean if cfg.norm_pixels else values.double()
        pixels = (said - target).square().mean(1)
        return pixels, ((said - mean) / std - norm_target).square().mean(1)

    def lines(hidden: Tensor) -> Tensor:
        filled = straight_lines(x[0], hidden, cfg.patch)
        return (pixel_order(filled[None], cfg.patch)[0] - target).square().mean(1)[hidden].mean()

    queues = {"random": random_queue, "block": block_queue, "grid": grid_queue}
    chosen = (AT[0] * cfg.grid // 224) * cfg.grid + AT[1] * cfg.grid // 224
    with torch.inference_mode():
        for kind, queue in queues.items():
            hidden = hidden_by(queue(cfg.grid, SEED), RATIO, cfg.grid)
            pixels, _ = errors(paint(model, x, hidden))
            ref.put(f"{kind}.hidden", hidden.float(), f"[N]: 1 where {kind} hides at {RATIO}")
            ref.put(f"{kind}.loss", pixels[hidden].mean(), "mean square error of hidden patches")
            ref.put(f"{kind}.lines", lines(hidden), "the same for straight lines")
        random = random_queue(cfg.grid, SEED)
        hidden = hidden_by(random, RATIO, cfg.grid)
        pixels, norm = errors(paint(model, x, hidden))
        ref.put("errors", pixels, "[N]: square error of each patch")
        ref.put("seen", pixels[~hidden].mean(), "over the seen patches, which no loss asked for")
        ref.put("all", pixels.mean(), "over all patches")
        flat = hidden.nonzero()[:, 0][std[hidden, 0].argsort()][: int(hidden.sum()) // 2]
        ref.put("norm.loss", norm[hidden].mean(), "between normalised patches")
        # Without the painted patch's own mean: what is left is off by its pattern alone.
        values = paint(model, x, hidden).double()
        pattern = ((values - values.mean(1, keepdim=True)) / (1 if cfg.norm_pixels else std) - norm_target).square()
        ref.put("norm.pattern", pattern.mean(1)[hidden].mean(), "the same with the true mean of each patch")
        ref.put("share", pixels[flat].sum() / pixels[hidden].sum(), "part of the loss from the flatter half")
        ref.put("norm.share", norm[flat].sum() / norm[hidden].sum(), "the same between normalised patches")
        ref.put("mean", mean[chosen, 0], "mean of the chosen patch")
        ref.put("std", std[chosen, 0], "its deviation")
        sweep = [hidden_by(random, ratio, cfg.grid) for ratio in RATIOS]
        ref.put("sweep", torch.stack([errors(paint(model, x, h))[0][h].mean() for h in sweep]), "the model's error")
        ref.put("sweep.lines", torch.stack([lines(h) for h in sweep]), "straight lines'")
        places = torch.arange(cfg.grid**2)
        upside_down = (cfg.grid - 1 - places // cfg.grid) * cfg.grid + places % cfg.grid
        changed = {
            "places": paint(model, x, hidden, places=torch.where(hidden, upside_down, places)),
            "zeros": paint(model, x, hidden, token="zeros"),
            "mean": paint(model, x, hidden, token="mean"),
            "bert": paint(model, x, hidden, all_encoded=True),
        }
        for name, values in changed.items():
            ref.put(f"change.{name}", errors(values)[0][hidden].mean(), f"error with the change {name}")
    ref.put("alike", [alike(x[0], d) for d in (1, 2, 4, 8, 16, 32)], "correlation at 1, 2, 4, 8, 16, 32 pixels")
    flat_picture = x[0].mean((1, 2), keepdim=True)
    ref.put("variance", (x[0] - flat_picture).square().mean(), "error of one colour for the whole picture")
    return ref
