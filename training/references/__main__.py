"""`python -m training.references [2 3 …]`: writes tests/golden/lesson-NN.safetensors (all lessons without numbers).

Each module `training/references/lessonNN.py` has a function `reference() -> Reference`.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import torch

from training.errors import TrainingError


def available() -> list[int]:
    """Numbers of the lessons that have a reference."""
    return sorted(int(path.stem[6:]) for path in Path(__file__).parent.glob("lesson[0-9][0-9].py"))


def main(wanted: list[str]) -> int:
    """Write the files; an unknown lesson is one sentence and exit status 2."""
    torch.set_num_threads(1)
    known = available()
    try:
        for text in wanted or [str(number) for number in known]:
            if not text.isdigit() or int(text) not in known:
                raise TrainingError(f"'{text}' is no lesson with a reference; there are {known}.")
            module = importlib.import_module(f"training.references.lesson{int(text):02d}")
            path = module.reference().save()
            print(f"{path.name}: {path.stat().st_size / 1000:.1f} KB")
    except TrainingError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
