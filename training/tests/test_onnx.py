"""The graphs that the TypeScript side writes, against onnx's checker, onnxruntime and PyTorch.

Skipped only where node or the project's node_modules is missing.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from safetensors.numpy import load_file, save_file
from safetensors.torch import save_file as save_torch

from training.export.golden import golden_picture
from training.export.read import load_model
from training.models.vit import ViT, ViTConfig
from training.tests.command_line import ROOT, needs_node, patchwork

pytestmark = needs_node


def run_onnx(path: Path, x: np.ndarray) -> dict[str, np.ndarray]:
    """Every output of an ONNX file for the input `x`, in native onnxruntime."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {"x": x}), strict=True))


def close(found: np.ndarray, expected: np.ndarray, name: str) -> None:
    """max |difference| <= 1e-4 (1 + max |expected|), and the same shape."""
    assert found.shape == expected.shape, name
    assert np.abs(found - expected).max() <= 1e-4 * (1 + np.abs(expected).max()), name


def captured(model: ViT, x: np.ndarray, patch: int) -> dict[str, np.ndarray]:
    """Every tensor of the PyTorch model, `x` included."""
    capture: dict[str, torch.Tensor] = {}
    with torch.inference_mode():
        model(torch.from_numpy(x), patch, capture)
    return {name: value.numpy() for name, value in capture.items()}


def compare_all(found: dict[str, np.ndarray], reference: dict[str, np.ndarray]) -> None:
    """The same names on both sides (the input aside), and close values under each."""
    assert set(found) - {"x"} == set(reference) - {"x"}
    for name, value in found.items():
        close(value, reference[name], name)


@pytest.mark.parametrize("patch", [4, 8, 16])
def test_onnx_file_of_the_fixture_is_pytorch(tmp_path: Path, patch: int) -> None:
    folder, path = ROOT / "models" / "vit-tiny", tmp_path / "m.onnx"
    patchwork("onnx", folder, "--out", path, "--patch", str(patch), "--tensors", "all")
    onnx.checker.check_model(path, full_check=True)
    x = golden_picture(32)
    compare_all(run_onnx(path, x), captured(load_model(folder), x, patch))


def test_onnx_file_with_the_answer_alone(tmp_path: Path) -> None:
    folder, path = ROOT / "models" / "vit-tiny", tmp_path / "m.onnx"
    patchwork("onnx", folder, "--out", path)
    onnx.checker.check_model(path, full_check=True)
    assert set(run_onnx(path, golden_picture(32))) == {"logits", "probs"}


@pytest.mark.parametrize("patch", [8, 16])
def test_wasm_is_pytorch_in_every_tensor(tmp_path: Path, patch: int) -> None:
    folder = ROOT / "models" / "vit-tiny"
    save_file({"x": golden_picture(32)}, tmp_path / "x.safetensors")
    out = tmp_path / "t.safetensors"
    patchwork(
        "run", folder, "--input", tmp_path / "x.safetensors", "--patch", str(patch), "--tensors", "all", "--out", out
    )
    compare_all(load_file(out), captured(load_model(folder), golden_picture(32), patch))
    stored = load_file(folder / "golden.safetensors")
    for name, value in load_file(out).items():
        if name != "x":
            close(value, stored[f"p{patch}/{name}"], name)


def test_preset_is_valid_and_has_the_papers_parameters(tmp_path: Path) -> None:
    path = tmp_path / "ti.onnx"
    patchwork("onnx", "vit-ti-16", "--out", path)
    onnx.checker.check_model(path, full_check=True)
    model = onnx.load(path)
    sizes = [int(np.prod(t.dims)) for t in model.graph.initializer if len(t.dims) > 0 and t.data_type in (1, 10)]
    with torch.device("meta"):
        expected = sum(p.numel() for p in ViT(ViTConfig()).parameters())
    assert 0 <= sum(sizes) - expected < 2000, "weights beside a few constants"
    logits = run_onnx(path, golden_picture(224))["logits"]
    assert logits.shape == (1, 1000) and np.isfinite(logits).all()


@pytest.mark.parametrize("cls_position", [True, False])
def test_bare_weights_of_pytorch_run_the_same(tmp_path: Path, cls_position: bool) -> None:
    """A state dict as timm names it, float32, its configuration inferred from shapes."""
    torch.manual_seed(0)
    cfg = ViTConfig(image=64, patch=16, dim=48, depth=3, heads=4, classes=7, cls_position=cls_position)
    model = ViT(cfg).eval()
    save_torch(model.state_dict(), tmp_path / "w.safetensors")
    path = tmp_path / "m.onnx"
    patchwork("onnx", tmp_path / "w.safetensors", "--out", path, "--tensors", "all", "--set", "heads=4")
    x = golden_picture(64)
    compare_all(run_onnx(path, x), captured(model, x, 16))
