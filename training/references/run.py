"""Writes the lessons' reference numbers."""

from __future__ import annotations

import torch

from training.references.find import wanted


def write_references(names: list[str]) -> None:
    """Compute and write golden.safetensors of the lessons named, or of all; one line each."""
    torch.set_num_threads(1)
    for script in wanted(names):
        script.compute().save(script.golden)
        print(f"{script.slug}: {script.golden.stat().st_size / 1000:.1f} KB")
