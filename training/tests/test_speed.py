"""How fast a training is: every width with every batch, and sentences for what does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from training.config import Config, parse_config
from training.errors import TrainingError
from training.measure.speed import speeds, table
from training.tasks import Diffuse
from training.tests.helpers import synthetic
from training.train.loop import Trainer

MODEL = {"image": 16, "patch": 8, "dim": 32, "depth": 2, "heads": 2, "classes": 4}


def config() -> Config:
    train = {"steps": 4, "batch": 4, "warmup": 1, "bf16": False}
    return parse_config({"name": "one", "architecture": "uvit", "model": MODEL, "train": train}, "one.toml")


def make(of: Config, folder: Path) -> Trainer:
    return Trainer(of, folder, Diffuse(of, synthetic(16, 16), None, torch.device("cpu")))


def test_every_width_with_every_batch() -> None:
    rows = speeds(config(), dims=[32, 64], heads=[2, 4], batches=[2, 4], steps=2, make=make)
    assert [(row.dim, row.heads, row.batch) for row in rows] == [(32, 2, 2), (32, 2, 4), (64, 4, 2), (64, 4, 4)]
    assert all(row.cpu > 0 and row.wall > 0 and row.pictures > 0 for row in rows)
    assert rows[2].parameters > 3 * rows[0].parameters
    lines = table(rows).splitlines()
    assert len(lines) == 4 + len(rows)
    assert lines[4].startswith("| 32, 2 | 2 | 0.1 M | ")


def test_the_config_as_it_stands() -> None:
    (row,) = speeds(config(), steps=1, make=make)
    assert (row.dim, row.heads, row.batch) == (32, 2, 4)


def test_sentences_for_what_does_not_fit() -> None:
    with pytest.raises(TrainingError, match="does not divide into 3 heads"):
        speeds(config(), dims=[32], heads=[3], make=make)
    with pytest.raises(TrainingError, match="give one for each"):
        speeds(config(), dims=[32, 64], heads=[2], make=make)
    with pytest.raises(TrainingError, match="has no dim and heads"):
        cnn = parse_config({"name": "c", "architecture": "cnn", "model": {"image": 32, "classes": 10}}, "c.toml")
        speeds(cnn, make=make)
