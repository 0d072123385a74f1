"""The PyTorch scripts the inspector hands out, run: each must make the tensor it promises.

Skipped only where node or the project's node_modules is missing.
"""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from training.tests.command_line import ROOT, needs_node, patchwork

pytestmark = needs_node


def run(script: Path, monkeypatch: pytest.MonkeyPatch) -> torch.Tensor:
    """`result` of a script, run in its own folder as a reader would."""
    monkeypatch.chdir(script.parent)
    try:
        with torch.inference_mode():
            result = runpy.run_path(str(script))["result"]
    finally:
        torch.set_default_device("cpu")
    assert isinstance(result, torch.Tensor)
    return result


def some(names: list[str], count: int = 10) -> list[str]:
    """`count` names from first to last, evenly."""
    places = np.linspace(0, len(names) - 1, count).round().astype(int)
    return [names[i] for i in sorted(set(places.tolist()))]


def compared(found: np.ndarray, reference: np.ndarray, batch: int) -> tuple[np.ndarray, np.ndarray]:
    """The elements that a tensor of the first picture shares with the stored reference, from both.

    The reference holds the whole batch, or flat element floor(k n / S) of it, k = 0 ... S - 1.
    """
    flat = found.reshape(-1)
    total = batch * flat.size
    places = np.arange(reference.size) * total // reference.size
    first = places < flat.size
    return flat[places[first]], reference.reshape(-1)[first]


@pytest.mark.parametrize(
    ("model", "prefix", "patch"),
    [
        ("vit-tiny", "p8/", 8),
        ("vit-tiny", "p16/", 16),
        ("uvit-tiny", "g/", None),
        ("dit-tiny", "g/", None),
        ("mae-tiny", "g/", None),
    ],
)
def test_scripts_make_the_tensors_of_the_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, prefix: str, patch: int | None
) -> None:
    stored = load_file(ROOT / "models" / model / "golden.safetensors")
    inputs = {
        name: stored[key]
        for name in ("x", "t", "y", "ids_keep", "ids_restore")
        for key in (name, f"g/{name}")
        if key in stored
    }
    batch = inputs["x"].shape[0] if inputs["x"].ndim == 4 else 1
    if batch > 1:
        inputs = {name: value[:1] for name, value in inputs.items()}
    save_file(
        {name: np.ascontiguousarray(v, dtype=np.float32) for name, v in inputs.items()}, tmp_path / "in.safetensors"
    )
    known = [key.removeprefix(prefix) for key in stored if key.startswith(prefix)]
    names = some([name for name in known if name not in inputs])
    extra = ["--patch", str(patch)] if patch else []
    out = tmp_path / "scripts"
    patchwork(
        "torch", ROOT / "models" / model, "--input", tmp_path / "in.safetensors",
        "--tensors", ",".join(names), "--out", out, *extra,
    )  # fmt: skip
    assert len(names) == 10
    for name in names:
        found = run(out / f"{name}.py", monkeypatch).numpy()
        ours, theirs = compared(found, stored[prefix + name], batch)
        assert ours.size >= min(found.size, 100), name
        assert np.abs(ours - theirs).max() <= 1e-4 * (1 + np.abs(theirs).max()), name


def test_a_preset_gives_its_shapes_on_the_meta_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patchwork("torch", "vit-l-16", "--tensors", "logits,blocks.23.attn.probs", "--out", tmp_path)
    assert run(tmp_path / "logits.py", monkeypatch).shape == (1, 1000)
    probs = run(tmp_path / "blocks.23.attn.probs.py", monkeypatch)
    assert probs.shape == (1, 16, 197, 197)
    assert probs.is_meta


def test_scripts_begin_at_given_tensors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the lines of a lesson's step do: at tensors of the reference, not at the picture."""
    stored = load_file(ROOT / "models" / "vit-tiny" / "golden.safetensors")
    block = "blocks.1"
    begin = [
        "patch_embed",
        block,
        f"{block}.attn.residual",
        *(f"{block}.attn.{part}" for part in ("q", "k", "v", "probs")),
    ]
    save_file({name: stored[f"p8/{name}"] for name in begin}, tmp_path / "in.safetensors")
    made = ["tokens", f"{block}.attn.scores", f"{block}.attn.merged", f"{block}.mlp.gelu", "logits"]
    patchwork(
        "torch", ROOT / "models" / "vit-tiny", "--patch", "8", "--input", tmp_path / "in.safetensors",
        "--tensors", ",".join(made), "--from", ",".join(begin), "--out", tmp_path / "scripts",
    )  # fmt: skip
    for name in made:
        found = run(tmp_path / "scripts" / f"{name}.py", monkeypatch).numpy()
        expected = stored[f"p8/{name}"]
        assert found.shape == expected.shape
        assert np.abs(found - expected).max() <= 1e-4 * (1 + np.abs(expected).max()), name
