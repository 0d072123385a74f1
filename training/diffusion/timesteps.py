"""Time conventions and sampler grids (as src/lib/diffusion/math/timesteps.ts)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from training.diffusion.process import Process, check_time
from training.diffusion.schedules import check_steps

# What a network is fed as its time, given t in [0, 1]:
# unit t; 999t 999 t (U-ViT's pixel models); 1000t 1000 t; index n = T t - 1, 0 ... T-1 (DDPM, DiT);
# count n = T t, 1 ... T (U-ViT's discrete models).
TIME_CONVENTIONS = ("unit", "999t", "1000t", "index", "count")

# How the times of a sampler are spread: evenly in t, in sqrt(t), or in lambda = half the log SNR.
SPACINGS = ("uniform", "quadratic", "lambda")


def network_time(convention: str, t: float, process: Process) -> float:
    """The number that a network is fed at time t in [0, 1].

    `index` and `count` are rounded to a whole number when they are within 1e-6 of one; between two
    indices they stay fractional, which a sinusoidal embedding accepts and a table does not.
    Raises ValueError for an unknown convention, t outside [0, 1], or a process without T.
    """
    check_time(t)
    if convention == "unit":
        return t
    if convention == "999t":
        return 999 * t
    if convention == "1000t":
        return 1000 * t
    if convention not in ("index", "count"):
        known = ", ".join(TIME_CONVENTIONS)
        raise ValueError(f"There is no time convention called '{convention}'; use one of {known}.")
    if process.schedule is None:
        raise ValueError(f"The time convention '{convention}' needs a discrete schedule; '{process.name}' has none.")
    count = t * process.schedule.steps
    whole = math.floor(count + 0.5)
    n = whole if abs(count - whole) < 1e-6 else count
    return n - 1 if convention == "index" else n


def time_of_index(n: int, steps: int) -> float:
    """t of the state of index n of a schedule of T steps: (n+1)/T. Raises ValueError unless 0 <= n < T."""
    check_steps(steps)
    if not isinstance(n, int) or n < 0 or n >= steps:
        raise ValueError(f"The index is {n}; it must be a whole number from 0 to {steps - 1}.")
    return (n + 1) / steps


def time_grid(
    process: Process,
    steps: int,
    spacing: str = "uniform",
    start: float = 1.0,
    end: float = 0.0,
    closest: float = 1e-3,
    snap: bool = False,
) -> list[float]:
    """The times of a sampler, [steps + 1], falling from `start` to `end`.

    `uniform` over a schedule of T steps ends each stretch at its noisy side (T, T - T/N, ...), the
    "trailing" spacing of Lin et al. 2023, section 3.3. lambda is infinite at t = 0: with `lambda`
    and end 0 the last step jumps to 0 from `closest`. `snap` moves the times to whole indices of a
    discrete schedule, all different.
    Raises ValueError for steps < 1, an unknown spacing, times out of order, or more steps than
    indices when snapping.
    """
    check_steps(steps)
    check_time(start)
    check_time(end)
    if end >= start:
        raise ValueError(f"The grid would run from {start} to {end}; time must fall.")
    times = _spread(process, spacing, steps, start, end, closest)
    times[0], times[steps] = start, end
    return _snapped(process, times) if snap else times


def _line(start: float, end: float, count: int) -> list[float]:
    return [start + (i / count) * (end - start) for i in range(count + 1)]


def _spread(p: Process, spacing: str, steps: int, start: float, end: float, closest: float) -> list[float]:
    if spacing == "uniform":
        return _line(start, end, steps)
    if spacing == "quadratic":
        return [root * root for root in _line(math.sqrt(start), math.sqrt(end), steps)]
    if spacing != "lambda":
        known = ", ".join(SPACINGS)
        raise ValueError(f"There is no spacing called '{spacing}'; use one of {known}.")
    lowest = p.half_log_snr(start)
    if not math.isfinite(lowest):
        raise ValueError(
            f"Spacing 'lambda' cannot begin at t = {start}, where '{p.name}' has no signal; start below it."
        )
    if end > 0:
        return [p.time_at(lam) for lam in _line(lowest, p.half_log_snr(end), steps)]
    if steps == 1:
        return [start, 0.0]
    if closest <= 0 or closest >= start:
        raise ValueError(f"The closest time is {closest}; it must lie between 0 and the start, {start}.")
    return [*(p.time_at(lam) for lam in _line(lowest, p.half_log_snr(closest), steps - 1)), 0.0]


def _snapped(process: Process, times: Sequence[float]) -> list[float]:
    if process.schedule is None:
        raise ValueError(f"Only a discrete schedule has indices to snap to; '{process.name}' has none.")
    T = process.schedule.steps
    counts = [math.floor(t * T + 0.5) for t in times]
    last = len(counts) - 1
    if counts[0] - counts[last] < last:
        room = counts[0] - counts[last]
        raise ValueError(f"The {last} steps do not fit into the {room} indices of this stretch.")
    for i in range(1, last):
        counts[i] = min(counts[i], counts[i - 1] - 1)
    for i in range(last - 1, 0, -1):
        counts[i] = max(counts[i], counts[i + 1] + 1)
    return [count / T for count in counts]


def check_grid(times: Sequence[float]) -> None:
    """Raises ValueError unless `times` has two values or more, all in [0, 1] and falling."""
    if len(times) < 2:
        raise ValueError(f"The grid has {len(times)} times; a sampler needs at least 2.")
    for i, t in enumerate(times):
        check_time(t)
        if i > 0 and t >= times[i - 1]:
            raise ValueError(f"The grid goes from {times[i - 1]} to {t} at step {i}; time must fall.")
