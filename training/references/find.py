"""The lessons that have a reference: a script `lessons/NN-slug/tests/reference.py` with `reference() -> Reference`.

Its numbers lie beside it in `golden.safetensors`. Lessons are found by their folders; nothing lists them.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from training.errors import TrainingError

if TYPE_CHECKING:
    from training.references.common import Reference

LESSONS = Path(__file__).resolve().parents[2] / "lessons"


@dataclass(frozen=True)
class Script:
    """A lesson's reference script."""

    path: Path

    @property
    def slug(self) -> str:
        """Name of the lesson's folder, `05-answer`."""
        return self.path.parents[1].name

    @property
    def golden(self) -> Path:
        """Where the numbers lie."""
        return self.path.with_name("golden.safetensors")

    def compute(self) -> Reference:
        """Run the script; a module that is no package, so it is loaded by its path."""
        name = f"lessons.{self.slug}.reference"
        spec = importlib.util.spec_from_file_location(name, self.path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        # Dataclasses look their module up by name while it is loaded.
        sys.modules[name] = module
        spec.loader.exec_module(module)
        reference: Callable[[], Reference] = module.reference
        return reference()


def scripts(lessons: Path = LESSONS) -> list[Script]:
    """Every lesson's script, in the order of the lessons."""
    return [Script(path) for path in sorted(lessons.glob("[0-9][0-9]-*/tests/reference.py"))]


def wanted(names: list[str], lessons: Path = LESSONS) -> list[Script]:
    """The scripts of the lessons named by number (`5`, `05`) or folder (`05-answer`, `answer`); all without a name.

    Raises TrainingError for a name that belongs to none.
    """
    known = scripts(lessons)
    if not names:
        return known
    found = []
    for name in names:
        matches = [
            s for s in known if name in (s.slug, s.slug[3:]) or (name.isdigit() and int(name) == int(s.slug[:2]))
        ]
        if not matches:
            slugs = ", ".join(s.slug for s in known)
            raise TrainingError(f"'{name}' is no lesson with a reference; there are {slugs}.")
        found += matches
    return found
