"""Noise schedules, the forward process, conversions and samplers.

The same names and numbers as src/lib/diffusion. Everything is elementwise over
NumPy arrays or torch tensors of any shape. Time is t in [0, 1] everywhere (0 clean, 1 noise); what
the network is fed is said by a time convention.
"""

from training.diffusion.ancestral import ddim, ddpm
from training.diffusion.batch import TrainingBatch, training_batch
from training.diffusion.conversions import PREDICTIONS, convert, split, target
from training.diffusion.dpm import dpm_solver_2m
from training.diffusion.forward import add_noise, chain, chain_step, posterior, posterior_mean
from training.diffusion.guidance import guide, guide_by_scale, scale_of_weight, weight_of_scale
from training.diffusion.loss import WEIGHTINGS, logit_normal_time, loss_weight
from training.diffusion.ode import euler, heun
from training.diffusion.processes import PROCESSES, DiscreteProcess, RectifiedFlow, VpProcess, process
from training.diffusion.samplers import SAMPLERS, sample
from training.diffusion.sampling import SamplerStep, Setting, finish
from training.diffusion.schedules import SCHEDULES, half_log_snr, schedule, snr
from training.diffusion.sde import reverse_sde
from training.diffusion.times import (
    SPACINGS,
    TIME_CONVENTIONS,
    network_time,
    time_grid,
    time_of_index,
)

__all__ = [
    "PREDICTIONS", "PROCESSES", "SAMPLERS", "SCHEDULES", "SPACINGS", "TIME_CONVENTIONS", "WEIGHTINGS",
    "DiscreteProcess", "RectifiedFlow", "SamplerStep", "Setting", "TrainingBatch", "VpProcess",
    "add_noise", "chain", "chain_step", "convert", "ddim", "ddpm", "dpm_solver_2m", "euler", "finish",
    "guide", "guide_by_scale", "half_log_snr", "heun", "logit_normal_time", "loss_weight",
    "network_time", "posterior", "posterior_mean", "process", "reverse_sde", "sample",
    "scale_of_weight", "schedule", "snr", "split", "target", "time_grid", "time_of_index",
    "training_batch", "weight_of_scale",
]  # fmt: skip
