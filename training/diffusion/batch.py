"""One training batch: noisy pictures, what to predict of them, and how much each counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

import numpy as np

from training.diffusion.convert import factors as factors_of
from training.diffusion.loss import loss_weight
from training.diffusion.process import Process
from training.diffusion.timesteps import network_time
from training.diffusion.values import Values, as_kind


@dataclass(frozen=True)
class TrainingBatch(Generic[Values]):
    """x and target [B, ...], shaped as x0; time [B], what the network is fed; weight [B]."""

    x: Values
    target: Values
    time: Values
    weight: Values


def training_batch(
    process: Process,
    predicts: str,
    times: Sequence[float],
    x0: Values,
    eps: Values,
    time: str = "unit",
    weighting: str = "none",
    gamma: float = 5.0,
) -> TrainingBatch[Values]:
    """The batch for pictures x0 and noise eps [B, ...] at times t [B] in [0, 1].

    Raises ValueError for a t out of range, a number of times other than B, or an unknown name.
    """
    if len(times) != x0.shape[0]:
        raise ValueError(f"There are {len(times)} times for a batch of {x0.shape[0]} pictures.")
    rates = [(process.signal_rate(t), process.noise_rate(t)) for t in times]
    factors = [factors_of(predicts, a, b) for a, b in rates]
    snrs = [(a / b) ** 2 if b > 0 else np.inf for a, b in rates]

    def column(values: Sequence[float]) -> Values:
        flat = np.asarray(values, dtype=np.float64)
        return as_kind(x0, flat.reshape(-1, *[1] * (x0.ndim - 1)))

    def row(values: Sequence[float]) -> Values:
        return as_kind(x0, np.asarray(values, dtype=np.float64))

    return TrainingBatch(
        x=column([a for a, _ in rates]) * x0 + column([b for _, b in rates]) * eps,
        target=column([c for c, _ in factors]) * x0 + column([d for _, d in factors]) * eps,
        time=row([network_time(time, t, process) for t in times]),
        weight=row([loss_weight(weighting, predicts, snr, gamma) for snr in snrs]),
    )
