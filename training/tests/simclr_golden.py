"""The numbers of a contrast of views that training/tasks/simclr.py and the page must both give.

    python -m training.tests.simclr_golden        (from the repository's root)

writes training/tests/golden/simclr.json: NT-Xent of random unit rows (src/lib/analysis/nt-xent.ts) and views of a small
picture by given crops, factors and flips (lessons/12-words-and-pictures/random-views.ts), which are computed again by
test_simclr.py. Rows 2k and 2k + 1 are the views of picture k; a picture is rows of pixels, 0 … 255 a colour.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from training.data.augment import crop, recolour
from training.tasks.simclr import nt_xent

PATH = Path(__file__).parent / "golden" / "simclr.json"
TEMPERATURES = (0.05, 0.5, 1.0)
SIDE, VIEW = 24, 8
BOXES = np.array([[0.1, 0.05, 0.5, 0.75], [0.0, 0.0, 1.0, 1.0], [0.4, 0.3, 0.34, 0.4]])
FACTORS = np.array([[1.0, 1.0, 1.0], [0.7, 1.3, 0.6], [1.35, 0.8, 1.4]])


def golden() -> dict[str, Any]:
    """All numbers, in plain lists; eight decimals of losses, two of pixels."""
    generator = torch.Generator().manual_seed(0)
    rows = F.normalize(torch.randn(8, 5, generator=generator, dtype=torch.float64), dim=-1)
    losses = {str(t): [round(v, 8) for v in nt_xent(rows, t).tolist()] for t in TEMPERATURES}
    picture = torch.randint(0, 256, (SIDE // 4, SIDE // 4, 3), generator=generator, dtype=torch.uint8).numpy()
    picture = picture.repeat(4, axis=0).repeat(4, axis=1)
    cropped = crop(np.stack([picture] * len(BOXES)), BOXES, VIEW)
    coloured = recolour(cropped, torch.from_numpy(FACTORS).float())
    return {
        "about": "NT-Xent of views, and views by given draws (training/tests/simclr_golden.py).",
        "width": 5,
        "rows": [[round(v, 10) for v in row] for row in rows.tolist()],
        "losses": losses,
        "picture": picture.tolist(),
        "side": VIEW,
        "boxes": BOXES.tolist(),
        "factors": FACTORS.tolist(),
        "views": [[round(v, 2) for v in view.flatten().tolist()] for view in coloured],
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(golden(), separators=(",", ":")) + "\n")
