"""Loss weights and training times (as src/lib/diffusion/math/loss.ts)."""

from __future__ import annotations

import math

# none: the plain square error of the prediction; the others damp the easy, nearly clean times.
WEIGHTINGS = ("none", "min-snr", "soft-min-snr")


def loss_weight(weighting: str, kind: str, snr: float, gamma: float = 5.0) -> float:
    """The factor of the square error of a prediction at a signal-to-noise ratio in [0, inf).

    In units of x0's error: min(SNR, gamma), or SNR gamma/(SNR + gamma) for the soft form; an eps
    error weighs SNR, a v error SNR + 1.
    Source: Hang et al. 2023 (Min-SNR); the soft form: Crowson et al. 2024.
    Raises ValueError for an unknown weighting, or 'u' with one (its process keeps another SNR).
    """
    if weighting == "none":
        return 1.0
    if weighting not in WEIGHTINGS:
        known = ", ".join(WEIGHTINGS)
        raise ValueError(f"There is no weighting called '{weighting}'; use one of {known}.")
    if not snr >= 0:
        raise ValueError(f"The signal-to-noise ratio is {snr}; it must not be negative.")
    hard = weighting == "min-snr"
    kept = min(snr, gamma) if hard else snr * gamma / (snr + gamma)
    if kind == "x0":
        return kept
    if kind == "eps":  # kept / SNR, without dividing 0 by 0 in pure noise
        return (1.0 if snr <= gamma else gamma / snr) if hard else gamma / (snr + gamma)
    if kind == "v":
        return kept / (snr + 1)
    raise ValueError(f"The weighting '{weighting}' is written for x0, eps and v; use 'none' for '{kind}'.")


def logit_normal_time(normal: float, mean: float = 0.0, deviation: float = 1.0) -> float:
    """t = 1/(1 + e^-n) of a standard normal n: logit-normal times in (0, 1).

    Source: Esser et al. 2024, section 3.1.
    """
    return 1 / (1 + math.exp(-(mean + deviation * normal)))
