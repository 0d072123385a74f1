"""What every lesson's reference starts from: a model of the site, a picture of its gallery, a forward pass.

A reference computes the *derived* numbers a lesson shows (an entropy, a cosine, a share of the answer)
with PyTorch, from the weights as committed and the picture file as committed. The end-to-end tests
hold the page to them. The files stay small: no whole attention maps, no activations nobody reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import Tensor

from training.errors import TrainingError
from training.export.read import load_model, read_model_config
from training.models.vit import ViT
from training.paths import ROOT


@cache
def model(name: str = "vit-flexi") -> ViT:
    """The committed model `models/<name>`, float32, eval mode."""
    return load_model(ROOT / "models" / name)


@cache
def labels(name: str = "vit-flexi") -> list[str]:
    """Ids of the model's classes, in the order of its logits."""
    return [label["id"] for label in read_model_config(ROOT / "models" / name)["labels"]]


def tensors(x: Tensor, patch: int = 16, name: str = "vit-flexi") -> dict[str, Tensor]:
    """Every named tensor of the graph for the input x [1, 3, S, S], without the batch dimension."""
    capture: dict[str, Tensor] = {}
    with torch.inference_mode():
        model(name)(x, patch, capture)
    return {key: value[0] for key, value in capture.items()}


@dataclass
class Reference:
    """The numbers of one lesson; `put` as often as needed, then `save` once."""

    values: dict[str, np.ndarray] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def put(self, key: str, value: Tensor | float | list[float], note: str = "") -> None:
        """Keep a number or an array as float32, with a sentence on what it is."""
        array = torch.as_tensor(value).detach().cpu().double().numpy().astype(np.float32)
        if not np.isfinite(array).all():
            raise TrainingError(f"The reference number '{key}' is not finite; look at what it is computed from.")
        self.values[key] = np.ascontiguousarray(array)
        if note:
            self.notes[key] = note

    def save(self, path: Path) -> None:
        """Write the numbers as safetensors, the sentences as its metadata."""
        save_file(self.values, path, metadata=self.notes)
        path.chmod(0o644)
