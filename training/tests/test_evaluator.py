"""The evaluator of samples: whitened start, shifts and flips by the epoch, a run that repeats and resumes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from training.config import Config, parse_config
from training.data.augment import shifted
from training.errors import TrainingError
from training.export.read import load_any
from training.models.cnn import Cnn, CnnConfig, Whitening
from training.tasks import Classify
from training.tasks.base import unit_range
from training.tests.helpers import LABELS, synthetic
from training.train.loop import Trainer
from training.train.optimizer import make_optimizers

CPU = torch.device("cpu")
SHIPPED = Path(__file__).parents[2] / "models" / "cnn-cifar10"


def config(**train: Any) -> Config:
    """A narrow evaluator on 16x16 pictures of four classes, with the shipped recipe's choices."""
    values = {
        "name": "judge", "seed": 2, "architecture": "cnn",
        "model": {"image": 16, "width": 4, "classes": 4},
        "augment": {"shift": 2},
        "train": {
            "steps": 60, "batch": 16, "lr": 0.2, "optimizer": "sgd", "beta1": 0.85, "bias_scale": 8,
            "weight_decay": 1e-3, "warmup": 5, "schedule": "linear", "decay_share": 1.0, "clip": 100.0,
            "class_balance": 0.0, "bf16": False, "ema": [0.8], "eval_seconds": 0, **train,
        },
    }  # fmt: skip
    return parse_config(values, "judge.toml")


def make(folder: Path, side: int = 16, **train: Any) -> Trainer:
    cfg = config(**train)
    return Trainer(cfg, folder, Classify(cfg, synthetic(24, side), None, LABELS, CPU))


def test_shapes_and_gradients() -> None:
    model = Cnn(CnnConfig())
    counts = [24 * 12 + 24, 9 * (24 * 64 + 64 * 64 + 64 * 128 + 128**2 + 128 * 256 + 256**2), 2 * 2 * (64 + 128 + 256)]
    assert sum(p.numel() for p in model.parameters()) + 24 * 12 == sum(counts) + 256 * 10
    logits = model(torch.randn(3, 3, 32, 32))
    assert logits.shape == (3, 10) and model.features(torch.randn(2, 3, 32, 32)).shape == (2, 256)
    torch.nn.functional.cross_entropy(logits, torch.tensor([1, 2, 3])).backward()  # type: ignore[no-untyped-call]
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            assert parameter.grad is not None and parameter.grad.abs().max() > 0, name
        else:
            assert parameter.ndim == 1 and (parameter == 1).all(), name  # a batch norm's scale stays 1


def test_whitened_patches_have_variance_one() -> None:
    layer = Whitening(3)
    pictures = unit_range(torch.from_numpy(synthetic(32).images).permute(0, 3, 1, 2))
    layer.fit(pictures, floor=0.0)
    found = torch.nn.functional.conv2d(pictures.double(), layer.weight.double()).permute(1, 0, 2, 3).flatten(1)
    moments = found @ found.T / found.shape[1]
    torch.testing.assert_close(moments[:12, :12], torch.eye(12, dtype=torch.float64), atol=1e-4, rtol=0)
    torch.testing.assert_close(found[12:], -found[:12])


@pytest.mark.parametrize("move", [(0, 0), (2, -1), (-2, 2)])
def test_shift_is_a_window_of_the_mirrored_picture(move: tuple[int, int]) -> None:
    images = np.random.default_rng(0).integers(0, 255, (2, 8, 8, 3), dtype=np.uint8)
    view = shifted(images, np.array([move, move]), np.array([False, True]))
    right, down = move
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0)), mode="reflect")
    window = padded[:, 2 - down : 10 - down, 2 - right : 10 - right]
    expected = torch.from_numpy(window.copy()).permute(0, 3, 1, 2).float() / 127.5 - 1
    torch.testing.assert_close(view.x[0], expected[0])
    torch.testing.assert_close(view.x[1], expected[1].flip(-1))


def test_each_picture_is_seen_once_an_epoch_and_turned_in_the_next(tmp_path: Path) -> None:
    task = make(tmp_path).task
    seen: dict[int, list[bool]] = {}
    for step in range(3):  # 48 draws of 24 pictures
        batch = task.batch(step)
        for row, turned in zip(batch["rows"], batch["view"].flipped.tolist(), strict=True):
            seen.setdefault(int(row), []).append(turned)
    assert len(seen) == 24 and all(first != second for first, second in seen.values())
    assert len({first for first, _ in seen.values()}) == 2


def test_it_learns_repeats_and_resumes(tmp_path: Path) -> None:
    whole = make(tmp_path / "a")
    losses = [float(whole.train_step()["loss"]) for _ in range(60)]
    assert np.mean(losses[-10:]) < 0.6 * losses[0]
    first = make(tmp_path / "b")
    again = [float(first.train_step()["loss"]) for _ in range(7)]
    first.save()
    second = make(tmp_path / "b")
    assert second.resume()
    again += [float(second.train_step()["loss"]) for _ in range(3)]
    assert again == losses[:10]


def test_biases_learn_faster_and_decay_alike(tmp_path: Path) -> None:
    cfg = config()
    (optimizer,) = make_optimizers(Cnn(CnnConfig(image=16, width=4, classes=4)), cfg)
    weights, biases = optimizer.param_groups
    assert biases["scale"] == 8 and weights["scale"] == 1
    assert biases["weight_decay"] * biases["scale"] == pytest.approx(weights["weight_decay"])
    with pytest.raises(TrainingError, match="optimizer 'adam' is unknown; use adamw, muon or sgd"):
        make_optimizers(Cnn(CnnConfig()), config(optimizer="adam"))
    with pytest.raises(TrainingError, match=r"judge\.toml \[augment\] shift wants pictures of 16 pixels.*20"):
        make(tmp_path, side=20)


def test_shipped_evaluator_is_whole() -> None:
    from safetensors.numpy import load_file

    model = load_any(SHIPPED)
    golden = load_file(SHIPPED / "golden.safetensors")
    with torch.inference_mode():
        logits = model(torch.from_numpy(golden["g/x"])).numpy()
    np.testing.assert_allclose(logits.ravel(), golden["g/logits"], atol=1e-4)


def test_captured_tensors_are_those_of_the_modules() -> None:
    torch.manual_seed(0)
    model = Cnn(CnnConfig(image=16, width=4, classes=4)).eval()
    x = torch.randn(2, 3, 16, 16)
    capture: dict[str, torch.Tensor] = {}
    with torch.inference_mode():
        logits = model(x, capture)
        whole = model.body(model.whiten(x))
    assert list(capture)[:4] == ["x", "whiten.conv", "whiten", "body.0.0.0"]
    torch.testing.assert_close(capture["features"], whole)
    torch.testing.assert_close(capture["logits"], logits)
    assert capture["body.2"].amax((2, 3)).equal(capture["features"])
    assert (SHIPPED / "model.safetensors").stat().st_size < 4_000_000
