"""Help answers at once: the command line is built without PyTorch, NumPy or anything that imports them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from training.__main__ import parser
from training.paths import ROOT
from training.tests.test_layers import modules

COMMANDS = sorted(path.stem.replace("_", "-") for path in modules("commands"))

# Prints help in a fresh interpreter, and on stderr which heavy packages that took and how much processor time. Time of
# the processor rather than of the clock, so that other work on the machine does not count.
PROGRAM = """
import json, sys, time
from training.__main__ import main
try:
    main([*sys.argv[1:], "--help"])
except SystemExit as end:
    status = end.code
heavy = sorted({name.partition(".")[0] for name in sys.modules} & {"torch", "numpy", "PIL", "safetensors", "tqdm"})
print(json.dumps({"status": status, "heavy": heavy, "seconds": time.process_time()}), file=sys.stderr)
"""


@pytest.mark.parametrize("words", [[], *([name] for name in COMMANDS)], ids=lambda words: " ".join(words) or "all")
def test_help_needs_no_torch(words: list[str]) -> None:
    """Each help is printed in under half a second of processor time, with nothing heavy imported."""
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words], cwd=ROOT, capture_output=True, text=True, timeout=300, check=True
    )
    said = json.loads(result.stderr)
    assert said["status"] == 0 and said["heavy"] == []
    assert said["seconds"] < 0.5
    assert result.stdout.startswith(" ".join(["usage: python -m training", *words]))


def test_every_module_is_a_command_with_help() -> None:
    """The commands are found by their folder, and the list of them says what each is for."""
    listed = parser().format_help()
    assert len(COMMANDS) > 10
    for name in COMMANDS:
        assert f"\n    {name}" in listed
