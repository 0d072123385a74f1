"""Every `python -m training …` that is written down is a command line that the parser takes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from training.__main__ import parser
from training.measure.card import BEGIN
from training.paths import ROOT

FILES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "training" / "README.md",
    *sorted((ROOT / "models").glob("*/card.md")),
    *sorted((ROOT / "models").glob("**/*.json")),
]
# Up to what ends a command in prose, in a table, in JSON or in a shell.
COMMAND = re.compile(r"(?:python3? -m|-m --) training +([a-z][^`\n|&>\"]*(?:\"[^\"\n]*\"[^`\n|&>\"]*)*)")


def commands(path: Path) -> list[str]:
    """What follows `python -m training` in a file; the mark in a card is no command line."""
    text = path.read_text().replace(BEGIN, "")
    return [found.strip() for found in COMMAND.findall(text)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_written_commands_are_taken(path: Path) -> None:
    """Each parses: the command exists, and so do its options and the configs it names."""
    for words in commands(path):
        line = re.sub(r"^(\S+) --help$", r"\1", words)
        if line != words:
            assert f"\n    {line} " in parser().format_help()
            continue
        try:
            parser().parse_args(shlex.split(words, comments=True))
        except SystemExit:
            pytest.fail(f"python -m training {words}")
        for name in re.findall(r"\S+\.toml", words):
            assert (ROOT / "training" / "configs" / name).is_file()


def test_commands_are_found() -> None:
    """The pattern finds what it should: the training page alone has dozens."""
    found = commands(ROOT / "docs" / "training.md")
    assert len(found) > 30
    assert any(words.startswith("out-of-distribution ") for words in found)
