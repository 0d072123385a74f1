"""One of a run's averages written as a model folder."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.config import Config
from training.data.text.tokenizer import TOKENIZER
from training.errors import TrainingError
from training.export.autoencoder import export_autoencoder
from training.export.clip import export_clip
from training.export.cnn import export_cnn
from training.export.codes import export_generator, export_residual
from training.export.denoiser import export_denoiser
from training.export.detr import export_detr
from training.export.mae import export_mae
from training.export.read import load_any
from training.export.swin import export_swin
from training.export.vit import export_vit
from training.export.vivit import export_vivit
from training.export.write import write_json
from training.models.autoencoder import Autoencoder, AutoencoderConfig
from training.models.autoregressive import AutoregressiveConfig
from training.models.clip import CLIPConfig
from training.models.cnn import CnnConfig
from training.models.detr_config import DETRConfig
from training.models.mae import MAEConfig
from training.models.residual_mlp import ResidualMLPConfig
from training.models.swin_config import SwinConfig
from training.models.vit import ViTConfig
from training.models.vivit_config import ViViTConfig
from training.models.vq import VQConfig
from training.tasks.autoencode import scaling_factor
from training.tasks.coded import residual_scale
from training.train.device import choose_device
from training.train.runs import (
    labels_of,
    make_reader,
    make_task,
    paints_latents,
    read_generator,
    read_vq,
    signs_at,
)


def export_run(
    config: Config, run: Path, saved: dict[str, Any], folder: Path, ema: int, measure: bool, bits: int = 16
) -> None:
    """Write average number `ema` of a checkpoint (`saved`, of the run folder `run`) with its metrics.json.

    `bits`: see write_model; the evaluator's stay 16. `measure`: the loss on held-out pictures, too. A small network's
    golden tensors are stored whole, a larger one's sampled. Raises TrainingError for an average that is not there.
    """
    cfg = config.model
    if not 0 <= ema < len(saved["emas"]):
        raise TrainingError(f"--ema {ema} is not there; {config.source} has {len(saved['emas'])} averages.")
    weights = saved["emas"][ema]
    tiny = is_tiny(cfg)
    if isinstance(cfg, ViTConfig):
        sizes = sorted(config.train.patch_sizes)
        whole = [p for p in sizes if p in (8, 16)] if tiny else []
        sampled = [] if tiny else [p for p in sizes if p in (8, 16, 32)]
        fit = "squash" if tiny else config.data.fit
        export_vit(folder, config.name, weights, cfg, labels_of(config), sizes, fit, whole, sampled, bits)
    elif isinstance(cfg, MAEConfig):
        export_mae(folder, config, weights, tiny, bits)
    elif isinstance(cfg, CnnConfig):
        export_cnn(folder, config, weights, labels_of(config), tiny)
    elif isinstance(cfg, SwinConfig):
        export_swin(folder, config, weights, labels_of(config), tiny, bits)
    elif isinstance(cfg, CLIPConfig):
        export_clip(folder, config, weights, labels_of(config), TOKENIZER, tiny, bits)
    elif isinstance(cfg, ViViTConfig):
        export_vivit(folder, config, weights, labels_of(config), tiny, bits)
    elif isinstance(cfg, DETRConfig):
        export_detr(folder, config, weights, labels_of(config), tiny, bits)
    elif isinstance(cfg, AutoencoderConfig | VQConfig):
        export_autoencoder(folder, config, weights, latent_scale(config, weights), tiny, bits)
    elif isinstance(cfg, AutoregressiveConfig):
        reader = make_reader(config, choose_device("cpu"))
        export_generator(folder, config, weights, labels_of(config), reader, read_vq(config), tiny, bits)
    elif isinstance(cfg, ResidualMLPConfig):
        device, parts = choose_device("cpu"), (read_vq(config), read_generator(config))
        scale = residual_scale(parts[0], signs_at(parts[0].cfg.image), config, device)
        reader = make_reader(config, device)
        export_residual(folder, config, weights, scale, reader, parts, tiny, bits)
    else:
        told = make_reader(config, choose_device("cpu")) if paints_latents(config) else None
        export_denoiser(folder, config, weights, labels_of(config), tiny, bits, told)
    loss = measure and not isinstance(cfg, ViTConfig | SwinConfig)
    held_out = measure_held_out(config, run, folder, ema) if loss else {}
    write_json(folder / "metrics.json", {"run": run_facts(saved, ema), **held_out})


def is_tiny(cfg: Any) -> bool:
    """Whether a network is small enough for golden tensors in full."""
    if isinstance(cfg, AutoregressiveConfig):
        return cfg.dim <= 64 and cfg.places <= 64
    if isinstance(cfg, ResidualMLPConfig):
        return cfg.width <= 64 and cfg.grid <= 8
    narrow = cfg.width <= 16 if isinstance(cfg, CnnConfig | AutoencoderConfig | VQConfig) else cfg.dim <= 64
    return bool(cfg.image <= 32 and narrow)


def latent_scale(config: Config, weights: dict[str, Any]) -> float:
    """One over the deviation of an autoencoder's latents of signs; 1 where its latents are codes."""
    if not isinstance(config.model, AutoencoderConfig):
        return 1.0
    model = Autoencoder(config.model)
    model.load_state_dict(weights)
    return scaling_factor(model.eval(), signs_at(config.model.image), choose_device("cpu"))


def measure_held_out(config: Config, run: Path, folder: Path, ema: int) -> dict[str, Any]:
    """Loss of exported weights on held-out pictures: {heldOut, command}."""
    task = make_task(config, run, choose_device("cpu"))
    command = f"python -m training export {config.source} --ema {ema} --measure"
    return {"heldOut": task.measure(load_any(folder)), "command": command}


def run_facts(saved: dict[str, Any], ema: int = 0) -> dict[str, Any]:
    """Facts of a run that belong beside its metrics. `photos`: how many there were to train on, as far as saved."""
    return {
        "seed": saved["config"]["seed"],
        "steps": saved["step"],
        **({"photos": saved["photos"]} if "photos" in saved else {}),
        "imagesSeen": saved["images_seen"],
        "seconds": round(saved["seconds"]),
        "ema": np.atleast_1d(saved["config"]["train"]["ema"]).tolist()[ema],
        "device": saved.get("device", "CPU"),
        "machine": platform.machine(),
        "torch": torch.__version__,
    }
