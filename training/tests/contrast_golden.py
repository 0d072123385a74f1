"""The numbers of a contrast that training/tasks/contrast.py and src/lib/analysis/contrast.ts must both give.

    python -m training.tests.contrast_golden        (from the repository's root)

writes training/tests/golden/contrast.json. test_contrast.py computes the same numbers again and compares them with the
file; src/lib/analysis/contrast.test.ts compares its own with the file. Tables and matrices are lists of rows; a matrix
has texts down and pictures across. Keys are spelled as in TypeScript.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from training.tasks.contrast import contrast_loss, soft_cross_entropy

PATH = Path(__file__).parent / "golden" / "contrast.json"
WIDTH = 6
SCALES = (1.0, 1 / 0.07, 100.0)
# 4 by 4: the second and third thing are one, and the first text says something of the fourth that is neither.
SHARED = [[1, 0, 0, 0], [0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1]]
NEITHER = [[0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
# A text that nothing is true of: its row takes no part, its column entries do.
ALONE = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 1, 1]]


def unit(rows: int, seed: int) -> Tensor:
    """Seeded rows of length 1, float64 [rows, WIDTH]."""
    made = torch.randn(rows, WIDTH, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return F.normalize(made, dim=-1)


def listed(value: Tensor) -> Any:
    """With ten digits, which is more than either side is held to."""
    return [listed(row) for row in value] if value.dim() else round(value.item(), 10)


def square(scale: float, right: list[list[int]], neither: list[list[int]]) -> dict[str, Any]:
    """A contrast of four texts and four pictures."""
    logits = scale * unit(4, 1) @ unit(4, 3).T
    true, out = torch.tensor(right).bool(), torch.tensor(neither).bool()
    left = logits.masked_fill(out, float("-inf"))
    return {
        "scale": scale,
        "right": right,
        "neither": neither,
        "byText": listed(soft_cross_entropy(left, true)),
        "byPicture": listed(soft_cross_entropy(left.T, true.T)),
        "loss": listed(contrast_loss(logits, true, out)),
    }


def golden() -> dict[str, Any]:
    """All of it."""
    texts, pictures, others = unit(4, 1), unit(3, 2), unit(4, 3)
    logits = SCALES[1] * texts @ pictures.T
    one, none = torch.eye(4).int().tolist(), [[0] * 4 for _ in range(4)]
    return {
        "about": "A contrast of texts and pictures, for both languages (training/tests/contrast_golden.py).",
        "width": WIDTH,
        "texts": listed(texts),
        "pictures": listed(pictures),
        "others": listed(others),
        "scale": SCALES[1],
        "logits": listed(logits),
        "byText": listed(logits.softmax(1)),
        "byPicture": listed(logits.softmax(0)),
        "squares": [
            *(square(scale, one, none) for scale in SCALES),
            square(SCALES[1], SHARED, NEITHER),
            square(SCALES[1], ALONE, none),
        ],
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(golden(), separators=(",", ":")) + "\n")
