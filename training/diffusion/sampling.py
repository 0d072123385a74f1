"""The loop that all samplers share (as src/lib/diffusion/math/samplers/step.ts)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic

from training.diffusion.arrays import A, as_kind
from training.diffusion.conversions import split
from training.diffusion.processes import Process
from training.diffusion.times import check_grid, network_time
from training.noise import NoiseSource


@dataclass(frozen=True)
class Setting(Generic[A]):
    """What every sampler is given.

    process: the noising process that the model was trained on.
    model: (x, time) -> prediction of x's shape; guidance, classes and batching are its own affair.
    predicts: x0, eps, v or u.
    x: the state at times[0], usually standard normals, any shape; never written to.
    times: N+1 falling times in [0, 1] (see time_grid).
    time: what the model is fed, see times.TIME_CONVENTIONS; `unit` is t itself.
    clip: keep every x0 estimate inside this range, e.g. (-1, 1) for pixels.
    noise: needed by the samplers that add some.
    """

    process: Process
    model: Callable[[A, float], A]
    predicts: str
    x: A
    times: Sequence[float]
    time: str = "unit"
    clip: tuple[float, float] | None = None
    noise: NoiseSource | None = None


@dataclass(frozen=True)
class SamplerStep(Generic[A]):
    """What a sampler yields after each of its N steps.

    step: 1 ... N; t = times[step], the time of x; x: the state that the step arrived at;
    eps, x0: the model's (clipped) answer at times[step - 1] that the step set out with.
    """

    step: int
    t: float
    x: A
    eps: A
    x0: A


@dataclass(frozen=True)
class Stretch(Generic[A]):
    """One step's frame: the stretch start -> end and the model's answer at `start`."""

    step: int
    start: float
    end: float
    x: A
    x0: A
    eps: A


Sampler = Iterator[SamplerStep[A]]


def march(setting: Setting[A], advance: Callable[[Stretch[A]], A]) -> Sampler[A]:
    """Ask the model, let `advance` make the next state, yield it.

    Raises ValueError for a grid that does not fall inside [0, 1].
    """
    check_grid(setting.times)
    x = setting.x
    for step in range(1, len(setting.times)):
        start, end = setting.times[step - 1], setting.times[step]
        x0, eps = ask(setting, x, start)
        x = advance(Stretch(step, start, end, x, x0, eps))
        yield SamplerStep(step, end, x, eps, x0)


def ask(setting: Setting[A], x: A, t: float) -> tuple[A, A]:
    """The model's answer at (x, t) as (x0, eps)."""
    prediction = setting.model(x, network_time(setting.time, t, setting.process))
    return split(setting.predicts, setting.process, t, x, prediction, setting.clip)


def draw(setting: Setting[A], who: str, x: A) -> A:
    """The next draw of the injected noise, of x's kind and shape. Raises ValueError if there is no source."""
    if setting.noise is None:
        raise ValueError(f"{who} adds noise; give it a noise source.")
    return as_kind(x, setting.noise.normal(tuple(x.shape)))


def finish(sampler: Sampler[A]) -> SamplerStep[A]:
    """Runs a sampler to its end and gives the last step."""
    return deque(sampler, maxlen=1)[0]
