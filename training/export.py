"""Writing and reading a model folder: weights, config and golden tensors for the parity tests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from safetensors.numpy import save_file
from torch import Tensor, nn

from training.data import Label
from training.errors import TrainingError
from training.models.cnn import Cnn, CnnConfig
from training.models.dit import DiT, DiTConfig
from training.models.mae import MAE, MAEConfig
from training.models.uvit import UViT, UViTConfig
from training.models.vit import ViT, ViTConfig

MODELS: dict[str, tuple[Any, Any]] = {
    "vit": (ViTConfig, ViT),
    "uvit": (UViTConfig, UViT),
    "dit": (DiTConfig, DiT),
    "mae": (MAEConfig, MAE),
    "cnn": (CnnConfig, Cnn),
}

SAMPLES = 1024
FILES = ("model.safetensors", "golden.safetensors")
Arrays = dict[str, np.ndarray]


def preprocessing(size: int, fit: str) -> dict[str, Any]:
    """What the page does to a picture before the model sees it; pixels end in [-1, 1]."""
    return {
        "size": size,
        "fit": fit,
        "interpolation": "bilinear",
        "antialias": True,
        "mean": [0.5, 0.5, 0.5],
        "std": [0.5, 0.5, 0.5],
    }


def golden_picture(side: int, channels: int = 3) -> np.ndarray:
    """The golden input: a synthetic picture in [-1, 1], float32 [1, C, side, side].

    Waves, a disc and seeded noise, so that no data-set photo enters the project.
    """
    rng = np.random.default_rng(20260)
    grid = (np.arange(side) + 0.5) / side
    y, x = np.meshgrid(grid, grid, indexing="ij")
    planes = []
    for c in range(channels):
        waves = np.sin(2 * np.pi * ((2 + c) * x + (1 + 2 * c) * y)) * 0.4
        disc = np.where((x - 0.4 - 0.1 * c) ** 2 + (y - 0.55) ** 2 < 0.06, 0.5, -0.2)
        planes.append(waves + disc + rng.normal(0, 0.1, (side, side)))
    return np.clip(np.stack(planes)[None], -1, 1).astype(np.float32)


def digest(path: Path) -> dict[str, Any]:
    """`{bytes, sha256}` of a file."""
    data = path.read_bytes()
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def sample(values: np.ndarray, count: int = SAMPLES) -> np.ndarray:
    """S = min(n, count) elements; number k is flat element floor(k * n / S)."""
    flat = values.reshape(-1)
    size = min(flat.size, count)
    return np.ascontiguousarray(flat[np.arange(size) * flat.size // size])


def golden(model: ViT, patch_sizes: list[int], full: list[int], sampled: list[int]) -> tuple[Arrays, dict[str, str]]:
    """Tensors and metadata of golden.safetensors, computed in float32.

    `full`: patch sizes whose tensors are stored whole; `sampled`: stored as `sample` plus
    `stat/p<patch>/<name>` = min, max, mean, mean of absolute values. Logits of all patch sizes.
    """
    x = golden_picture(model.cfg.image, model.cfg.channels)
    tensors: dict[str, np.ndarray] = {"x": x}
    meta = {"sample": "full" if full else f"floor(k*n/S), S=min(n,{SAMPLES})"}
    with torch.inference_mode():
        for patch in patch_sizes:
            capture: dict[str, Tensor] = {}
            logits = model(torch.from_numpy(x), patch, capture)
            tensors[f"p{patch}/logits"] = logits.numpy()
            meta[f"p{patch}/logits"] = ",".join(map(str, logits.shape))
            if patch not in full + sampled:
                continue
            for name, value in capture.items():
                store(tensors, meta, f"p{patch}/{name}", value, patch in full or name == "logits")
    return tensors, meta


def half_weights(weights: dict[str, Tensor]) -> dict[str, np.ndarray]:
    """float16 arrays; a value that float16 cannot hold is a TrainingError."""
    half: dict[str, np.ndarray] = {}
    for key, value in weights.items():
        array = value.detach().cpu().float().numpy()
        if not np.abs(array).max() <= np.finfo(np.float16).max:
            raise TrainingError(f"{key} has values that float16 cannot hold; train with a smaller lr.")
        half[key] = np.ascontiguousarray(array.astype(np.float16))
    return half


def write_model(
    folder: Path,
    config: dict[str, Any],
    weights: dict[str, Tensor],
    make_golden: Callable[[], tuple[Arrays, dict[str, str]]],
) -> None:
    """Write model.safetensors (F16), golden.safetensors and config.json, which gets schema and files.

    `make_golden` is called when the weights and the config stand, so that it can load the model as
    exported. Raises TrainingError when a weight does not fit into float16 or the disk is full.
    """
    half = half_weights(weights)
    config = {"schema": "patchwork-model/1", **config}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        save_file(half, folder / "model.safetensors", metadata={"format": "pt"})
        write_json(folder / "config.json", config)
        tensors, meta = make_golden()
        save_file(tensors, folder / "golden.safetensors", metadata=meta)
        for name in FILES:
            (folder / name).chmod(0o644)
        config["files"] = {name: digest(folder / name) for name in FILES}
        write_json(folder / "config.json", config)
    except OSError as error:
        raise TrainingError(f"{folder} could not be written ({error}); free some space and export again.") from error


def export_model(
    folder: Path,
    name: str,
    weights: dict[str, Tensor],
    cfg: ViTConfig,
    labels: list[Label],
    patch_sizes: list[int],
    fit: str,
    full: list[int] | None = None,
    sampled: list[int] | None = None,
) -> None:
    """Write a ViT's folder; see write_model, and golden for `full` and `sampled`."""
    config = {
        "name": name,
        "architecture": "vit",
        "config": cfg.to_json(),
        "patchSizes": patch_sizes,
        "patchResize": "pi-bilinear",
        "preprocessing": preprocessing(cfg.image, fit),
        "labels": [vars(label) for label in labels],
    }
    write_model(folder, config, weights, lambda: golden(load_model(folder), patch_sizes, full or [], sampled or []))


