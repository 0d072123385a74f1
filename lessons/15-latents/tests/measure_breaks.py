"""What lesson 15 breaks, measured over many paintings: how far the pictures go, and what CLIP still takes them for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import MethodType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.diffusion import process, sample
from training.diffusion.convert import split
from training.diffusion.generate import Recipe, Told, guided
from training.diffusion.noise import SeededNoise
from training.diffusion.samplers.step import SamplerStep
from training.diffusion.timesteps import network_time
from training.measure.painter import Painter
from training.measure.words import Judge
from training.models.unet import UNet
from training.models.uvit import UViT

OTHER = 0.18215  # the scaling factor of Stable Diffusion's autoencoder
AT = 7  # the step that the lesson opens the breaks at
SCALED_AT = 14  # and the one at which it takes a wrong factor before the noise
CUTS = ("none", "inner", "outer", "all")


def gates(cut: str, count: int) -> list[int]:
    """0 for a skip that is cut, the innermost first (as gatesFor of break-math.ts)."""
    inner = count // 2
    kept = {"none": [1] * count, "all": [0] * count}
    return kept.get(cut) or [int((i < inner) != (cut == "inner")) for i in range(count)]


def zero_tail(channels: int, dim: int) -> Callable[..., Any]:
    """A hook that sets to zero what lies behind so many numbers of a module's input."""

    def hook(_: nn.Module, given: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        x = given[0].clone()
        x.narrow(dim, channels, x.shape[dim] - channels).zero_()
        return (x, *given[1:])

    return hook


def skips_of(model: nn.Module) -> int:
    """How many skips a denoiser has."""
    if isinstance(model, UViT):
        return len(model.out_blocks)
    assert isinstance(model, UNet)
    return len(model.up) * (model.cfg.blocks + 1)


@contextmanager
def with_cut(model: nn.Module, cut: str) -> Iterator[None]:
    """The same network, and in it some skips bring zeros."""
    undo: list[Callable[[], None]] = []
    wanted = gates(cut, skips_of(model))
    if isinstance(model, UViT):
        for gate, block in zip(wanted, model.out_blocks, strict=True):
            if not gate:
                linear: Any = block.skip_linear
                undo.append(linear.register_forward_pre_hook(zero_tail(model.cfg.dim, -1)).remove)
    else:
        assert isinstance(model, UNet)
        widths = model.cfg.widths
        order = [(level, j) for level in reversed(range(len(widths))) for j in range(model.cfg.blocks + 1)]
        for gate, (level, j) in zip(wanted, order, strict=True):
            if gate:
                continue
            stage: Any = model.up[level]
            block = stage.block[j]
            stream = widths[min(level + (j == 0), len(widths) - 1)]
            own, hook = block.told, zero_tail(stream, 1)

            def told(self: nn.Module, x: Tensor, *rest: Any, own: Any = own, hook: Any = hook) -> Tensor:
                out: Tensor = own(*hook(self, (x,)), *rest)
                return out

            block.told = MethodType(told, block)
            undo.append(lambda block=block: delattr(block, "told"))  # type: ignore[misc]
    try:
        yield
    finally:
        for again in undo:
            again()


def steps_of(
    painter: Painter, texts: list[str], styles: np.ndarray, recipe: Recipe, seed: int
) -> list[SamplerStep[Tensor]]:
    """Every step of so many paintings side by side; picture k begins with stream k of the seed."""
    cfg = painter.model.cfg
    x = np.stack([SeededNoise(seed, stream=k).normal((cfg.channels, cfg.image, cfg.image)) for k in range(len(texts))])
    told = Told(painter.reader(texts), painter.reader([""]))
    own = painter.diffusion
    with torch.inference_mode():
        return list(
            sample(
                recipe.sampler,
                process(own["process"]),
                guided(painter.model, torch.from_numpy(styles), recipe.guidance, cfg.classes, told=told),
                own["prediction"],
                torch.from_numpy(x).float(),
                recipe.steps,
                time=own["time"],
                noise=SeededNoise(seed + 1),
            )
        )


def apart(a: Tensor, b: Tensor) -> float:
    """Root mean square of the differences of uint8 pictures, in the unit of −1 … 1; the median over the pictures."""
    square = (a.float() - b.float()).div(127.5).square().mean((1, 2, 3))
    return round(float(square.sqrt().median()), 4)


def breaks(painter: Painter, judge: Judge, rows: np.ndarray, recipe: Recipe, seed: int) -> dict[str, Any]:
    """Each break on paintings of these signs by their English names: `apart` the right pictures, and CLIP's first."""
    texts, styles = judge.names(rows, "en"), judge.emoji.style_index[rows]
    scale = painter.coder.cfg.scaling_factor
    own = process(painter.diffusion["process"])
    run = steps_of(painter, texts, styles, recipe, seed)
    last = run[-1].x
    right = painter.decode(last)

    def told(pictures: Tensor, than: Tensor) -> dict[str, float]:
        said = judge.say(pictures.permute(0, 2, 3, 1).numpy(), rows, "en").shares(styles)
        return {"apart": apart(pictures, than), "first": said["first"]}

    result: dict[str, Any] = {"at": AT, "scaledAt": SCALED_AT, "pictures": len(rows), "whole": told(right, right)}
    result["decoder"] = told(painter.decode(last * scale / OTHER), right)
    result["decoder-none"] = told(painter.decode(last * scale), right)

    # Latents that were painted, noised to the time of that step and cleaned once, with the right factor and others.
    t = run[SCALED_AT - 2].t
    eps = torch.from_numpy(np.stack([SeededNoise(seed + 2, stream=k).normal(last.shape[1:]) for k in range(len(rows))]))
    context = painter.reader(texts)
    y = torch.from_numpy(styles)

    def cleaned(z: Tensor) -> Tensor:
        x = own.signal_rate(t) * z + own.noise_rate(t) * eps.float()
        time = torch.full((len(x),), float(network_time(painter.diffusion["time"], t, own)))
        with torch.inference_mode():
            said = painter.model(x, time, y, context=context)
        clean: Tensor = split(painter.diffusion["prediction"], own, t, x, said, None)[0]
        return clean

    as_it_is = painter.decode(cleaned(last))
    for name, factor in (("noise", OTHER), ("noise-none", 1.0)):
        result[name] = told(painter.decode(cleaned(last / scale * factor) * scale / factor), as_it_is)

    # At step AT the noise of the next painting is taken away in place of its own.
    step, t = run[AT - 1], run[AT - 2].t
    ratio = own.noise_rate(t) / own.signal_rate(t)
    guess = painter.decode(step.x0)
    result["guess"] = told(guess, guess)
    result["other"] = told(painter.decode(step.x0 + ratio * (step.eps - step.eps.roll(1, 0))), guess)
    result["state"] = told(painter.decode(step.x), guess)

    for cut in CUTS[1:]:
        with with_cut(painter.model, cut):
            result[f"cut-{cut}"] = told(painter.decode(steps_of(painter, texts, styles, recipe, seed)[-1].x), right)
    return result
