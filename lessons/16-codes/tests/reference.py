"""Lesson 16: what the page computes of tensors, computed a second time. Each part is a file beside this one."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from training.references.common import Reference


def beside(name: str) -> ModuleType:
    """A script of this folder, which is no package."""
    spec = importlib.util.spec_from_file_location(f"lessons.16.{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reference() -> Reference:
    """The numbers of the lesson."""
    ref = Reference()
    beside("reference_codes").put_codes(ref)
    beside("reference_rounds").put_rounds(ref)
    beside("reference_write").put_write(ref)
    return ref
