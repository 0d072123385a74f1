"""Pictures from a denoiser: guidance, samplers by name, and the seeded noise of the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.diffusion import finish, guide, process, sample
from training.diffusion.noise import SeededNoise
from training.diffusion.samplers.step import SamplerStep
from training.errors import TrainingError

CLIP = (-1.0, 1.0)


@dataclass(frozen=True)
class Recipe:
    """How pictures are made: sampler, steps, guidance weight w, and the sampler's own arguments."""

    sampler: str = "dpmpp-2m"
    steps: int = 20
    guidance: float = 1.5
    spacing: str | None = None
    eta: float | None = None
    start: float = 1.0

    def flags(self) -> str:
        """Guidance, steps and sampler as they are written on the command line."""
        return f"--guidance {self.guidance:g} --steps {self.steps} --sampler {self.sampler}"

    def own(self) -> dict[str, Any]:
        """Arguments of the sampler beyond the common ones."""
        return {} if self.eta is None else {"eta": self.eta}


@dataclass(frozen=True)
class Told:
    """Features of texts, context [B, L, D], and of the empty text [1, L, D], which guidance leads away from."""

    context: Tensor
    empty: Tensor

    def both(self) -> Tensor:
        """The texts', then as often the empty one's: [2B, L, D]."""
        return torch.cat([self.context, self.empty.expand_as(self.context)])


def guided(
    model: nn.Module, y: Tensor, w: float, null: int, bf16: bool = False, told: Told | None = None
) -> Callable[[Tensor, float], Tensor]:
    """(x, network time) to the guided prediction; y [B], w = 1 asks the conditional network alone.

    `told`: the texts of a network that reads any; without class and text is then what is guided away from.
    """

    def call(x: Tensor, time: float) -> Tensor:
        t = torch.full((len(x),), float(time), device=x.device)
        with torch.autocast(x.device.type, torch.bfloat16, enabled=bf16):
            if w == 1:
                one: Tensor = model(x, t, y, **({} if told is None else {"context": told.context}))
                return one.float()
            text = {} if told is None else {"context": told.both()}
            both = model(torch.cat([x, x]), torch.cat([t, t]), torch.cat([y, torch.full_like(y, null)]), **text)
        cond, uncond = both.float().chunk(2)
        mixed: Tensor = guide(cond, uncond, w)
        return mixed

    return call


def run(
    model: nn.Module,
    diffusion: dict[str, Any],
    recipe: Recipe,
    x: Tensor,
    y: Tensor,
    noise: SeededNoise | None,
    bf16: bool = False,
    told: Told | None = None,
) -> SamplerStep[Tensor]:
    """The last step of a sampling run from noise x [B, C, S, S] with classes y [B].

    `diffusion` is the object of config.json. `told`: the texts of a network that reads any; it paints latents, which
    are not kept within [-1, 1]. Raises TrainingError for a sampler that does not go
    with the process.
    """
    made = process(diffusion["process"], diffusion.get("steps", 1000))
    cfg: Any = model.cfg
    with torch.inference_mode():
        try:
            return finish(
                sample(
                    recipe.sampler,
                    made,
                    guided(model, y, recipe.guidance, cfg.classes, bf16, told),
                    diffusion["prediction"],
                    x,
                    recipe.steps,
                    spacing=recipe.spacing,
                    start=recipe.start,
                    time=diffusion["time"],
                    clip=CLIP if told is None else None,
                    noise=noise,
                    **recipe.own(),
                )
            )
        except ValueError as error:
            raise TrainingError(f"Sampling with {recipe.sampler} failed: {error}") from error


def generate(
    model: nn.Module,
    diffusion: dict[str, Any],
    recipe: Recipe,
    classes: np.ndarray,
    seed: int = 0,
    batch: int = 250,
    bf16: bool = False,
    first: int = 0,
) -> Tensor:
    """Pictures uint8 [n, 3, S, S] of the given classes [n]; picture k starts from stream first + k of the seed."""
    cfg: Any = model.cfg
    shape = (cfg.channels, cfg.image, cfg.image)
    device = next(model.parameters()).device
    out = []
    for start in range(0, len(classes), batch):
        part = classes[start : start + batch]
        x = np.stack([SeededNoise(seed, stream=first + start + k).normal(shape) for k in range(len(part))])
        last = run(
            model,
            diffusion,
            recipe,
            torch.from_numpy(x).float().to(device),
            torch.from_numpy(np.asarray(part)).to(device),
            SeededNoise(seed + 1, stream=first + start),
            bf16,
        )
        out.append(((last.x.clamp(-1, 1) + 1) * 127.5).round().byte().cpu())
    return torch.cat(out)
