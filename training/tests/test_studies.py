"""Studies of many small runs: parts of the data, what is kept, what is skipped, and both studies on tiny data."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from training.config import Config, parse_config
from training.data.shares import share_of, share_rows
from training.errors import TrainingError
from training.measure import pieces as keeping
from training.measure import probes, small_data
from training.measure.pieces import Facts, Piece, plan, run_pieces
from training.measure.probes import Photos, Starts, probe_head, probe_pieces
from training.measure.ridge import ridge_top1
from training.measure.small_data import Data, small_data_head, small_data_pieces
from training.models.vit import ViT, ViTConfig
from training.tasks import Mask
from training.tests.helpers import LABELS, synthetic
from training.train.loop import Trainer
from training.train.runs import run_folder

CPU = torch.device("cpu")
SIZES = {"image": 16, "patch": 4, "dim": 24, "depth": 1, "heads": 3}
TRAIN = {"batch": 8, "lr": 3e-3, "bf16": False, "label_smoothing": 0.0, "patch_sizes": [4], "steps": 4}


def vit(**model: Any) -> Config:
    sizes = {**SIZES, "classes": 4, "cls_position": False, **model}
    return parse_config({"name": "v", "model": sizes, "train": TRAIN}, "v.toml")


def mae() -> Config:
    sizes = {**SIZES, "decoder_dim": 8, "decoder_depth": 1, "decoder_heads": 1}
    values = {"name": "m", "architecture": "mae", "model": sizes, "train": {**TRAIN, "ema": [0.9, 0.99]}}
    return parse_config(values, "m.toml")


def test_shares_keep_the_classes_and_lie_in_one_another() -> None:
    labels = np.repeat(np.arange(4), [100, 50, 30, 2])
    small, large = share_rows(labels, 0.1, 1), share_rows(labels, 0.5, 1)
    assert np.bincount(labels[small]).tolist() == [10, 5, 3, 1]
    assert set(small) < set(large)
    assert set(small) != set(share_rows(labels, 0.1, 2))
    assert share_rows(labels, 1.0, 1).tolist() == list(range(182))
    for share in (0.0, 1.5):
        with pytest.raises(TrainingError, match="not possible"):
            share_rows(labels, share, 1)


def test_a_share_of_pictures() -> None:
    whole = synthetic(16)
    part = share_of(whole, 0.5, 3)
    rows = share_rows(whole.labels, 0.5, 3)
    assert len(part) == 8 and part.names == [whole.names[row] for row in rows]
    assert np.array_equal(part.images, whole.images[rows])
    assert share_of(whole, 1, 3) is whole


def test_ridge_chooses_by_leaving_out() -> None:
    """The strength whose error is smallest when each picture really is left out, and classes that features tell."""
    rng = np.random.default_rng(0)
    labels = np.arange(40) % 4
    a = rng.normal(size=(40, 12)) + 2 * np.eye(12)[labels]
    b = rng.normal(size=(40, 12)) + 2 * np.eye(12)[labels]
    top1, strength = ridge_top1(a, labels, b, labels, 4)
    x, y = (a - a.mean(0)) / (a.std(0) + 1e-6), np.eye(4)[labels]
    errors = []
    for one in (10.0**power for power in range(-1, 6)):
        total = 0.0
        for out in range(40):
            rest = np.delete(np.arange(40), out)
            design, target = x[rest], y[rest]
            mean, centre = target.mean(0), design.mean(0)
            weights = np.linalg.solve(
                (design - centre).T @ (design - centre) + one * np.eye(12), (design - centre).T @ (target - mean)
            )
            total += np.square(y[out] - mean - (x[out] - centre) @ weights).sum()
        errors.append(total)
    assert strength == 10.0 ** (np.argmin(errors) - 1)
    assert top1 > 0.5
    assert ridge_top1(a, labels, a[labels == 2], labels[labels == 2], 4)[0] > 0.7


def counted(done: list[str], name: str) -> Piece:
    def finish(folder: Path, trainer: Trainer | None) -> Facts:
        done.append(name)
        return {"top1": 0.5}

    return Piece(name, "linear", {"seed": 1}, 0, None, finish)


def test_what_is_there_is_skipped(tmp_path: Path) -> None:
    done: list[str] = []
    pieces = [counted(done, name) for name in ("a", "b", "c")]
    path = tmp_path / "rows.json"
    assert run_pieces(pieces[1:2], path, {"schema": "x"}, tmp_path)
    assert run_pieces(pieces, path, {"schema": "x"}, tmp_path)
    assert done == ["b", "a", "c"]
    stored = json.loads(path.read_text())
    assert [row["id"] for row in stored["runs"]] == ["a", "b", "c"]
    assert stored["planned"] == 3 and stored["schema"] == "x" and stored["runs"][0]["top1"] == 0.5
    path.write_text('{"runs": 1}')
    with pytest.raises(TrainingError, match="no file of this study"):
        run_pieces(pieces, path, {}, tmp_path)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few steps, two sizes, two shares."""
    monkeypatch.setattr(small_data, "SIZES", {"small": 12, "large": 24})
    monkeypatch.setattr(small_data, "CNN_WIDTH", 4)
    monkeypatch.setattr(probes, "STEPS", {0.5: 3, 1.0: 4})
    for name, steps in (("TAUGHT", {0.5: 3, 1.0: 4}), ("BEGUN", {0.5: 2, 1.0: 3})):
        monkeypatch.setattr(small_data, name, steps)
    for module in (small_data, probes):
        monkeypatch.setattr(module, "SHARES", (0.5, 1.0))
    monkeypatch.setattr(keeping, "CHUNK", 1)


