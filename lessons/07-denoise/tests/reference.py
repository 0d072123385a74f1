"""Lesson 7: the run on the stage, its samplers and step counts, guidance, the arc between two noises.

The lesson's defaults: class 7, seed 44, 20 steps of DDIM without noise, guidance w = 2, x0 clipped, of
models/uvit-cifar10. Samplers and guidance are those of training/diffusion, held to the papers' formulas by their own
tests; the network is PyTorch's.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import torch
from torch import Tensor

from training.diffusion import process, sample
from training.diffusion.batch import training_batch
from training.diffusion.generate import CLIP, guided
from training.diffusion.noise import SeededNoise, normals
from training.diffusion.samplers.step import SamplerStep
from training.errors import TrainingError
from training.export.read import load_any, read_model_config
from training.measure.gallery import small_picture
from training.models.uvit import UViT
from training.paths import ROOT
from training.references.common import Reference

NAME = "uvit-cifar10"
CLASS, SEED, OTHER = 7, 44, 46
SAMPLER, STEPS, WEIGHT = "ddim", 20, 2.0
# The state that is looked at in the step on guidance.
LOOK = 10
SAMPLERS = ("ddpm", "ddim", "euler", "heun", "dpmpp-2m", "sde")
COUNTS = (5, 10, 20, 50)
REFERENCE_STEPS = 1000
SCALES = (0.0, 1.0, 2.0, 4.0, 8.0)
# Pictures of the batch in which the class or the noise differs.
TEN = 10
# The training example on the stage: picture, class, times; the weighting of the model's own training.
PICTURE, PICTURE_CLASS, TIMES, WEIGHTING = "car", 1, (0.5, 0.1, 1.0), "min-snr"
# Half a step of 8 bits, as lessons/07-denoise/measures.ts.
EDGE = 1 - 1 / 255


@cache
def denoiser() -> tuple[UViT, dict[str, Any]]:
    """The lesson's model and the `diffusion` object of its config.json."""
    net = load_any(ROOT / "models" / NAME)
    if not isinstance(net, UViT):
        raise TrainingError(f"models/{NAME} is no U-ViT; lesson 7 needs one.")
    return net, read_model_config(ROOT / "models" / NAME)["diffusion"]


def noise(seed: int) -> Tensor:
    """[1, C, S, S]: the state that a run of this seed sets out with."""
    cfg = denoiser()[0].cfg
    shape = (1, cfg.channels, cfg.image, cfg.image)
    return torch.from_numpy(normals(seed, 0, math.prod(shape))).float().reshape(shape)


def steps_of(sampler: str, steps: int, weight: float) -> list[SamplerStep[Tensor]]:
    """Every step of a run from the lesson's noise."""
    net, diffusion = denoiser()
    made = process(diffusion["process"], diffusion.get("steps", 1000))
    with torch.inference_mode():
        return list(
            sample(
                sampler,
                made,
                guided(net, torch.tensor([CLASS]), weight, net.cfg.classes),
                diffusion["prediction"],
                noise(SEED),
                steps,
                time=diffusion["time"],
                clip=CLIP,
                noise=SeededNoise(SEED + 1, stream=0),
            )
        )


def end_of(sampler: str, steps: int, weight: float = WEIGHT) -> Tensor:
    """[1, C, S, S]: the finished picture."""
    return steps_of(sampler, steps, weight)[-1].x


def from_noise(x: Tensor, label: int) -> Tensor:
    """[1, C, S, S]: what the lesson's run makes of the noise x under this class."""
    net, diffusion = denoiser()
    made = process(diffusion["process"], diffusion.get("steps", 1000))
    said = guided(net, torch.tensor([label]), WEIGHT, net.cfg.classes)
    with torch.inference_mode():
        steps = sample(
            SAMPLER,
            made,
            said,
            diffusion["prediction"],
            x,
            STEPS,
            time=diffusion["time"],
            clip=CLIP,
            noise=SeededNoise(SEED + 1, stream=0),
        )
        return list(steps)[-1].x


def mean_correlation(pictures: Tensor) -> Tensor:
    """Of [n, C, S, S]: Pearson's correlation of two of them, the mean over all pairs."""
    table = torch.corrcoef(pictures.double().flatten(1))
    count = len(pictures)
    return (table.sum() - count) / (count * (count - 1))


def rms(values: Tensor) -> Tensor:
    """Root of the mean square."""
    return values.double().square().mean().sqrt()


