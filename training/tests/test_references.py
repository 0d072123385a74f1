"""The lessons' reference numbers are those of the committed weights and pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from training.__main__ import main
from training.errors import TrainingError
from training.measure.gallery import picture
from training.references.common import Reference
from training.references.find import Script, scripts, wanted


@pytest.mark.parametrize("script", scripts(), ids=lambda script: script.slug)
def test_reference_is_current(script: Script) -> None:
    """What is committed is what PyTorch says now: new weights need `python -m training references`."""
    fresh = script.compute().values
    stored = load_file(script.golden)
    assert stored.keys() == fresh.keys()
    for key, value in fresh.items():
        np.testing.assert_allclose(stored[key], value, rtol=1e-3, atol=1e-4, err_msg=key)


def test_every_golden_file_has_its_script() -> None:
    """No numbers are left over whose script has gone."""
    lessons = scripts()[0].path.parents[2]
    assert {script.golden for script in scripts()} == set(lessons.glob("*/tests/golden.safetensors"))


def test_pictures_are_normalised() -> None:
    """[1, 3, 224, 224] in -1 ... 1."""
    x = picture("cat")
    assert tuple(x.shape) == (1, 3, 224, 224)
    assert float(x.abs().max()) <= 1.0


def test_lessons_are_found_by_number_and_by_folder(tmp_path: Path) -> None:
    """A folder with a script is a lesson with a reference; nothing lists it."""
    path = tmp_path / "31-stub" / "tests" / "reference.py"
    path.parent.mkdir(parents=True)
    path.write_text(
        "from training.references.common import Reference\n\n\n"
        "def reference() -> Reference:\n    out = Reference()\n    out.put('two', 2.0, 'a number')\n    return out\n"
    )
    for name in ("31", "31-stub", "stub"):
        (script,) = wanted([name], tmp_path)
        assert script.slug == "31-stub"
    script.compute().save(script.golden)
    assert load_file(tmp_path / "31-stub" / "tests" / "golden.safetensors")["two"] == 2.0
    with pytest.raises(TrainingError, match="31-stub"):
        wanted(["30"], tmp_path)


def test_a_number_that_is_none_is_refused() -> None:
    """NaN never reaches a golden file."""
    with pytest.raises(TrainingError, match="'broken'"):
        Reference().put("broken", float("nan"))


def test_unknown_lesson_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback, status 2."""
    assert main(["references", "99"]) == 2
    assert "99" in capsys.readouterr().err