def store(tensors: Arrays, meta: dict[str, str], key: str, value: Tensor, whole: bool) -> None:
    """Put a tensor into a golden file, whole or as `sample` with `stat/<key>` beside it."""
    array = value.detach().cpu().numpy().astype(np.float32)
    meta[key] = ",".join(map(str, array.shape))
    if whole:
        tensors[key] = np.ascontiguousarray(array)
        return
    tensors[key] = sample(array)
    stats = [array.min(), array.max(), array.mean(dtype=np.float64), np.abs(array).mean(dtype=np.float64)]
    tensors[f"stat/{key}"] = np.array(stats, dtype=np.float32)


def write_json(path: Path, value: Any) -> None:
    """Indented UTF-8 JSON with a final newline; the folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def read_model_config(folder: Path) -> dict[str, Any]:
    """config.json of a model folder."""
    path = folder / "config.json"
    if not path.is_file():
        raise TrainingError(f"{path} is missing; export the model first (python -m training export).")
    values: dict[str, Any] = json.loads(path.read_text())
    return values


def load_model(folder: Path) -> ViT:
    """An exported ViT in float32 and eval mode, its weights exactly the stored float16 ones."""
    model = load_any(folder)
    if not isinstance(model, ViT):
        raise TrainingError(f"{folder} holds a {type(model).__name__}, not a ViT; choose another model folder.")
    return model


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


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Every tensor of a safetensors file as stored; one that cannot be read is a TrainingError."""
    try:
        with safe_open(path, framework="pt") as handle:
            return {key: handle.get_tensor(key) for key in handle.keys()}  # noqa: SIM118 (safe_open is no mapping)
    except Exception as error:  # safetensors raises its own exception type
        raise TrainingError(f"{path} cannot be read ({error}); export the model again.") from error


def read_weights(model: nn.Module, path: Path) -> None:
    """Load a safetensors file into a model; one that does not fit is a TrainingError."""
    state = {key: value.float() for key, value in read_tensors(path).items()}
    try:
        missing, unexpected = model.load_state_dict(state, strict=False)
        first = [k for k in missing + unexpected if not k.endswith("num_batches_tracked")][:1]
    except RuntimeError as error:
        first = [str(error).splitlines()[-1].strip()]
    if first:
        raise TrainingError(f"{path} does not fit its config.json (first difference: {first[0]}); export again.")
