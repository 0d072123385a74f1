"""Contrast without words: the loss by hand, views side by side, and a run that learns."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from training.config import AugmentConfig, Config
from training.errors import TrainingError
from training.models.mae import MAEConfig
from training.models.vit import ViT
from training.tasks.simclr import SimCLR, nt_xent
from training.tests.helpers import small_config, synthetic
from training.tests.simclr_golden import PATH as GOLDEN
from training.tests.simclr_golden import golden
from training.train.loop import Trainer

CPU = torch.device("cpu")


def config(**train: float) -> Config:
    base = small_config(steps=30, batch=16, warmup=3, **train)
    return replace(base, augment=AugmentConfig(scale_min=0.6, aspect=1.1, whole=0.0, colour=0.1))


def test_golden_views() -> None:
    """The file that the page's own loss and views are held to says what these give."""
    stored, found = json.loads(GOLDEN.read_text()), golden()
    assert found["rows"] == stored["rows"] and found["picture"] == stored["picture"]
    for temperature, losses in stored["losses"].items():
        assert found["losses"][temperature] == pytest.approx(losses, abs=1e-7)
    for view, wanted in zip(found["views"], stored["views"], strict=True):
        assert view == pytest.approx(wanted, abs=0.02)


def test_two_pictures_at_right_angles() -> None:
    """e to the 1/τ against that and twice 1."""
    rows = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    wanted = -math.log(math.exp(2) / (math.exp(2) + 2))
    assert nt_xent(rows, 0.5).tolist() == pytest.approx([wanted] * 4)


def test_where_all_are_one_it_is_a_guess_among_the_others() -> None:
    assert float(nt_xent(torch.ones(6, 1), 0.1).mean()) == pytest.approx(math.log(5))


def test_partners_lie_side_by_side() -> None:
    """Without any change of a view both are one picture, and neighbours of other pictures are others."""
    still = replace(config(), augment=AugmentConfig(whole=1.0, flip=0.0, colour=0.0))
    x = SimCLR(still, synthetic(), None, CPU).batch(0)["x"]
    assert x.shape == (32, 3, 32, 32)
    assert torch.equal(x[0::2], x[1::2])
    assert not torch.equal(x[1:-1:2], x[2::2])
    moved = SimCLR(config(), synthetic(), None, CPU)
    assert not torch.equal(moved.batch(0)["x"][0::2], moved.batch(0)["x"][1::2])
    assert torch.equal(moved.batch(3)["x"], moved.batch(3)["x"])


def test_it_learns(tmp_path: Path) -> None:
    """The loss of held-out views falls, and it is the ViT that carries it; the head of classes stays as it was."""
    task = SimCLR(config(), synthetic(64), synthetic(32), CPU)
    before, head = task.measure(task.model)["loss"], task.net().head.weight.clone()
    trainer = Trainer(task.config, tmp_path, task)
    trainer.run()
    assert task.measure(trainer.ema_model())["loss"] < before - 0.1
    assert isinstance(trainer.ema_model(), ViT)
    assert F.cosine_similarity(task.net().head.weight, head).min() > 0.999


def test_another_architecture_is_refused() -> None:
    with pytest.raises(TrainingError, match="architecture vit"):
        SimCLR(replace(config(), model=MAEConfig()), synthetic(), None, CPU)
