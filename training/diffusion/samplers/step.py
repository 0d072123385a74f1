"""The loop that all samplers share (as src/lib/diffusion/math/samplers/step.ts)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic

from training.diffusion.convert import split
from training.diffusion.noise import NoiseSource
from training.diffusion.process import Process
from training.diffusion.timesteps import check_grid, network_time
from training.diffusion.values import Values, as_kind


@dataclass(frozen=True)
class SamplerOptions(Generic[Values]):
    """What every sampler is given.

    process: the noising process that the model was trained on.
    model: (x, time) -> prediction of x's shape; guidance, classes and batching are its own affair.
    predicts: x0, eps, v or u.
    x: the state at times[0], usually standard normals, any shape; never written to.
    times: N+1 falling times in [0, 1] (see time_grid).
    time: what the model is fed, see timesteps.TIME_CONVENTIONS; `unit` is t itself.
    clip: keep every x0 estimate inside this range, e.g. (-1, 1) for pixels.
    noise: needed by the samplers that add some.
    """

    process: Process
    model: Callable[[Values, float], Values]
    predicts: str
    x: Values
    times: Sequence[float]
    time: str = "unit"
    clip: tuple[float, float] | None = None
    noise: NoiseSource | None = None


@dataclass(frozen=True)
class SamplerStep(Generic[Values]):
    """What a sampler yields after each of its N steps.

    step: 1 ... N; t = times[step], the time of x; x: the state that the step arrived at;
    eps, x0: the model's (clipped) answer at times[step - 1] that the step set out with.
    """

    step: int
    t: float
    x: Values
    eps: Values
    x0: Values


@dataclass(frozen=True)
class Stretch(Generic[Values]):
    """One step's frame: the stretch start -> end and the model's answer at `start`."""

    step: int
    start: float
    end: float
    x: Values
    x0: Values
    eps: Values


Sampler = Iterator[SamplerStep[Values]]


def march(options: SamplerOptions[Values], advance: Callable[[Stretch[Values]], Values]) -> Sampler[Values]:
    """Ask the model, let `advance` make the next state, yield it.

    Raises ValueError for a grid that does not fall inside [0, 1].
    """
    check_grid(options.times)
    x = options.x
    for step in range(1, len(options.times)):
        start, end = options.times[step - 1], options.times[step]
        x0, eps = ask(options, x, start)
        x = advance(Stretch(step, start, end, x, x0, eps))
        yield SamplerStep(step, end, x, eps, x0)


def ask(options: SamplerOptions[Values], x: Values, t: float) -> tuple[Values, Values]:
    """The model's answer at (x, t) as (x0, eps)."""
    prediction = options.model(x, network_time(options.time, t, options.process))
    return split(options.predicts, options.process, t, x, prediction, options.clip)


def draw(options: SamplerOptions[Values], who: str, x: Values) -> Values:
    """The next draw of the injected noise, of x's kind and shape. Raises ValueError if there is no source."""
    if options.noise is None:
        raise ValueError(f"{who} adds noise; give it a noise source.")
    return as_kind(x, options.noise.normal(tuple(x.shape)))


def finish(sampler: Sampler[Values]) -> SamplerStep[Values]:
    """Runs a sampler to its end and gives the last step."""
    return deque(sampler, maxlen=1)[0]
