"""Noising processes over one clock (as src/lib/diffusion/math/process.ts)."""

from __future__ import annotations

import bisect
import math
from abc import ABC, abstractmethod

from training.diffusion.schedules import SCHEDULES, Schedule, schedule

PROCESSES = (*SCHEDULES, "vp", "rectified-flow")


class Process(ABC):
    """x_t = signal_rate(t) x0 + noise_rate(t) eps, t in [0, 1]: 0 the clean picture, 1 the noisiest state.

    A discrete schedule of T steps has its state of index n (0 ... T-1) at t = (n+1)/T; between two
    indices log alpha_bar is linear in t, so every sampler also runs between them.
    """

    name: str
    schedule: Schedule | None = None

    @abstractmethod
    def signal_rate(self, t: float) -> float:
        """Factor of the data, in [0, 1]."""

    @abstractmethod
    def noise_rate(self, t: float) -> float:
        """Factor of the noise, in [0, 1]."""

    @abstractmethod
    def rate_slopes(self, t: float) -> tuple[float, float]:
        """Derivatives of both rates by t; for a VP process the noise rate has none at t = 0."""

    @abstractmethod
    def half_log_snr(self, t: float) -> float:
        """lambda(t) = log(signal_rate / noise_rate); infinite at t = 0."""

    @abstractmethod
    def time_at(self, lam: float) -> float:
        """The t in [0, 1] at which half_log_snr is `lam` (clipped to the clock's ends)."""


class VariancePreserving(Process):
    """signal_rate^2 + noise_rate^2 = 1. DDPM, DDIM with eta > 0 and the SDE need such a process."""

    @abstractmethod
    def _log(self, t: float) -> float:
        """log alpha_bar of a checked t."""

    @abstractmethod
    def _beta(self, t: float) -> float:
        """beta of a checked t."""

    @abstractmethod
    def _time_of_log(self, log: float) -> float:
        """Inverse of _log for values <= 0."""

    def log_alpha_bar(self, t: float) -> float:
        """log alpha_bar(t), 0 at t = 0."""
        return self._log(check_time(t))

    def alpha_bar(self, t: float) -> float:
        """alpha_bar(t), the signal power, in (0, 1]."""
        return math.exp(self.log_alpha_bar(t))

    def beta(self, t: float) -> float:
        """-d log alpha_bar / dt; at a kink of a discrete schedule the value below it."""
        return self._beta(check_time(t))

    def signal_rate(self, t: float) -> float:
        return math.exp(0.5 * self.log_alpha_bar(t))

    def noise_rate(self, t: float) -> float:
        return math.sqrt(max(0.0, -math.expm1(self.log_alpha_bar(t))))

    def rate_slopes(self, t: float) -> tuple[float, float]:
        signal, half = self.signal_rate(t), 0.5 * self.beta(t)
        return -half * signal, half * signal**2 / self.noise_rate(t)

    def half_log_snr(self, t: float) -> float:
        log = self.log_alpha_bar(t)
        return math.inf if log == 0 else 0.5 * (log - math.log(-math.expm1(log)))

    def time_at(self, lam: float) -> float:
        # log alpha_bar = -log(1 + e^(-2 lambda)), written so that neither end overflows.
        down = -2 * lam
        log = -(max(down, 0.0) + math.log1p(math.exp(-abs(down))))
        return min(1.0, max(0.0, self._time_of_log(log)))


class VpProcess(VariancePreserving):
    """beta(t) = low + (high - low) t, alpha_bar(t) = exp(-low t - (high - low) t^2 / 2).

    Source: Song et al. 2021 (score SDE), equations 32 and 33; 0.1 and 20, as in U-ViT.
    """

    def __init__(self, low: float = 0.1, high: float = 20.0) -> None:
        self.name = "vp"
        self.low = low
        self.slope = high - low

    def _log(self, t: float) -> float:
        return -self.low * t - 0.5 * self.slope * t * t

    def _beta(self, t: float) -> float:
        return self.low + self.slope * t

    def _time_of_log(self, log: float) -> float:
        return (-2 * log) / (self.low + math.sqrt(self.low * self.low - 2 * self.slope * log))


class DiscreteProcess(VariancePreserving):
    """The process of a discrete schedule, its log alpha_bar joined by straight lines.

    Source: Lu et al. 2022 (DPM-Solver), section 3.4.
    """

    def __init__(self, tables: Schedule) -> None:
        self.name = tables.name
        self.schedule = tables
        self.steps = tables.steps
        self.logs = [0.0]
        for beta in tables.betas:
            self.logs.append(self.logs[-1] + math.log1p(-float(beta)))

    def _log(self, t: float) -> float:
        below = min(math.floor(t * self.steps), self.steps - 1)
        return self.logs[below] + (t * self.steps - below) * (self.logs[below + 1] - self.logs[below])

    def _beta(self, t: float) -> float:
        # t = n/T may come out a hair above n when multiplied by T; that is still step n.
        above = min(max(math.ceil(t * self.steps - 1e-9), 1), self.steps)
        return self.steps * (self.logs[above - 1] - self.logs[above])

    def _time_of_log(self, log: float) -> float:
        above = bisect.bisect_left(self.logs, -log, key=lambda value: -value)
        low = min(max(above - 1, 0), self.steps - 1)
        part = (self.logs[low] - log) / (self.logs[low] - self.logs[low + 1])
        return (low + part) / self.steps


class RectifiedFlow(Process):
    """The straight path x_t = (1 - t) x0 + t eps. Source: Liu et al. 2022 (rectified flow), equation 1."""

    def __init__(self) -> None:
        self.name = "rectified-flow"

    def signal_rate(self, t: float) -> float:
        return 1 - check_time(t)

    def noise_rate(self, t: float) -> float:
        return check_time(t)

    def rate_slopes(self, t: float) -> tuple[float, float]:
        check_time(t)
        return -1.0, 1.0

    def half_log_snr(self, t: float) -> float:
        check_time(t)
        if t in (0, 1):
            return math.inf if t == 0 else -math.inf
        return math.log1p(-t) - math.log(t)

    def time_at(self, lam: float) -> float:
        return 1 / (1 + math.exp(lam))


def process(name: str, steps: int = 1000) -> Process:
    """A process by name with its published constants; `steps` is T of the discrete schedules.

    Raises ValueError for an unknown name.
    """
    if name == "vp":
        return VpProcess()
    if name == "rectified-flow":
        return RectifiedFlow()
    if name in SCHEDULES:
        return DiscreteProcess(schedule(name, steps))
    known = ", ".join(PROCESSES)
    raise ValueError(f"There is no process called '{name}'; use one of {known}.")


def require_vp(given: Process, who: str) -> VariancePreserving:
    """The process as a variance-preserving one; `who` asks for it, for the sentence.

    Raises ValueError for a process without alpha_bar, such as rectified flow.
    """
    if not isinstance(given, VariancePreserving):
        raise ValueError(
            f"{who} needs a variance-preserving process; '{given.name}' is not one. Use euler, heun or ddim with eta 0."
        )
    return given


def check_time(t: float) -> float:
    """t itself. Raises ValueError unless it is a number in [0, 1]."""
    if not 0 <= t <= 1:
        raise ValueError(f"The time t is {t}; it must lie between 0 (clean) and 1 (noise).")
    return t
