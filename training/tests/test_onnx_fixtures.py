"""The graphs of U-ViT, DiT, MAE, Swin: their ONNX files in native onnxruntime, and WASM, against PyTorch's tensors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from safetensors.numpy import load_file, save_file

from training.tests.command_line import ROOT, needs_node, patchwork
from training.tests.test_onnx import close

pytestmark = needs_node

FIXTURES = ["uvit-tiny", "dit-tiny", "mae-tiny", "swin-tiny", "swin-linear-tiny"]
INPUTS = ("x", "t", "y", "ids_keep", "ids_restore")


def golden(name: str) -> dict[str, np.ndarray]:
    """Every tensor that the fixture's golden file holds of one pass, by its name."""
    tensors = load_file(ROOT / "models" / name / "golden.safetensors")
    return {key[2:]: value for key, value in tensors.items() if key.startswith("g/")}


@pytest.mark.parametrize("name", FIXTURES)
def test_onnx_file_is_pytorch(tmp_path: Path, name: str) -> None:
    path = tmp_path / "m.onnx"
    patchwork("onnx", ROOT / "models" / name, "--out", path, "--tensors", "all")
    onnx.checker.check_model(path, full_check=True)
    reference = golden(name)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    assert set(names) == set(reference) - set(INPUTS)
    batch = len(reference["x"])
    for index in range(batch):
        # Rows of one picture: as many as it has windows, where the tensor is of windows.
        one = {
            key: value if key.startswith("ids_") else np.split(value, batch)[index] for key, value in reference.items()
        }
        feeds = {value.name: one[value.name] for value in session.get_inputs()}
        for key, value in zip(names, session.run(names, feeds), strict=True):
            close(value, one[key], key)


def test_onnx_file_of_two_towers_is_pytorch(tmp_path: Path) -> None:
    """One picture and four texts; how many there are is a setting of the model."""
    path = tmp_path / "m.onnx"
    reference = golden("clip-tiny")
    texts = len(reference["text.ids"])
    patchwork("onnx", ROOT / "models" / "clip-tiny", "--set", f"texts={texts}", "--out", path, "--tensors", "all")
    onnx.checker.check_model(path, full_check=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    assert set(names) == set(reference) - {"visual.x", "text.ids"}
    feeds = {value.name: reference[value.name] for value in session.get_inputs()}
    for key, value in zip(names, session.run(names, feeds), strict=True):
        close(value, reference[key], key)


@pytest.mark.parametrize("name", FIXTURES)
def test_wasm_is_pytorch_in_every_tensor(tmp_path: Path, name: str) -> None:
    reference = golden(name)
    save_file({key: reference[key] for key in INPUTS if key in reference}, tmp_path / "x.safetensors")
    out = tmp_path / "t.safetensors"
    arguments: list[str | Path] = ["--input", tmp_path / "x.safetensors", "--tensors", "all", "--out", out]
    patchwork("run", ROOT / "models" / name, *arguments)
    found = load_file(out)
    assert set(found) == set(reference)
    for key, value in found.items():
        if not key.startswith("ids_"):
            close(value, reference[key], key)
