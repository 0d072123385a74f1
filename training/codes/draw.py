"""One code out of logits: guidance, temperature, the largest few, and seeded Gumbel noise that the page draws, too.

The largest of logits with Gumbel noise is a draw from their softmax (Gumbel 1954; Maddison et al. 2014, "A* Sampling",
arXiv 1411.0030, section 2). A pass p of a run takes its noise from stream 2p of the run's seed, and in masked rounds
that of the confidences from stream 2p + 1, so that any pass can be done again alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.diffusion.noise import SeededNoise
from training.errors import TrainingError

CONFIDENCE, CHANCE = "confidence", "chance"


@dataclass(frozen=True)
class CodeRecipe:
    """How codes are drawn.

    `temperature` divides the logits, 0 takes the largest; `top_k` keeps so many of them, 0 all. `guidance` w = 1 asks
    the network that is told text and style alone; with `ramp` it grows from 1 in the first pass to w in the last.
    In `rounds` (order masked) stays what was drawn with the most `confidence`, with noise of `choice_temperature` that
    falls to 0; or by `chance`.
    """

    temperature: float = 1.0
    top_k: int = 0
    guidance: float = 3.0
    ramp: bool = False
    rounds: int = 8
    choose: str = CONFIDENCE
    choice_temperature: float = 4.5

    def __post_init__(self) -> None:
        if self.temperature < 0 or self.choice_temperature < 0 or not math.isfinite(self.guidance):
            raise TrainingError("Temperatures are 0 or more, and guidance is a finite number.")
        if self.top_k < 0 or self.rounds < 1:
            raise TrainingError("top-k is 0 (all) or more, rounds count from 1.")
        if self.choose not in (CONFIDENCE, CHANCE):
            raise TrainingError(f"Codes are chosen by '{self.choose}'; use {CONFIDENCE} or {CHANCE}.")

    def flags(self) -> str:
        """The recipe as it is written on the command line, for a generator of codes of any order."""
        words = f"--temperature {self.temperature:g} --top-k {self.top_k} --guidance {self.guidance:g}"
        words += " --ramp" if self.ramp else ""
        words += f" --rounds {self.rounds} --choose {self.choose}"
        return f"{words} --choice-temperature {self.choice_temperature:g}"

    def weight(self, pass_: int, passes: int) -> float:
        """The guidance of a pass, 0 … passes - 1. Source of the ramp: VAR's published code."""
        if not self.ramp or passes < 2:
            return self.guidance
        return 1 + (self.guidance - 1) * pass_ / (passes - 1)


def gumbel(seeds: Sequence[int], stream: int, shape: tuple[int, ...]) -> Tensor:
    """Gumbel noise float32 [B, *shape], one seed a picture: -ln((n0² + n1²) / 2) of each two normals of the stream.

    Half the sum of two squared normals is exponential, and minus its logarithm a Gumbel number.
    """
    drawn = [SeededNoise(seed, stream).normal((*shape, 2)) for seed in seeds]
    return torch.from_numpy(-np.log(np.square(np.stack(drawn)).sum(-1) / 2)).float()


def log_probabilities(logits: Tensor, recipe: CodeRecipe) -> Tensor:
    """ln p float32 [..., K] of what is drawn: of logits over the temperature, minus infinity beyond the top k."""
    z = logits.float()
    if recipe.temperature > 0:
        z = z / recipe.temperature
    if 0 < recipe.top_k < z.shape[-1]:
        least = z.topk(recipe.top_k, -1).values[..., -1:]
        z = z.masked_fill(z < least, float("-inf"))
    return z.log_softmax(-1)


def draw(logits: Tensor, noise: Tensor, recipe: CodeRecipe) -> tuple[Tensor, Tensor]:
    """Codes int64 [B, n] of logits [B, n, K] with Gumbel noise of that shape, and the ln p [B, n] they were drawn with.

    At temperature 0 the noise is left out.
    """
    logs = log_probabilities(logits, recipe)
    codes = (logs + noise.to(logs.device) if recipe.temperature > 0 else logs).argmax(-1)
    return codes, logs.gather(-1, codes[..., None])[..., 0]


def still_masked(places: int, round_: int, rounds: int, masked: int) -> int:
    """How many codes stay unknown after a round: N cos(pi/2 (r + 1)/R), at least 1 and one less than before, at last 0.

    Source: MaskGIT, section 3.3, the cosine schedule.
    """
    if round_ == rounds - 1:
        return 0
    return max(1, min(masked - 1, math.floor(places * math.cos(math.pi / 2 * (round_ + 1) / rounds))))
