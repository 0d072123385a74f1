"""Samplers against data whose best network is known: x0 ~ N(m, s^2), one number.

Then x_t ~ N(a m, V), V = a^2 s^2 + b^2, and the best eps is b (x - a m)/V: affine, so a sampler
maps x_T and its noise affinely to the result, whose mean and variance follow exactly, without
drawing a single sample. The expected maps are written here from the papers' formulas, apart from
the code under test.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from training.diffusion import finish, process, sample, time_grid

M, S = 0.5, 0.5
Law = tuple[float, float]


def abar(t: float) -> float:
    return math.exp(-0.1 * t - 9.95 * t * t)


def rates(t: float, name: str = "vp") -> tuple[float, float, float]:
    """(a, b, V) written out, not asked of the code under test."""
    a, b = (1 - t, t) if name == "rectified-flow" else (math.sqrt(abar(t)), math.sqrt(1 - abar(t)))
    return a, b, a * a * S * S + b * b


def oracle(kind: str, name: str) -> Callable[[np.ndarray, float], np.ndarray]:
    def model(x: np.ndarray, t: float) -> np.ndarray:
        a, b, V = rates(t, name)
        eps = b * (x - a * M) / V
        x0 = M + a * S * S * (x - a * M) / V
        return {"eps": eps, "x0": x0, "v": a * eps - b * x0, "u": eps - x0}[kind]

    return model


class Impulses:
    """Element 0 sees no noise, 1 only x_T, and 1 + k only the k-th draw: the columns of the affine map."""

    def __init__(self) -> None:
        self.drawn = 0

    def normal(self, shape: tuple[int, ...]) -> np.ndarray:
        self.drawn += 1
        out = np.zeros(shape)
        out[1 + self.drawn] = 1
        return out


def law(sampler: str, steps: int, name: str = "vp", begin: Law = (0, 1), **options: Any) -> Law:
    """Exact mean and variance of the sampler's result for x_T ~ N(begin)."""
    x = np.full(2 + steps, float(begin[0]))
    x[1] += math.sqrt(begin[1])
    kind = "u" if name == "rectified-flow" else "eps"
    end = sample(sampler, process(name), oracle(kind, name), kind, x, steps, noise=Impulses(), **options)
    out = finish(end).x
    return float(out[0]), float(np.sum((out - out[0]) ** 2))


def grid(steps: int, spacing: str = "uniform", **options: Any) -> list[float]:
    return time_grid(process("vp"), steps, spacing, **options)


# The maps by hand: each gives mean and variance of x_s from those of x_t.


def by_steps(times: list[float], one: Callable[[float, float, Law], Law]) -> Law:
    now: Law = (0.0, 1.0)
    for t, s in pairwise(times):
        now = one(t, s, now)
    return now


def ddim_law(eta: float) -> Callable[[float, float, Law], Law]:
    def one(t: float, s: float, now: Law) -> Law:
        a, b, V = rates(t)
        a2, b2, _ = rates(s)
        power = eta**2 * (b2 / b) ** 2 * (1 - abar(t) / abar(s))
        gain = a2 * a * S * S / V + math.sqrt(b2 * b2 - power) * b / V
        return a2 * M + gain * (now[0] - a * M), gain**2 * now[1] + power

    return one


def ddpm_law(large: bool) -> Callable[[float, float, Law], Law]:
    def one(t: float, s: float, now: Law) -> Law:
        alpha = abar(t) / abar(s)
        a, _, V = rates(t)
        from_x0 = math.sqrt(abar(s)) * (1 - alpha) / (1 - abar(t))
        from_x = math.sqrt(alpha) * (1 - abar(s)) / (1 - abar(t))
        small = (1 - alpha) * (1 - abar(s)) / (1 - abar(t))
        gain = from_x0 * a * S * S / V + from_x
        mean = from_x0 * (M + a * S * S * (now[0] - a * M) / V) + from_x * now[0]
        return mean, gain**2 * now[1] + (0 if s == 0 else 1 - alpha if large else small)

    return one


def flow(t: float, half: float) -> tuple[float, float]:
    """dx/dt = p x + q: half = 1/2 the ODE, 1 the drift of the reverse SDE."""
    beta = 0.1 + 19.9 * t
    a, _, V = rates(t)
    return -0.5 * beta + half * beta / V, -half * beta * a * M / V


def euler_law(t: float, s: float, now: Law) -> Law:
    p, q = flow(t, 0.5)
    return now[0] + (s - t) * (p * now[0] + q), (1 + (s - t) * p) ** 2 * now[1]


def heun_law(t: float, s: float, now: Law) -> Law:
    if s == 0:
        return euler_law(t, s, now)
    (p, q), (p2, q2), d = flow(t, 0.5), flow(s, 0.5), s - t
    gain = 1 + d / 2 * (p + p2 * (1 + d * p))
    shift = d / 2 * (q + p2 * d * q + q2)
    return gain * now[0] + shift, gain**2 * now[1]


def sde_law(t: float, s: float, now: Law) -> Law:
    p, q = flow(t, 1.0)
    mean = now[0] + (s - t) * (p * now[0] + q)
    noise = 0 if s == 0 else (0.1 + 19.9 * t) * (t - s)
    return mean, (1 + (s - t) * p) ** 2 * now[1] + noise


def flow_law(t: float, s: float, now: Law) -> Law:
    a, b, V = rates(t, "rectified-flow")
    gain = 1 + (s - t) * (b - a * S * S) / V
    shift = (s - t) * (-M - (b - a * S * S) * a * M / V)
    return gain * now[0] + shift, gain**2 * now[1]


