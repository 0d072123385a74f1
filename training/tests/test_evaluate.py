"""Figures of merit against cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from training.errors import TrainingError
from training.evaluate import calibration_error, measure, parse_limits, table
from training.tests.helpers import LABELS


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
