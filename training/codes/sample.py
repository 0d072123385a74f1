"""Codes of a picture, pass after pass, in each of the three orders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from training.codes.draw import CHANCE, CodeRecipe, draw, gumbel, still_masked
from training.codes.scales import add_scale, averaged, nothing
from training.diffusion.generate import Told
from training.diffusion.guidance import guide
from training.errors import TrainingError
from training.models.autoregressive import MASKED, SCALES, Autoregressive
from training.models.cached import Past
from training.models.vq import Quantizer

UNKNOWN = -1


@dataclass(frozen=True)
class CodePass:
    """What a pass left: `codes` int64 [B, N], -1 where none is known yet; guided `logits` float32 [B, n, K] of the
    places `first` and on; `hidden` [B, n, D], from which those of the told network were read.
    """

    codes: Tensor
    logits: Tensor
    hidden: Tensor
    first: int


@dataclass(frozen=True)
class Asked:
    """What is wanted: texts, styles y [B], and a seed a picture."""

    told: Told
    y: Tensor
    seeds: Sequence[int]

    def both(self, null: int, guided: bool) -> tuple[Tensor, Tensor]:
        """Context and style of each picture; with guidance then as often the empty text and no style."""
        if not guided:
            return self.told.context, self.y
        return self.told.both(), torch.cat([self.y, torch.full_like(self.y, null)])


def guided_logits(model: Autoregressive, hidden: Tensor, weight: float, twice: bool) -> tuple[Tensor, Tensor]:
    """Logits of hidden [B or 2B, n, D], mixed where both networks were asked, and the told network's hidden [B, n, D].

    uncond + w (cond - uncond), Ho & Salimans 2022; on logits as in Gafni et al. 2022, "Make-A-Scene", section 3.4.
    """
    logits: Tensor = model.head(hidden).float()
    if not twice:
        return logits, hidden
    cond, uncond = logits.chunk(2)
    mixed: Tensor = guide(cond, uncond, weight)
    return mixed, hidden.chunk(2)[0]


def in_passes(
    model: Autoregressive, recipe: CodeRecipe, asked: Asked, quantizer: Quantizer | None = None
) -> Iterator[CodePass]:
    """Raster, a code a pass, and scales, a scale a pass: each token goes through the network once (see Past)."""
    cfg = model.cfg
    passes, twice = cfg.passes, recipe.guidance != 1
    context, y = asked.both(cfg.classes, twice)
    codes = torch.full((len(asked.seeds), cfg.places), UNKNOWN, device=y.device)
    found = nothing(quantizer, len(codes)) if quantizer is not None else None
    past: list[Past] | None = None
    tokens, at = model.begin(context, y), 0
    for number, (first, last) in enumerate(passes):
        if number:
            if cfg.order == SCALES:
                assert quantizer is not None and found is not None
                known = averaged(found, cfg.sides[number])
            else:
                known = codes[:, first - 1 : last - 1]
            tokens, at = model.read(torch.cat([known, known]) if twice else known), cfg.first + first
        hidden, past = model.step(model.place(tokens, at), at, past)
        hidden = hidden[:, first - last :]
        weight = recipe.weight(number, len(passes))
        logits, hidden = guided_logits(model, hidden, weight, twice)
        noise = gumbel(asked.seeds, 2 * number, (last - first, cfg.codes))
        codes = codes.clone()
        codes[:, first:last], _ = draw(logits, noise, recipe)
        if found is not None and quantizer is not None:
            found = add_scale(quantizer, found, codes[:, first:last], number)
        yield CodePass(codes, logits, hidden, first)


def in_rounds(model: Autoregressive, recipe: CodeRecipe, asked: Asked) -> Iterator[CodePass]:
    """Masked: every unknown code is drawn in each round, and only the surest stay (MaskGIT, section 3.3)."""
    cfg, twice = model.cfg, recipe.guidance != 1
    if recipe.rounds > cfg.places:
        raise TrainingError(f"{recipe.rounds} rounds are more than {cfg.places} codes; use fewer.")
    context, y = asked.both(cfg.classes, twice)
    codes = torch.full((len(asked.seeds), cfg.places), UNKNOWN, device=y.device)
    for number in range(recipe.rounds):
        masked = codes == UNKNOWN
        known = codes.masked_fill(masked, cfg.codes)
        hidden = model.hidden(torch.cat([known, known]) if twice else known, context, y)
        logits, hidden = guided_logits(model, hidden, recipe.weight(number, recipe.rounds), twice)
        drawn, logs = draw(logits, gumbel(asked.seeds, 2 * number, (cfg.places, cfg.codes)), recipe)
        chance = gumbel(asked.seeds, 2 * number + 1, (cfg.places,)).to(logs.device)
        left = 1 - (number + 1) / recipe.rounds
        sure = chance if recipe.choose == CHANCE else logs + recipe.choice_temperature * left * chance
        count = still_masked(cfg.places, number, recipe.rounds, int(masked[0].sum()))
        # A stable order: of equal confidences the lower place stays masked.
        unsure = sure.masked_fill(~masked, float("inf")).sort(dim=1, stable=True).indices[:, :count]
        codes = torch.where(masked, drawn, codes).scatter(1, unsure, UNKNOWN)
        yield CodePass(codes, logits, hidden, 0)


@torch.inference_mode()
def sample_codes(
    model: Autoregressive, recipe: CodeRecipe, asked: Asked, quantizer: Quantizer | None = None
) -> Iterator[CodePass]:
    """Every pass of a run; `quantizer`: the tokenizer's, which the order scales needs."""
    if model.cfg.order == MASKED:
        yield from in_rounds(model, recipe, asked)
    else:
        yield from in_passes(model, recipe, asked, quantizer if model.cfg.order == SCALES else None)


def last_pass(model: Autoregressive, recipe: CodeRecipe, asked: Asked, quantizer: Quantizer | None = None) -> CodePass:
    """The pass after which every code is known."""
    *_, last = sample_codes(model, recipe, asked, quantizer)
    return last
