"""What means the same in both languages is called the same, apart from snake_case and camelCase."""

from __future__ import annotations

import ast
import re

import pytest

from training import diffusion
from training.paths import ROOT

PYTHON = ROOT / "training" / "diffusion"
TYPESCRIPT = ROOT / "src" / "lib" / "diffusion" / "math"
# Python alone: what a network is trained with or called by, and a package's own file.
ALONE = {"batch.py", "generate.py", "__init__.py", "samplers/__init__.py", "values.py"}
NAMED = re.compile(r"^(?:export )?(?:async )?(?:function\*?|const|class|interface|type) (\w+)", re.MULTILINE)


def public(text: str) -> set[str]:
    """Functions and classes that a Python module defines for others, and the constants that the package gives away."""
    found = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found |= {node.targets[0].id} & set(diffusion.__all__)
    return {name for name in found if not name.startswith("_")}


def plain(name: str) -> str:
    """One spelling for snake_case, camelCase and PascalCase."""
    return name.replace("_", "").lower()


FILES = sorted(str(path.relative_to(PYTHON)) for path in PYTHON.rglob("*.py"))


@pytest.mark.parametrize("name", [name for name in FILES if name not in ALONE])
def test_a_module_has_its_counterpart(name: str) -> None:
    """The same file there, and its functions and classes by the same names."""
    there = {plain(found) for found in NAMED.findall((TYPESCRIPT / name).with_suffix(".ts").read_text())}
    here = public((PYTHON / name).read_text())
    assert here
    assert {found for found in here if plain(found) not in there} == set()
