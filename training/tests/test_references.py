"""The lessons' reference numbers are those of the committed weights and pictures."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
from safetensors.numpy import load_file

from training.references.__main__ import available, main
from training.references.common import GOLDEN, picture


@pytest.mark.parametrize("lesson", available())
def test_reference_is_current(lesson: int) -> None:
    """What is committed is what PyTorch says now: new weights need `python -m training.references`."""
    module = importlib.import_module(f"training.references.lesson{lesson:02d}")
    fresh = module.reference().values
    stored = load_file(GOLDEN / f"lesson-{lesson:02d}.safetensors")
    assert stored.keys() == fresh.keys()
    for key, value in fresh.items():
        np.testing.assert_allclose(stored[key], value, rtol=1e-3, atol=1e-4, err_msg=key)


def test_pictures_are_normalised() -> None:
    """[1, 3, 224, 224] in -1 ... 1."""
    x = picture("cat")
    assert tuple(x.shape) == (1, 3, 224, 224)
    assert float(x.abs().max()) <= 1.0


def test_unknown_lesson_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback, status 2."""
    assert main(["99"]) == 2
    assert "99" in capsys.readouterr().err