def predictions(x: Tensor, t: float) -> tuple[Tensor, Tensor]:
    """epsilon with the class and without at (x, t), not clipped; from a v prediction eps = b x + a v."""
    net, diffusion = denoiser()
    if diffusion["prediction"] != "v" or diffusion["time"] != "999t":
        raise TrainingError(f"models/{NAME} no longer predicts v at 999 t; write its epsilon out here.")
    made = process(diffusion["process"])
    a, b = made.signal_rate(t), made.noise_rate(t)
    with torch.inference_mode():
        v = net(torch.cat([x, x]), torch.full((2,), 999 * t), torch.tensor([CLASS, net.cfg.classes]))
    cond, uncond = (b * x + a * v).chunk(2)
    return cond, uncond


def training_example(ref: Reference) -> None:
    """The loss of one picture at the lesson's times, as the training computes it."""
    net, diffusion = denoiser()
    x0 = small_picture(PICTURE, net.cfg.image).float()[None]
    made = process(diffusion["process"])
    rows = []
    for t in TIMES:
        batch = training_batch(
            made, diffusion["prediction"], [t], x0, noise(SEED), diffusion["time"], weighting=WEIGHTING
        )
        with torch.inference_mode():
            said = net(batch.x, batch.time, torch.tensor([PICTURE_CLASS]))
        error = (said - batch.target).double().square()
        rows.append([float(error.mean()), float(batch.weight[0])])
        if t == TIMES[0]:
            ref.put("train.x0", x0[0], "the picture")
            ref.put("train.cells", error[0], f"squared error of every cell at t = {t}")
    ref.put("train.loss", torch.tensor(rows, dtype=torch.float64), f"mean squared error of v and weight at t = {TIMES}")


def reference() -> Reference:
    """Every number of the lesson that its tests compare."""
    ref = Reference()
    training_example(ref)
    start = noise(SEED)
    run = steps_of(SAMPLER, STEPS, WEIGHT)
    states = [start, *(step.x for step in run)]
    ref.put("states", torch.cat([states[k] for k in (0, LOOK, STEPS)]), "x_t after 0, 10 and 20 steps, [3, C, S, S]")
    ref.put("eps", torch.cat([run[k].eps for k in (0, LOOK)]), "epsilon hat of states 0 and 10")
    ref.put("x0", torch.cat([run[k].x0 for k in (0, LOOK)]), "x0 hat of states 0 and 10")
    ref.put("rms", torch.stack([rms(state) for state in states]), "of every state, 0 to 20")
    cond, uncond = predictions(states[LOOK], run[LOOK - 1].t)
    ref.put(
        "guide.rms",
        torch.stack([rms(uncond), rms(cond), rms(cond - uncond)]),
        f"of state {LOOK}: none, class, difference",
    )
    best = end_of("ddim", REFERENCE_STEPS)
    ref.put("reference", best, "1,000 steps of DDIM without noise")
    ends = {name: end_of(name, STEPS) for name in SAMPLERS}
    ref.put("samplers", torch.cat(list(ends.values())), "20 steps of " + ", ".join(SAMPLERS))
    ref.put("samplers.off", torch.stack([rms(end - best) for end in ends.values()]), "rms to the reference")
    counts = [end_of(SAMPLER, steps) for steps in COUNTS]
    ref.put(
        "counts.off",
        torch.stack([rms(end - best) for end in counts]),
        "DDIM in 5, 10, 20, 50 steps: rms to the reference",
    )
    scales = torch.cat([end_of(SAMPLER, STEPS, w) for w in SCALES])
    ref.put("scales", scales, "the finished pictures at w = 0, 1, 2, 4, 8")
    ref.put("saturated", (scales.abs() >= EDGE).double().mean(dim=(1, 2, 3)), "share of their values at the ends")
    for name, labels, starts in (
        ("classes", list(range(TEN)), [start] * TEN),
        ("noises", [CLASS] * TEN, [noise(SEED + i) for i in range(TEN)]),
    ):
        made = torch.cat([from_noise(x, label) for x, label in zip(starts, labels, strict=True)])
        ref.put(
            f"ten.{name}",
            mean_correlation(made)[None],
            f"ten pictures that differ in their {name}: mean correlation of two",
        )
    a, b = start.double().flatten(), noise(OTHER).double().flatten()
    angle = torch.acos(a @ b / (a.norm() * b.norm()))
    middle = (a + b) * torch.sin(angle / 2) / torch.sin(angle)
    ref.put(
        "arc", torch.stack([torch.rad2deg(angle), rms(middle), rms((a + b) / 2)]), "seeds 44, 46: degrees; rms half way"
    )
    return ref
