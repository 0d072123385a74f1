"""What lesson 16 takes from its networks, over many pictures: how far they go, and what CLIP takes them for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.codes.draw import CodeRecipe, draw, gumbel
from training.codes.sample import Asked, guided_logits, sample_codes
from training.codes.scales import add_scale, averaged, nothing
from training.diffusion.generate import Told
from training.measure.painter import to_bytes
from training.measure.painters import APART, CodePainter
from training.measure.words import Judge
from training.models.autoregressive import Autoregressive
from training.models.vq import Quantizer

Shares = dict[str, float]


def asked_of(painter: CodePainter, texts: Sequence[str], styles: np.ndarray, seed: int) -> Asked:
    """What is asked of a painter, picture k with the seed that `CodePainter.paint` gives it."""
    told = Told(painter.reader(texts), painter.reader([""]))
    return Asked(told, torch.from_numpy(np.asarray(styles)), [seed * APART + k for k in range(len(texts))])


def pictures_of(painter: CodePainter, latents: Tensor) -> Tensor:
    """Latents [B, E, g, g] decoded, uint8 [B, 3, S, S]."""
    with torch.inference_mode():
        return to_bytes(painter.coder.decode(latents))


def apart(a: Tensor, b: Tensor) -> float:
    """Root mean square of the differences of uint8 pictures, in the unit of -1 ... 1; the median over the pictures."""
    square = (a.float() - b.float()).div(127.5).square().mean((1, 2, 3))
    return round(float(square.sqrt().median()), 4)


@torch.inference_mode()
def scales_without(
    model: Autoregressive, quantizer: Quantizer, recipe: CodeRecipe, asked: Asked, without: Sequence[int]
) -> Tensor:
    """Latents [B, E, g, g] of codes drawn scale by scale, some scales left out of what is told and of the sum."""
    cfg, twice = model.cfg, recipe.guidance != 1
    context, y = asked.both(cfg.classes, twice)
    found = nothing(quantizer, len(asked.seeds))
    tokens, at, past = model.begin(context, y), 0, None
    for number, (first, last) in enumerate(cfg.passes):
        if number:
            known = averaged(found, cfg.sides[number])
            tokens, at = model.read(torch.cat([known, known]) if twice else known), cfg.first + first
        hidden, past = model.step(model.place(tokens, at), at, past)
        weight = recipe.weight(number, len(cfg.passes))
        logits, _ = guided_logits(model, hidden[:, first - last :], weight, twice)
        codes, _ = draw(logits, gumbel(asked.seeds, 2 * number, (last - first, cfg.codes)), recipe)
        if number not in without:
            found = add_scale(quantizer, found, codes, number)
    return found


@torch.inference_mode()
def raster_in(
    model: Autoregressive, recipe: CodeRecipe, asked: Asked, order: Sequence[int], allowed: np.ndarray | None = None
) -> Tensor:
    """Codes int64 [B, N] drawn one after another at places in this order, of `allowed` codes alone where it is given.

    Each token is told the place of its code, as the program's `places` has it; the mask of attention goes with the
    sequence.
    """
    cfg, twice = model.cfg, recipe.guidance != 1
    context, y = asked.both(cfg.classes, twice)
    codes = torch.zeros((len(asked.seeds), cfg.places), dtype=torch.int64)
    shut = torch.zeros(cfg.codes)
    if allowed is not None:
        shut += float("-inf")
        shut[torch.from_numpy(allowed)] = 0
    tokens = model.place(model.begin(context, y), 0)
    at, past = 0, None
    for number, place in enumerate(order):
        if number:
            before = order[number - 1]
            known = codes[:, before : before + 1]
            row = cfg.prefix + before
            at = cfg.prefix + number - 1
            tokens = model.read(torch.cat([known, known]) if twice else known) + model.pos_embed[:, row : row + 1]
        hidden, past = model.step(tokens, at, past)
        logits, _ = guided_logits(model, hidden[:, -1:], recipe.weight(number, cfg.places), twice)
        drawn, _ = draw(logits + shut, gumbel(asked.seeds, 2 * number, (1, cfg.codes)), recipe)
        codes[:, place] = drawn[:, 0]
    return codes


@torch.inference_mode()
def raster_unmasked(model: Autoregressive, recipe: CodeRecipe, asked: Asked) -> Tensor:
    """Codes int64 [B, N] drawn one after another by a network whose tokens see later ones too.

    Later codes are not known: code 0 stands for them, as in the program.
    """
    cfg, twice = model.cfg, recipe.guidance != 1
    context, y = asked.both(cfg.classes, twice)
    codes = torch.zeros((len(asked.seeds), cfg.places), dtype=torch.int64)
    own = model.seen.clone()
    model.seen.fill_(True)
    try:
        for number in range(cfg.places):
            known = codes[:, :-1]
            hidden = model.hidden(torch.cat([known, known]) if twice else known, context, y)
            weight = recipe.weight(number, cfg.places)
            logits, _ = guided_logits(model, hidden[:, number : number + 1], weight, twice)
            drawn, _ = draw(logits, gumbel(asked.seeds, 2 * number, (1, cfg.codes)), recipe)
            codes[:, number] = drawn[:, 0]
    finally:
        model.seen.copy_(own)
    return codes


def halves(painter: CodePainter, images: np.ndarray) -> dict[str, np.ndarray]:
    """The codes used most and least in these pictures uint8 [n, S, S, 3], half of the codebook each."""
    x = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 127.5 - 1
    with torch.inference_mode():
        codes = torch.cat([torch.cat(painter.coder.encode(part).codes, 1) for part in torch.split(x, 64)])
    ranked = np.bincount(codes.flatten().numpy(), minlength=painter.coder.cfg.codes).argsort(kind="stable")[::-1]
    half = len(ranked) // 2
    return {"used": ranked[:half].copy(), "unused": ranked[half:].copy()}


class Breaks:
    """Breaks on pictures of these signs by their English names, against the unbroken run of the same seed."""

    def __init__(self, judge: Judge, rows: np.ndarray, recipe: CodeRecipe, seed: int) -> None:
        self.judge, self.rows, self.recipe, self.seed = judge, rows, recipe, seed
        self.texts, self.styles = judge.names(rows, "en"), judge.emoji.style_index[rows]

    def said(self, pictures: Tensor, whole: Tensor) -> Shares:
        """How far pictures are from the unbroken ones, and what the judges say of them."""
        said = self.judge.say(pictures.permute(0, 2, 3, 1).numpy(), self.rows, "en").shares(self.styles)
        return {"apart": apart(pictures, whole), "first": said["first"], "style": said["style"]}

    def scales(self, painter: CodePainter) -> dict[str, Shares]:
        """Each scale left out."""
        asked = asked_of(painter, self.texts, self.styles, self.seed)

        def without(*scales: int) -> Tensor:
            quantizer = painter.coder.quantize
            return pictures_of(painter, scales_without(painter.model, quantizer, self.recipe, asked, scales))

        whole = without()
        found = {"whole": self.said(whole, whole)}
        for k in range(len(painter.model.cfg.sides)):
            found[f"without-{k}"] = self.said(without(k), whole)
        return found

    def raster(self, painter: CodePainter, images: np.ndarray) -> dict[str, Shares]:
        """Without the mask, in a shuffled order, with half of the codebook."""
        model = painter.model
        asked = asked_of(painter, self.texts, self.styles, self.seed)
        plain = list(range(model.cfg.places))
        last = plain[-1:]
        mixed = [int(place) for place in np.random.default_rng(self.seed).permutation(plain[:-1])] + last
        drawn: dict[str, Callable[[], Tensor]] = {
            "whole": lambda: raster_in(model, self.recipe, asked, plain),
            "shuffled": lambda: raster_in(model, self.recipe, asked, mixed),
            "no-mask": lambda: raster_unmasked(model, self.recipe, asked),
        }
        for name, allowed in halves(painter, images).items():
            drawn[f"half-{name}"] = lambda allowed=allowed: raster_in(model, self.recipe, asked, plain, allowed)  # type: ignore[misc]
        quantizer = painter.coder.quantize
        made = {name: pictures_of(painter, quantizer.of_codes(make())) for name, make in drawn.items()}
        return {name: self.said(pictures, made["whole"]) for name, pictures in made.items()}

    def rounds(self, painter: CodePainter, counts: Sequence[int]) -> list[dict[str, Any]]:
        """Masked pictures in so many rounds, the surest codes kept or those that chance says."""
        asked = asked_of(painter, self.texts, self.styles, self.seed)
        found: list[dict[str, Any]] = []
        for count in counts:
            for choose in ("confidence", "chance"):
                own = {**vars(self.recipe), "rounds": count, "choose": choose}
                *_, last = sample_codes(painter.model, CodeRecipe(**own), asked)
                pictures = pictures_of(painter, painter.coder.quantize.of_codes(last.codes))
                said = self.judge.say(pictures.permute(0, 2, 3, 1).numpy(), self.rows, "en").shares(self.styles)
                found.append({"rounds": count, "choose": choose, **said})
        return found
