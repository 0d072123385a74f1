"""Figures of merit against cases worked out by hand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from training.errors import TrainingError
from training.export.read import load_model
from training.measure import calibrate as calibrating
from training.measure import evaluate as evaluating
from training.measure.calibrate import calibrate, fit_temperature, mean_nll
from training.measure.evaluate import evaluate_folder, measuring_order, parse_limits, table
from training.paths import ROOT
from training.tasks.accuracy import calibration_error, measure
from training.tests.helpers import LABELS, synthetic


def test_measure_by_hand() -> None:
    labels = np.array([0, 0, 0, 1, 2, 3])
    called = [0, 0, 1, 1, 3, 3]
    probs = np.full((6, 4), 0.1)
    probs[np.arange(6), called] = 0.7
    row = measure(probs, labels, LABELS)
    assert row["top1"] == pytest.approx(4 / 6, abs=1e-4)
    assert row["meanPerClass"] == pytest.approx((2 / 3 + 1 + 0 + 1) / 4, abs=1e-4)
    assert row["top5"] == 1.0 and row["group"] == 1.0
    assert row["perClass"]["c0"] == {"photos": 3, "top1": 0.6667}
    assert {"is": "c2", "called": "c3", "photos": 1} in row["confusion"]
    assert row["ece"] == pytest.approx(abs(0.7 - 4 / 6), abs=1e-4)


def test_calibration_error() -> None:
    right = np.tile([1.0, 0.0], (10, 1))
    assert calibration_error(right, np.zeros(10, int)) == 0
    assert calibration_error(right, np.ones(10, int)) == 1
    half = np.tile([0.8, 0.2], (10, 1))
    assert calibration_error(half, np.array([0] * 8 + [1] * 2)) == pytest.approx(0)


def test_limits_and_table() -> None:
    assert parse_limits(None, [8, 16]) == {}
    assert parse_limits("100", [8, 16]) == {8: 100, 16: 100}
    assert parse_limits("8=5,16=7", [8, 16, 32]) == {8: 5, 16: 7}
    with pytest.raises(TrainingError, match="--limit 'many'"):
        parse_limits("many", [8])
    row = {"photos": 6, "top1": 0.5, "top5": 1.0, "meanPerClass": 0.4, "group": 0.6, "ece": 0.1}
    text = table({"patch": {"16": row, "8": row}})
    assert text.splitlines()[2] == "| 8 | 6 | 0.5 | 1.0 | 0.4 | 0.6 | 0.1 |" and "imagenette" not in text


def test_the_temperature_of_a_known_distribution() -> None:
    torch.manual_seed(0)
    true = 2 * torch.randn(40_000, 5, dtype=torch.float64)
    labels = torch.multinomial(true.softmax(-1), 1)[:, 0]
    assert fit_temperature(true, labels) == pytest.approx(1, rel=0.03)
    # Half as sure as it ought to be: T = 1/2 makes it right again.
    found = fit_temperature((true / 2).log_softmax(-1), labels)
    assert found == pytest.approx(0.5, rel=0.03)
    assert mean_nll(true / 2, labels, found) < mean_nll(true / 2, labels, 1)


def test_calibrating_changes_probabilities_and_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "vit-tiny"
    shutil.copytree(ROOT / "models" / "vit-tiny", folder)
    before = load_model(folder)
    pictures = synthetic(60, before.cfg.image, 10)
    monkeypatch.setattr(calibrating, "load_val", lambda *_: (pictures, []))
    result = calibrate(folder, Path(), "photos", [16], 40)
    after = load_model(folder)
    x = torch.randn(4, 3, before.cfg.image, before.cfg.image)
    with torch.inference_mode():
        old, new = before(x, 16), after(x, 16)
    torch.testing.assert_close(new, old / result["value"], rtol=2e-3, atol=2e-2)
    assert (old.argmax(-1) == new.argmax(-1)).all()
    assert result["nll"][1] <= result["nll"][0] and result["photos"] == 40
    kept = json.loads((folder / "metrics.json").read_text())
    assert set(kept) == {"run", "temperature"}  # what was measured of the weights before is gone
    monkeypatch.setattr(evaluating, "load_val", lambda *_: (pictures, LABELS * 2 + LABELS[:2]))
    measured = evaluate_folder(folder, Path(), "photos", None, {})
    assert {row["photos"] for row in measured["patch"].values()} == {20}  # 60 without the 40 of the fit
    assert measured["temperature"] == result
    ours, theirs = measuring_order(60, 40)
    assert sorted([*ours, *theirs]) == list(range(60)) and len(ours) == 20
    with pytest.raises(TrainingError, match="patch size 7"):
        calibrate(folder, Path(), "photos", [7], 40)
