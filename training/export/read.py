"""Reading a model folder: its configuration, weights and metrics."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from safetensors import safe_open
from torch import Tensor, nn

from training.errors import TrainingError
from training.export.eight_bits import unpack
from training.models.autoencoder import Autoencoder, AutoencoderConfig
from training.models.autoregressive import Autoregressive, AutoregressiveConfig
from training.models.clip import CLIP, CLIPConfig
from training.models.cnn import Cnn, CnnConfig
from training.models.detr import DETR
from training.models.detr_config import DETRConfig
from training.models.dit import DiT, DiTConfig
from training.models.mae import MAE, MAEConfig
from training.models.residual_mlp import ResidualMLP, ResidualMLPConfig
from training.models.swin import Swin
from training.models.swin_config import SwinConfig
from training.models.unet import UNet, UNetConfig
from training.models.uvit import UViT, UViTConfig
from training.models.vit import ViT, ViTConfig
from training.models.vivit import ViViT
from training.models.vivit_config import ViViTConfig
from training.models.vq import VQ, VQConfig

MODELS: dict[str, tuple[Any, Any]] = {
    "vit": (ViTConfig, ViT),
    "uvit": (UViTConfig, UViT),
    "unet": (UNetConfig, UNet),
    "dit": (DiTConfig, DiT),
    "mae": (MAEConfig, MAE),
    "cnn": (CnnConfig, Cnn),
    "swin": (SwinConfig, Swin),
    "clip": (CLIPConfig, CLIP),
    "vivit": (ViViTConfig, ViViT),
    "detr": (DETRConfig, DETR),
    "autoencoder": (AutoencoderConfig, Autoencoder),
    "vq": (VQConfig, VQ),
    "autoregressive": (AutoregressiveConfig, Autoregressive),
    "residual-mlp": (ResidualMLPConfig, ResidualMLP),
}


def read_model_config(folder: Path) -> dict[str, Any]:
    """config.json of a model folder."""
    path = folder / "config.json"
    if not path.is_file():
        raise TrainingError(f"{path} is missing; export the model first (python -m training export).")
    values: dict[str, Any] = json.loads(path.read_text())
    return values


def read_metrics(folder: Path) -> dict[str, Any]:
    """metrics.json of a model folder, or an empty dict."""
    path = folder / "metrics.json"
    return json.loads(path.read_text()) if path.is_file() else {}


def load_any(folder: Path) -> nn.Module:
    """An exported model of any architecture in float32 and eval mode."""
    values = read_model_config(folder)
    architecture = values.get("architecture")
    if architecture not in MODELS:
        raise TrainingError(
            f"{folder / 'config.json'} names the architecture '{architecture}'; use one of {', '.join(MODELS)}."
        )
    kind, make = MODELS[architecture]
    model: nn.Module = make(kind.from_json(values["config"]))
    read_weights(model, folder / "model.safetensors")
    return model.eval().requires_grad_(False)


def load_model(folder: Path) -> ViT:
    """An exported ViT in float32 and eval mode, its weights exactly the float16 ones the page computes with."""
    model = load_any(folder)
    if not isinstance(model, ViT):
        raise TrainingError(f"{folder} holds a {type(model).__name__}, not a ViT; choose another model folder.")
    return model


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Every tensor of a safetensors file as stored; one that cannot be read is a TrainingError."""
    try:
        with safe_open(path, framework="pt") as handle:
            return {key: handle.get_tensor(key) for key in handle.keys()}  # noqa: SIM118 (safe_open is no mapping)
    except Exception as error:  # safetensors raises its own exception type
        raise TrainingError(f"{path} cannot be read ({error}); export the model again.") from error


def read_weights(model: nn.Module, path: Path) -> None:
    """Load a safetensors file into a model; one that does not fit is a TrainingError."""
    state = {key: value.float() for key, value in unpack(read_tensors(path)).items()}
    try:
        missing, unexpected = model.load_state_dict(state, strict=False)
        first = [k for k in missing + unexpected if not k.endswith("num_batches_tracked")][:1]
    except RuntimeError as error:
        first = [str(error).splitlines()[-1].strip()]
    if first:
        raise TrainingError(f"{path} does not fit its config.json (first difference: {first[0]}); export again.")
