"""Noise schedules, the forward process, conversions and samplers.

The same names and numbers as src/lib/diffusion/math. Everything is elementwise over
NumPy arrays or torch tensors of any shape. Time is t in [0, 1] everywhere (0 clean, 1 noise); what
the network is fed is said by a time convention.
"""

from training.diffusion.batch import TrainingBatch, training_batch
from training.diffusion.convert import PREDICTIONS, convert, split, target
from training.diffusion.forward import add_noise, chain, chain_step, posterior, posterior_mean
from training.diffusion.guidance import guide, guide_by_scale, scale_of_weight, weight_of_scale
from training.diffusion.loss import WEIGHTINGS, logit_normal_time, loss_weight
from training.diffusion.process import PROCESSES, DiscreteProcess, RectifiedFlow, VpProcess, process
from training.diffusion.samplers import SAMPLERS, sample
from training.diffusion.samplers.ancestral import ddim, ddpm
from training.diffusion.samplers.dpm import dpm_solver_2m
from training.diffusion.samplers.ode import euler, heun
from training.diffusion.samplers.sde import reverse_sde
from training.diffusion.samplers.step import SamplerOptions, SamplerStep, finish
from training.diffusion.schedules import SCHEDULES, half_log_snr, schedule, snr
from training.diffusion.timesteps import SPACINGS, TIME_CONVENTIONS, network_time, time_grid, time_of_index

__all__ = [
    "PREDICTIONS", "PROCESSES", "SAMPLERS", "SCHEDULES", "SPACINGS", "TIME_CONVENTIONS", "WEIGHTINGS",
    "DiscreteProcess", "RectifiedFlow", "SamplerOptions", "SamplerStep", "TrainingBatch", "VpProcess",
    "add_noise", "chain", "chain_step", "convert", "ddim", "ddpm", "dpm_solver_2m", "euler", "finish",
    "guide", "guide_by_scale", "half_log_snr", "heun", "logit_normal_time", "loss_weight",
    "network_time", "posterior", "posterior_mean", "process", "reverse_sde", "sample",
    "scale_of_weight", "schedule", "snr", "split", "target", "time_grid", "time_of_index",
    "training_batch", "weight_of_scale",
]  # fmt: skip
