"""Weights in 8 bits a value: rounding, the file, and what is loaded again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.numpy import load_file

from training.errors import TrainingError
from training.export.eight_bits import fits, pack, to_eight_bits, unpack
from training.export.quantize import quantize
from training.export.read import load_model
from training.export.vit import export_vit
from training.export.weights_file import in_order, save_weights
from training.export.write import write_json
from training.models.vit import ViT
from training.tests.helpers import LABELS, small_model


def test_each_channel_uses_all_steps_and_is_off_by_half_a_step() -> None:
    weight = np.random.default_rng(1).normal(0, [[0.01], [3.0], [0.2]], (3, 500)).astype(np.float16)
    values, scale = to_eight_bits(weight)
    assert values.dtype == np.int8 and scale.shape == (3,)
    assert np.abs(values).max(1).tolist() == [127, 127, 127]
    error = np.abs(values * scale[:, None] - weight.astype(np.float32))
    assert (error <= 0.5001 * scale[:, None]).all()


def test_a_channel_of_zeros_stays_zero() -> None:
    values, scale = to_eight_bits(np.zeros((2, 4), np.float16))
    assert not values.any() and not scale.any()


def test_what_is_unpacked_is_the_rounded_product() -> None:
    rng = np.random.default_rng(2)
    weights = {
        "blocks.0.attn.qkv.weight": rng.normal(0, 0.1, (6, 4)).astype(np.float16),
        "patch_embed.proj.weight": rng.normal(0, 0.1, (4, 3, 2, 2)).astype(np.float16),
        "blocks.0.attn.qkv.bias": rng.normal(0, 0.1, 6).astype(np.float16),
        "head.weight": rng.normal(0, 0.1, (5, 4)).astype(np.float16),
    }
    packed = pack(weights)
    assert {name for name, value in packed.items() if value.dtype == np.int8} == set(list(weights)[:2])
    again = unpack({name: torch.from_numpy(value) for name, value in packed.items()})
    assert list(again) == list(weights)
    for name, weight in weights.items():
        want = weight
        if fits(name, weight):
            scale = packed[name + ".scale"].reshape(-1, *[1] * (weight.ndim - 1))
            want = (packed[name].astype(np.float32) * scale).astype(np.float16)
        assert again[name].dtype == torch.float16
        np.testing.assert_array_equal(again[name].numpy(), want)


def test_the_file_begins_with_the_patch_kernel_and_the_library_reads_it(tmp_path: Path) -> None:
    names = ["cls_token", "pos_embed", "blocks.0.norm1.weight", "patch_embed.proj.weight", "head.bias"]
    order = ["patch_embed.proj.weight", "pos_embed", "cls_token", "blocks.0.norm1.weight", "head.bias"]
    assert in_order(names) == order
    tensors = {name: np.full((2, i + 1), i, np.float16) for i, name in enumerate(names)}
    path = tmp_path / "model.safetensors"
    save_weights(tensors, path)
    head = path.read_bytes()
    length = int.from_bytes(head[:8], "little")
    header = json.loads(head[8 : 8 + length])
    assert list(header) == ["__metadata__", *order]
    assert (8 + length) % 8 == 0 and header["patch_embed.proj.weight"]["data_offsets"][0] == 0
    for name, value in load_file(path).items():
        np.testing.assert_array_equal(value, tensors[name])


def test_a_tensor_that_would_lie_askew_is_refused(tmp_path: Path) -> None:
    tensors: dict[str, np.ndarray] = {"a": np.zeros(3, np.int8), "b": np.zeros(2, np.float16)}
    with pytest.raises(TrainingError, match=r"b \(float16\) cannot be stored at byte 3"):
        save_weights(tensors, tmp_path / "model.safetensors")


def test_a_model_stored_anew_in_eight_bits(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = ViT(small_model())
    export_vit(tmp_path, "small", model.state_dict(), model.cfg, LABELS, [4, 8, 16], "squash", sampled=[8])
    whole = load_model(tmp_path)
    metrics = {"run": {"seed": 1}, "patch": {"8": {"photos": 9, "top1": 0.5, "ece": 0.1}}}
    write_json(tmp_path / "metrics.json", metrics)
    before, after = quantize(tmp_path)["bytes"]
    assert after < 0.75 * before
    assert json.loads((tmp_path / "metrics.json").read_text()) == {
        "run": {"seed": 1},
        "eightBits": {
            "command": f"python -m training quantize models/{tmp_path.name}",
            "bytes": [before, after],
            "float16": {"8": {"photos": 9, "top1": 0.5}},
        },
    }
    with safe_open(tmp_path / "model.safetensors", framework="pt") as handle:
        assert handle.get_tensor("blocks.0.attn.qkv.weight").dtype == torch.int8
        assert handle.get_tensor("head.weight").dtype == torch.float16
    loaded = load_model(tmp_path)
    for name, value in whole.state_dict().items():
        near = 0.51 * value.abs().reshape(len(value), -1).amax() / 127 + 1e-3 * value.abs().max()
        assert (loaded.state_dict()[name] - value).abs().max() <= near, name
    stored = load_file(tmp_path / "golden.safetensors")
    with torch.inference_mode():
        logits = loaded(torch.from_numpy(stored["x"]), 8)
        other = whole(torch.from_numpy(stored["x"]), 8)
    np.testing.assert_allclose(logits.numpy(), stored["p8/logits"], atol=1e-6)
    assert not torch.equal(logits, other)
    with pytest.raises(TrainingError, match="in 8 bits already"):
        quantize(tmp_path)