def dpm_law(times: list[float], last_order: int) -> Law:
    def lam(t: float) -> float:
        return math.inf if t == 0 else 0.5 * math.log(abar(t) / (1 - abar(t)))

    x, before, last = np.array([1.0, 0.0]), None, len(times) - 1  # x = x[0] x_T + x[1]
    one = np.array([0.0, 1.0])
    for i in range(1, len(times)):
        a, b, V = rates(times[i - 1])
        a2, b2, _ = rates(times[i])
        h = lam(times[i]) - lam(times[i - 1])
        x0 = M * one + a * S * S / V * (x - a * M * one)
        D = x0
        if before is not None and math.isfinite(h) and not (i == last and last_order == 1):
            r = before[1] / h
            D = (1 + 1 / (2 * r)) * x0 - 1 / (2 * r) * before[0]
        x = b2 / b * x - a2 * (math.exp(-h) - 1) * D
        before = (x0, h)
    return float(x[1]), float(x[0] ** 2)


# sampler, its options, the exact law, and the tolerances at 20 steps: of the mean, and of the
# deviation relative to s. They are the discretisation errors themselves, rounded up in the last digit.
CASES: list[tuple[str, dict[str, Any], Law, float, float]] = [
    ("ddpm", {}, by_steps(grid(20), ddpm_law(False)), 1e-4, 0.2171),
    ("ddpm", {"variance": "large"}, by_steps(grid(20), ddpm_law(True)), 1e-4, 0.0328),
    ("ddim", {}, by_steps(grid(20), ddim_law(0)), 0.0015, 0.1377),
    ("ddim", {"eta": 0.5}, by_steps(grid(20), ddim_law(0.5)), 0.0011, 0.1591),
    ("ddim", {"eta": 1}, by_steps(grid(20), ddim_law(1)), 1e-4, 0.2171),
    ("euler", {}, by_steps(grid(20), euler_law), 0.0060, 0.0189),
    ("euler", {"variable": "sigma"}, by_steps(grid(20), ddim_law(0)), 0.0015, 0.1377),
    ("heun", {}, by_steps(grid(20, "quadratic"), heun_law), 0.0023, 0.0002),
    ("dpmpp-2m", {}, dpm_law(grid(20, "lambda"), 1), 0.0018, 0.0141),
    ("dpmpp-2m", {"spacing": "quadratic"}, dpm_law(grid(20, "quadratic"), 1), 0.0018, 0.0206),
    ("sde", {}, by_steps(grid(20), sde_law), 0.0148, 0.0620),
]


@pytest.mark.parametrize(("name", "options", "exact", "of_mean", "of_deviation"), CASES)
def test_twenty_steps_end_where_the_affine_map_says(
    name: str, options: dict[str, Any], exact: Law, of_mean: float, of_deviation: float
) -> None:
    mean, variance = law(name, 20, **options)
    assert mean == pytest.approx(exact[0], abs=1e-11)
    assert variance == pytest.approx(exact[1], abs=1e-11)
    assert abs(mean - M) < of_mean
    assert abs(math.sqrt(variance) / S - 1) < of_deviation


def test_rectified_flow_euler() -> None:
    exact = by_steps(grid(20), flow_law)
    assert law("euler", 20, "rectified-flow") == pytest.approx(exact, abs=1e-11)
    assert law("ddim", 20, "rectified-flow") == pytest.approx(exact, abs=1e-11)
    assert abs(exact[0] - M) < 1e-11
    assert abs(math.sqrt(exact[1]) / S - 1) < 0.0716


def test_dpm_solver_warning() -> None:
    """Few steps: second order to the very end is worse than DDIM when spaced evenly in time."""

    def error(name: str, spacing: str, **own: Any) -> float:
        return round(100 * (math.sqrt(law(name, 20, spacing=spacing, end=1e-3, **own)[1]) / S - 1), 1)

    assert error("dpmpp-2m", "lambda") == 1.3
    assert error("ddim", "uniform") == -13.2
    assert error("dpmpp-2m", "uniform", last_order=2) == 22.4
    assert error("dpmpp-2m", "uniform", last_order=1) == -4.0


def test_dpm_solver_last_order() -> None:
    for steps, order in ((20, 1), (21, 2)):
        found = law("dpmpp-2m", steps, end=1e-3)
        assert found == law("dpmpp-2m", steps, end=1e-3, last_order=order)
        assert found != law("dpmpp-2m", steps, end=1e-3, last_order=3 - order)


@pytest.mark.parametrize(
    ("name", "order", "options"),
    [
        ("ddim", 1, {}),
        ("euler", 1, {}),
        ("euler", 1, {"variable": "sigma", "spacing": "lambda"}),
        ("heun", 2, {}),
        ("heun", 2, {"variable": "sigma", "spacing": "lambda"}),
        ("dpmpp-2m", 2, {}),
        ("ddpm", 1, {}),
        ("ddpm", 1, {"variance": "large"}),
        ("sde", 1, {}),
    ],
)
def test_error_falls_at_the_order(name: str, order: int, options: dict[str, Any]) -> None:
    """From the exact law at t = 1 the exact law at t = 0.01 is known; the error is the sampler's own."""
    (a, _, V), (_, _, V2) = rates(1.0), rates(0.01)
    errors = [
        abs(math.sqrt(law(name, steps, begin=(a * M, V), end=0.01, **options)[1]) - math.sqrt(V2))
        for steps in (160, 320, 640)
    ]
    for coarse, fine in pairwise(errors):
        assert math.log2(coarse / fine) == pytest.approx(order, abs=0.15)
    assert errors[-1] > 1e-12


def test_u_vit_sampler() -> None:
    """1000 Euler-Maruyama steps: within 0.4 % of the data's deviation."""
    mean, variance = law("sde", 1000)
    assert abs(mean - M) < 1e-3
    assert abs(math.sqrt(variance) / S - 1) < 4e-3
