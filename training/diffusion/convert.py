"""Conversions between predictions (as src/lib/diffusion/math/convert.ts)."""

from __future__ import annotations

from training.diffusion.process import Process
from training.diffusion.values import Values

# What a network predicts of x_t = a x0 + b eps: the clean data x0, the noise eps, the velocity
# v = a eps - b x0 (Salimans & Ho 2022, section 4), or the flow u = eps - x0 (Liu et al. 2022).
PREDICTIONS = ("x0", "eps", "v", "u")


def factors(kind: str, a: float, b: float) -> tuple[float, float]:
    """(c, d) with prediction = c x0 + d eps. Raises ValueError for an unknown kind."""
    if kind == "x0":
        return 1.0, 0.0
    if kind == "eps":
        return 0.0, 1.0
    if kind == "v":
        return -b, a
    if kind == "u":
        return -1.0, 1.0
    known = ", ".join(PREDICTIONS)
    raise ValueError(f"There is no prediction called '{kind}'; use one of {known}.")


def target(kind: str, process: Process, t: float, x0: Values, eps: Values) -> Values:
    """What a network of this kind should have predicted at t in [0, 1]: its training target."""
    c, d = factors(kind, process.signal_rate(t), process.noise_rate(t))
    return c * x0 + d * eps


def split(
    kind: str,
    process: Process,
    t: float,
    x: Values,
    prediction: Values,
    clip: tuple[float, float] | None = None,
) -> tuple[Values, Values]:
    """(x0, eps) from x_t and a prediction: x = a x0 + b eps and prediction = c x0 + d eps solved.

    clip keeps x0 inside [low, high] and takes the eps that goes with it (pixel models: [-1, 1]).
    Raises ValueError where the prediction says nothing of x0 or eps (eps at a = 0, x0 at b = 0).
    """
    if x.shape != prediction.shape:
        raise ValueError(
            f"Two arrays of {tuple(x.shape)} and {tuple(prediction.shape)} values meet; they must be of one shape."
        )
    a, b = process.signal_rate(t), process.noise_rate(t)
    c, d = factors(kind, a, b)
    det = a * d - b * c
    if det == 0:
        raise ValueError(f"At t = {t} a prediction of '{kind}' does not tell x0 and eps apart; stop before it.")
    x0 = (d / det) * x + (-b / det) * prediction
    if clip is None or b == 0:
        return x0, (-c / det) * x + (a / det) * prediction
    low, high = clip
    if not low < high:
        raise ValueError(f"The clip range is {low} to {high}; it must rise.")
    x0 = x0.clip(low, high)
    return x0, (1 / b) * x + (-a / b) * x0


def convert(source: str, to: str, process: Process, t: float, x: Values, prediction: Values) -> Values:
    """One kind of prediction as another, at the same x_t."""
    x0, eps = split(source, process, t, x, prediction)
    return target(to, process, t, x0, eps)
