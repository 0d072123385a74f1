"""Lesson 16, codes: pictures through one grid and through six, a code replaced, half a book, a small training."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor

from training.export.read import load_any
from training.models.vq import VQ
from training.paths import ROOT
from training.references.common import Reference
from training.references.pictures import photo, psnr, shares, sign

PHOTO, SIGN = "sunflower", "1F410"
# The place that the steps open with; one that shows paper alone, and one inside the sign.
CELL, CORNER, INSIDE = 27, 0, 34
MEASURED = Path(__file__).parent.parent / "measured-book.json"
# The small example of straight-through.ts.
POINTS = [[-1.1, -0.5], [-0.9, -0.8], [-0.75, -0.45], [0.8, -0.8], [1.05, -0.6], [0.75, -0.45]]
POINTS += [[-0.15, 0.85], [0.1, 1.1], [0.3, 0.85]]
CODES = [[0.0, -0.05], [0.35, 0.0], [0.15, 0.25]]
RATE = 0.3


def read(name: str) -> VQ:
    """A codebook's autoencoder."""
    model = load_any(ROOT / "models" / name)
    assert isinstance(model, VQ)
    return model


def small(through: bool, beta: float, steps: int) -> tuple[Tensor, Tensor]:
    """The small example by autograd: its error and its codebook loss, each [steps + 1]."""
    x = torch.tensor(POINTS, dtype=torch.float64)
    w = (torch.eye(2, dtype=torch.float64) * 0.3).requires_grad_()
    b = torch.tensor([0.15, 0.05], dtype=torch.float64, requires_grad=True)
    codes = torch.tensor(CODES, dtype=torch.float64, requires_grad=True)
    errors, apart = [], []
    for _ in range(steps + 1):
        f = x @ w.T + b
        e = codes[torch.cdist(f, codes).argmin(1)]
        errors.append((x - e).square().sum(1).mean().item())
        apart.append((f - e).square().sum(1).mean().item())
        shown = f + (e - f).detach() if through else e.detach()
        loss = (x - shown).square().sum(1).mean()
        loss = loss + (f.detach() - e).square().sum(1).mean() + beta * (f - e.detach()).square().sum(1).mean()
        found = torch.autograd.grad(loss, (w, b, codes))
        with torch.no_grad():
            for value, gradient in zip((w, b, codes), found, strict=True):
                value -= RATE * gradient
    return torch.tensor(errors), torch.tensor(apart)


@torch.no_grad()
def put_codes(ref: Reference) -> None:
    """Everything that the steps on codes say of numbers."""
    one = read("vq-f8")
    side, grid = one.cfg.image, one.cfg.grid
    table = one.quantize.embedding.weight
    pictures = {"photo": photo(PHOTO, side), "sign": sign(SIGN, side)}
    for key, x in pictures.items():
        f = one.features(x)
        found = one.quantize(f)
        codes = found.codes[0].flatten()
        ref.put(f"codes.{key}.codes", codes.float(), "[N]")
        ref.put(f"codes.{key}.psnr", psnr(one.decode(found.latents), x), "dB")
        rows = f.flatten(2)[0].T
        distances = one.quantize.distances(rows)
        ref.put(f"codes.{key}.left", distances.amin(1) / rows.square().sum(1), "share of each place's squared length")
        ref.put(f"codes.{key}.second", distances.sort(1).values[[CORNER, INSIDE], :2], "[2, 2]: nearest and second")
    codes = one.encode(pictures["photo"]).codes[0]
    back = one.decode_codes(codes)
    apart = torch.cdist(table[codes[0, CELL]][None].double(), table.double())[0]
    apart[codes[0, CELL]] = torch.nan
    for key, put in (("farthest", apart.nan_to_num(-1).argmax()), ("near", apart.nan_to_num(torch.inf).argmin())):
        changed = codes.clone()
        changed[0, CELL] = put
        change = (one.decode_codes(changed) - back).double().square().mean(1)[0]
        ref.put(f"codes.{key}.to", float(put), "the code that is put there")
        ref.put(f"codes.{key}.shares", shares(change, CELL, grid), "own square, the eight around, elsewhere")
        ref.put(f"codes.{key}.most", float(change.sqrt().max()), "the largest change of a pixel")
    counts = torch.tensor(json.loads(MEASURED.read_text())["counts"])
    order = torch.argsort(counts, descending=True, stable=True)
    middle = len(order) // 2
    for half, allowed in (("used", order[:middle]), ("unused", order[middle:])):
        for key, x in pictures.items():
            distances = one.quantize.distances(one.features(x).flatten(2)[0].T)
            hidden = torch.ones(len(order), dtype=torch.bool)
            hidden[allowed] = False
            taken = distances.masked_fill(hidden, torch.inf).argmin(1)
            ref.put(f"codes.half.{half}.{key}", psnr(one.decode_codes(taken[None]), x), "dB")
            others = (taken != distances.argmin(1)).sum()
            ref.put(f"codes.half.{half}.{key}.others", float(others), "places with another code")
    six = read("var-f8")
    for key, x in pictures.items():
        f = six.features(x)
        sums = six.quantize(f).sums
        rest = [float((f - done).square().sum() / f.square().sum()) for done in sums]
        ref.put(f"codes.{key}.rest", rest, "share of the squared length that is missing after each scale")
        ref.put(f"codes.{key}.after", [psnr(six.decode(done), x) for done in sums], "dB after each scale")
    with torch.enable_grad():
        for key, through in (("through", True), ("none", False)):
            for beta in (0.0, 0.25, 1.0):
                errors, gaps = small(through, beta, 80)
                ref.put(f"codes.small.{key}.{beta:g}", torch.stack([errors, gaps]), "[2, 81]: error, codebook loss")
