"""The Node command of the repository, in one process for all tests: to begin takes longer than most calls."""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NODE = shutil.which("node")

needs_node = pytest.mark.skipif(
    NODE is None or not (ROOT / "node_modules").is_dir(),
    reason="node or node_modules is missing: install Node 20.19 or newer and run npm ci",
)


@cache
def _commands() -> subprocess.Popen[str]:
    """The process that takes calls, begun by the first; it ends when its input does."""
    assert NODE is not None
    command = [NODE, "--import", "tsx", "tests/parity/commands.ts"]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    atexit.register(process.communicate)
    return process


def patchwork(*arguments: str | Path) -> None:
    """Run the Node command in the repository; its error sentence fails the test."""
    process = _commands()
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps([str(argument) for argument in arguments]) + "\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        _commands.cache_clear()
    assert answer, "the command line ended before its answer"
    said = json.loads(answer)
    assert said["status"] == 0, said["errors"]
