"""The files that the inspector saves, read back: .npy and .safetensors by NumPy, .onnx run by native onnxruntime.

Skipped only where node or the project's node_modules is missing.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file

from training.tests.command_line import NODE, ROOT, needs_node
from training.tests.test_onnx import close

pytestmark = needs_node


@pytest.mark.parametrize("model", ["vit-tiny", "uvit-tiny", "dit-tiny", "mae-tiny"])
def test_files_of_the_page_are_read_and_run(tmp_path: Path, model: str) -> None:
    command = [
        str(NODE), "--import", "tsx", "tests/parity/page-files.ts", str(ROOT / "models" / model), str(tmp_path)
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr

    tensors = load_file(tmp_path / "tensors.safetensors")
    with safe_open(tmp_path / "tensors.safetensors", "np") as file:
        about = file.metadata()
    made_of = {name: about[f"from.{name}"] for name in tensors}
    names = sorted(name for name, line in made_of.items() if line == f"{model}/{name}")
    assert {line for name, line in made_of.items() if name not in names} == {"input"}
    for name, tensor in tensors.items():
        assert len(about[f"dims.{name}"].split()) == tensor.ndim
    assert len(names) >= 3
    for name in names:
        saved = np.load(tmp_path / f"{name}.npy")
        assert saved.dtype == np.float32
        np.testing.assert_array_equal(saved, tensors[name])

    onnx.checker.check_model(tmp_path / "graph.onnx", full_check=True)
    session = onnxruntime.InferenceSession(tmp_path / "graph.onnx", providers=["CPUExecutionProvider"])
    outputs = [output.name for output in session.get_outputs()]
    assert set(outputs) == set(names)
    feeds = {value.name: tensors[value.name] for value in session.get_inputs()}
    for name, value in zip(outputs, session.run(outputs, feeds), strict=True):
        close(value, tensors[name], name)
