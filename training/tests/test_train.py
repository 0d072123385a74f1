"""The loop: it learns, resumes exactly, and stops with a sentence when something is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from training.errors import TrainingError
from training.export.read import read_metrics
from training.paths import ROOT
from training.tasks import Classify
from training.tasks.accuracy import to_input
from training.tests.helpers import LABELS, small_config, synthetic
from training.train.checkpoint import load_checkpoint
from training.train.export_run import export_run, run_facts
from training.train.loop import Trainer
from training.train.optimizer import ema_decay, learning_rate

CPU = torch.device("cpu")


def make(folder: Path, **train: object) -> Trainer:
    config = small_config(**train)
    return Trainer(config, folder, Classify(config, synthetic(), None, LABELS, CPU))


def test_overfits_sixteen_pictures(tmp_path: Path) -> None:
    trainer = make(tmp_path, steps=120, patch_sizes=[8], patch_shares=[1], ema=[0.9])
    first = trainer.train_step()["loss"]
    trainer.run()
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert rows[-1]["loss"] < 0.1 * first
    data = synthetic()
    x = torch.nn.functional.interpolate(to_input(data.images), size=(32, 32), mode="bilinear", antialias=True)
    assert (trainer.ema_model().forward(x).argmax(-1).numpy() == data.labels).all()


def test_resume_gives_the_same_losses(tmp_path: Path) -> None:
    whole = make(tmp_path / "a", drop_path=0.2)
    losses = [whole.train_step()["loss"] for _ in range(10)]
    first = make(tmp_path / "b", drop_path=0.2)
    again = [first.train_step()["loss"] for _ in range(4)]
    first.save()
    second = make(tmp_path / "b", drop_path=0.2)
    assert second.resume() and second.step == 4 and second.images_seen == 64
    again += [second.train_step()["loss"] for _ in range(6)]
    assert again == losses
    for key, value in whole.emas[0].items():
        assert torch.equal(value, second.emas[0][key]), key


def test_two_runs_are_the_same_and_seeds_differ(tmp_path: Path) -> None:
    a, b = make(tmp_path / "a"), make(tmp_path / "b")
    assert [a.train_step()["loss"] for _ in range(3)] == [b.train_step()["loss"] for _ in range(3)]
    assert not np.array_equal(a.task.batch(0)["rows"], a.task.batch(1)["rows"])


def test_nan_loss_stops_and_keeps_the_checkpoint(tmp_path: Path) -> None:
    trainer = make(tmp_path)
    trainer.train_step()
    trainer.save()
    with torch.no_grad():
        next(trainer.task.model.parameters()).fill_(float("nan"))
    with pytest.raises(TrainingError, match=r"step 1 .*latest\.pt.*Lower train\.lr in small\.toml"):
        trainer.train_step()
    saved = load_checkpoint(tmp_path / "latest.pt")
    assert saved["step"] == 1
    assert all(torch.isfinite(v).all() for v in saved["emas"][0].values())


def test_checkpoint_of_another_model_is_refused(tmp_path: Path) -> None:
    make(tmp_path).save()
    other = small_config()
    other = type(other)(**{**vars(other), "model": type(other.model)(**{**vars(other.model), "depth": 1})})
    trainer = Trainer(other, tmp_path, Classify(other, synthetic(), None, LABELS, CPU))
    with pytest.raises(TrainingError, match=r"latest\.pt was written by another config \('model' differs\)"):
        trainer.resume()


def test_damaged_and_missing_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"latest\.pt is missing; train first"):
        load_checkpoint(tmp_path / "latest.pt")
    (tmp_path / "latest.pt").write_bytes(b"PK not a checkpoint")
    with pytest.raises(TrainingError, match=r"latest\.pt is damaged or no checkpoint; delete it"):
        load_checkpoint(tmp_path / "latest.pt")


def test_disk_full_on_save_keeps_the_old_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = make(tmp_path)
    trainer.save()
    before = (tmp_path / "latest.pt").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    trainer.train_step()
    with pytest.raises(TrainingError, match=r"latest\.pt could not be saved .*No space left.*free some space"):
        trainer.save()
    assert (tmp_path / "latest.pt").read_bytes() == before


def test_schedules() -> None:
    config = small_config(steps=100, warmup=10, lr=1.0)
    assert learning_rate(0, config) == pytest.approx(0.1)
    assert learning_rate(10, config) == pytest.approx(1.0)
    assert learning_rate(55, config) == pytest.approx(0.5)
    assert learning_rate(100, config) == pytest.approx(0.0)
    linear = small_config(steps=110, warmup=10, lr=1.0, schedule="linear", decay_share=0.5)
    assert learning_rate(59, linear) == 1.0
    assert learning_rate(85, linear) == pytest.approx(0.5)
    assert ema_decay(0, 0.999) == 0.1 and ema_decay(90, 0.999) == pytest.approx(0.91)
    assert ema_decay(10**6, 0.999) == 0.999


def test_minutes_follow_the_clock(tmp_path: Path) -> None:
    config = small_config(steps=10**6, minutes=2.0, warmup=0, lr=1.0)
    assert learning_rate(5, config, 0.0) == 1.0
    assert learning_rate(5, config, 60.0) == pytest.approx(0.5)
    trainer = make(tmp_path, steps=10**6, minutes=1e-9)
    trainer.train_step()
    trainer.seconds = 1.0
    trainer.run()
    assert trainer.step == 1


def test_an_exported_run_says_how_many_photos_it_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page reads from metrics.json of a run comes out of training, not out of a hand."""
    monkeypatch.setattr("training.train.export_run.labels_of", lambda _: LABELS)
    trainer = make(tmp_path / "run")
    for _ in range(3):
        trainer.train_step()
    trainer.save()
    saved = load_checkpoint(tmp_path / "run" / "latest.pt")
    export_run(trainer.config, tmp_path / "run", saved, tmp_path / "model", 0, measure=False)
    run = read_metrics(tmp_path / "model")["run"]
    assert (run["photos"], run["imagesSeen"], run["steps"]) == (len(synthetic()), 48, 3)
    # A checkpoint of before does not know it, and the file does not guess.
    assert "photos" not in run_facts({k: v for k, v in saved.items() if k != "photos"})
    shipped = read_metrics(ROOT / "models" / "vit-flexi")["run"]
    assert shipped.keys() <= run.keys()
