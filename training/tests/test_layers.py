"""The folders of the package stand on one another in one order, and no file is long."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[1]

# Each stands on those before it alone. `__main__` finds the commands by their folder.
LAYERS = (
    "errors", "paths", "models", "diffusion", "codes", "config_tasks", "config", "data", "export", "tasks", "train",
    "measure", "references", "commands", "__main__",
)  # fmt: skip


def modules(folder: str = "") -> list[Path]:
    """Every module below a folder of the package; tests and the package's own docstrings left out."""
    found = (HERE / folder).rglob("*.py")
    return sorted(path for path in found if "tests" not in path.parts and path.name != "__init__.py")


def layer(dotted: str) -> str:
    """`training.tasks.distil.teacher` to `tasks`."""
    return dotted.split(".")[1]


def imported(path: Path) -> set[str]:
    """Modules of the package that a file imports, inside functions and for types too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            both = node.module == "training"
            found |= {f"training.{name.name}" for name in node.names} if both else {node.module}
    return {name for name in found if name.startswith("training.")}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(HERE)))
def test_a_module_stands_on_earlier_layers(path: Path) -> None:
    """No import leads upwards, so the layers have no circle."""
    own = LAYERS.index(layer("training." + ".".join(path.relative_to(HERE).with_suffix("").parts)))
    for name in imported(path):
        assert LAYERS.index(layer(name)) <= own, f"{name} is above {path.relative_to(HERE)}"


def test_no_file_is_long() -> None:
    """400 lines at most, tests included."""
    long = [path.name for path in HERE.rglob("*.py") if len(path.read_text().splitlines()) > 400]
    assert long == []


def test_the_package_list_is_whole() -> None:
    """pyproject.toml names every folder with modules."""
    listed = tomllib.loads((HERE / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    folders = {path.parent.relative_to(HERE) for path in HERE.rglob("__init__.py")}
    assert sorted(listed) == sorted(".".join(("training", *f.parts)) for f in folders if "tests" not in f.parts)
