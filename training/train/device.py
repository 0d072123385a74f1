"""The device of a run: which one, and its name in words."""

from __future__ import annotations

import torch

from training.errors import TrainingError


def choose_device(wanted: str) -> torch.device:
    """`auto` takes an accelerator where there is one; raises TrainingError where the wanted one is missing."""
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    if wanted == "cuda" and not torch.cuda.is_available():
        raise TrainingError("This machine has no CUDA device; set train.device to cpu or auto.")
    return torch.device(wanted)


def device_words(device: torch.device) -> str:
    """What the run ran on, in words."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{torch.get_num_threads()} threads of a CPU"