def small_study(folder: Path) -> tuple[list[Piece], Facts]:
    config = vit()
    data = Data(synthetic(16, 16), synthetic(8, 16), LABELS)
    return small_data_pieces(config, data, [1, 2], folder), small_data_head(config, data)


def without_time(row: Facts) -> Facts:
    return {key: value for key, value in row.items() if key != "seconds"}


@pytest.mark.usefixtures("small")
def test_little_data_is_studied_and_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A study that is stopped after every step has the same rows in the end as one that never was."""
    pieces, head = small_study(tmp_path / "one")
    assert len(pieces) == len({piece.id for piece in pieces}) == 2 * 2 * (1 + 2 + 2 * 2 * 2)
    assert run_pieces(pieces, tmp_path / "one.json", head, tmp_path / "one")
    whole = json.loads((tmp_path / "one.json").read_text())
    assert whole["planned"] == len(whole["runs"]) == len(pieces)
    taught = [row for row in whole["runs"] if row["task"] == "classify"]
    assert {(row["way"], row["size"]) for row in taught} == {
        ("none", "cnn"), *((way, size) for way in ("none", "simclr", "mae") for size in ("small", "large")),
    }  # fmt: skip
    assert all(0 <= row["top1"] <= 1 and row["pictures"] == 8 * row["steps"] for row in taught)
    assert all(row["loss"] > 0 for row in whole["runs"] if row["task"] == "begin")
    assert not list((tmp_path / "one").glob("*/latest.pt"))

    wanted = [piece.id for piece in pieces if piece.id.endswith("-0.5-1") and "mae-small" in piece.id]
    some, _ = small_study(tmp_path / "two")
    some = [piece for piece in some if piece.id in wanted]
    calls = 0
    while not run_pieces(some, tmp_path / "two.json", head, tmp_path / "two", minutes=1e-9 + calls * 2e-4):
        calls += 1
        assert calls < 500
    assert calls > 0
    stopped = {row["id"]: without_time(row) for row in json.loads((tmp_path / "two.json").read_text())["runs"]}
    assert stopped == {row["id"]: without_time(row) for row in whole["runs"] if row["id"] in wanted}


@pytest.mark.usefixtures("small")
def test_a_beginning_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    pieces, head = small_study(tmp_path)
    alone = [piece for piece in pieces if piece.id == "mae-small-0.5-1"]
    with pytest.raises(TrainingError, match="delete that row"):
        run_pieces(alone, tmp_path / "rows.json", head, tmp_path)


@pytest.mark.usefixtures("small")
def test_a_plan_counts_what_is_missing(tmp_path: Path) -> None:
    pieces, head = small_study(tmp_path)
    path = tmp_path / "rows.json"
    first = [piece for piece in pieces if piece.id == "cnn-0.5-1"]
    run_pieces(first, path, head, tmp_path)
    lines = plan(pieces, path).splitlines()
    for row in ("| classified, cnn | 4 | 3 | 14 |", "| classified, small | 12 | 12 | 42 |"):
        assert any(line.startswith(row) for line in lines)
    assert lines[-1].startswith(f"| all | {len(pieces)} |")


def photo_study(folder: Path) -> tuple[list[Piece], Facts]:
    config, whole = vit(), synthetic(16, 16)
    torch.manual_seed(0)
    distilled = ViT(ViTConfig(image=16, patch=8, dim=24, depth=1, heads=3, classes=4, cls_position=False))
    photos, starts = Photos(synthetic(16, 20), whole, synthetic(8, 16), LABELS), Starts(mae(), distilled)
    return probe_pieces(config, photos, starts, [1], folder), probe_head(config, photos, starts)


@pytest.mark.usefixtures("small")
def test_starts_are_probed(tmp_path: Path) -> None:
    """Every start, share and task has a row; the autoencoder must have been trained to its end."""
    pieces, head = photo_study(tmp_path)
    path = tmp_path / "probes.json"
    trainer = Trainer(mae(), run_folder(mae(), None), Mask(mae(), synthetic(8, 16), None, CPU))
    trainer.run(2)
    with pytest.raises(TrainingError, match="step 2 of 4"):
        run_pieces(pieces, path, head, tmp_path)
    trainer.run()
    assert run_pieces(pieces, path, head, tmp_path)
    rows = json.loads(path.read_text())["runs"]
    assert len(rows) == 12 and {row["labels"] for row in rows} == {8, 16}
    linear = {(row["start"], row["share"]): row for row in rows if row["task"] == "linear"}
    assert set(linear) == {(start, share) for start in probes.STARTS for share in (0.5, 1.0)}
    assert all("ridge" in row and "steps" not in row for row in linear.values())
    assert sorted(file.name for file in tmp_path.glob("*.npz")) == [
        "features-distilled-0.npz", "features-mae-0.npz", "features-random-1.npz",
    ]  # fmt: skip
    tuned = [row for row in rows if row["task"] == "finetune"]
    assert all(row["steps"] == (3 if row["share"] == 0.5 else 4) for row in tuned)


@pytest.mark.usefixtures("small")
def test_mistakes_of_a_probe(tmp_path: Path) -> None:
    _, head = photo_study(tmp_path)
    assert head["command"] == "python -m training probe v.toml --mae m.toml"
    with pytest.raises(TrainingError, match="no masked autoencoder"):
        probes.read_encoder(vit())
    with pytest.raises(TrainingError, match="architecture = 'vit'"):
        probes.vit_config(mae())
    with pytest.raises(TrainingError, match="architecture = 'vit'"):
        small_data.sized(replace(mae()), "small")
