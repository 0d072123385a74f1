"""Euler and Heun on the probability-flow ODE (as src/lib/diffusion/math/samplers/ode.ts)."""

from __future__ import annotations

from collections.abc import Sequence

from training.diffusion.process import Process
from training.diffusion.samplers.step import Sampler, SamplerOptions, Stretch, ask, march
from training.diffusion.values import Values


def euler(options: SamplerOptions[Values], variable: str = "time") -> Sampler[Values]:
    """Euler on the probability-flow ODE dx/dt = signal_rate' x0 + noise_rate' eps. First order.

    For a variance-preserving process that is -beta x/2 + beta eps/(2 noise_rate), for rectified
    flow u = eps - x0, so x <- x - dt u. `variable` is what it is stepped in: `time`, or `sigma`,
    the ratio noise_rate/signal_rate with d(x/signal_rate)/dsigma = eps (Karras et al. 2022,
    equations 1 and 4). An Euler step in sigma is a DDIM step; it suits schedules whose beta
    explodes (cosine), with `lambda` spacing for Heun.
    Source: Song et al. 2021 (score SDE), equation 13; Liu et al. 2022.
    Raises ValueError for an unknown variable, or `sigma` where there is no signal.
    """
    _check_variable(variable)

    def advance(at: Stretch[Values]) -> Values:
        slope = _slope(options.process, variable, at.start, at.x0, at.eps)
        return _step(options.process, variable, at, [(1.0, slope)])

    return march(options, advance)


def heun(options: SamplerOptions[Values], variable: str = "time") -> Sampler[Values]:
    """An Euler step, the slope again at its end, then the step with the mean of both slopes.

    Second order, two calls of the model a step; a step that arrives at t = 0, where the slope has
    no value, stays an Euler step. Source: Karras et al. 2022, algorithm 1.
    Raises ValueError as `euler`.
    """
    process = options.process
    _check_variable(variable)

    def advance(at: Stretch[Values]) -> Values:
        first = _slope(process, variable, at.start, at.x0, at.eps)
        guess = _step(process, variable, at, [(1.0, first)])
        if process.noise_rate(at.end) == 0:
            return guess
        x0, eps = ask(options, guess, at.end)
        second = _slope(process, variable, at.end, x0, eps)
        return _step(process, variable, at, [(0.5, first), (0.5, second)])

    return march(options, advance)


def _check_variable(variable: str) -> None:
    if variable not in ("time", "sigma"):
        raise ValueError(f"The ODE has no variable called '{variable}'; use time or sigma.")


def _slope(process: Process, variable: str, t: float, x0: Values, eps: Values) -> Values:
    if variable == "sigma":
        return eps
    signal, noise = process.rate_slopes(t)
    return signal * x0 + noise * eps


def _step(process: Process, variable: str, at: Stretch[Values], slopes: Sequence[tuple[float, Values]]) -> Values:
    if variable == "sigma":
        scale = process.signal_rate(at.end)
        length = scale * (_sigma(process, at.end) - _sigma(process, at.start))
        x = (scale / process.signal_rate(at.start)) * at.x
    else:
        x, length = at.x, at.end - at.start
    for weight, slope in slopes:
        x = x + (weight * length) * slope
    return x


def _sigma(process: Process, t: float) -> float:
    signal = process.signal_rate(t)
    if signal == 0:
        raise ValueError(f"At t = {t} '{process.name}' has no signal, so sigma is infinite; start below it.")
    return process.noise_rate(t) / signal
