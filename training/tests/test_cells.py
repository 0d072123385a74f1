"""The notebook's cells as PyTorch: what the page prints runs, and gives what the cell gave."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from training.export.read import load_model
from training.measure.gallery import picture
from training.paths import ROOT

# Written by tests/cells/torch.test.ts: the lines that the page shows at a cell, and the first values of its names.
CELLS: list[dict[str, Any]] = json.loads((ROOT / "tests/cells/torch.json").read_text())


@cache
def network(model: str, shown: str, patch: int) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The network's weights, and every tensor of one pass under its name."""
    net = load_model(ROOT / "models" / model)
    capture: dict[str, Tensor] = {}
    x = picture(shown, model)
    with torch.inference_mode():
        net(x, patch, capture)
    return dict(net.state_dict()), {"x": x, **capture}


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell["id"])
def test_cell_gives_its_value(cell: dict[str, Any]) -> None:
    """The lines begin at tensors that are given; those are PyTorch's own."""
    weights, tensors = network(cell["model"], cell["picture"], cell["patch"])
    names: dict[str, Any] = {"w": weights}
    for name, value in tensors.items():
        if f"# given: {name.replace('.', '_')} [" in cell["code"]:
            names[name.replace(".", "_")] = value
    with torch.inference_mode():
        exec(cell["code"], names)
    for name, expected in cell["values"].items():
        found = torch.as_tensor(names[name], dtype=torch.float32).flatten()[: len(expected)]
        np.testing.assert_allclose(found.numpy(), expected, rtol=1e-3, atol=1e-4, err_msg=name)


def test_there_are_cells() -> None:
    """Several cells of several lessons are held."""
    assert len({cell["id"] for cell in CELLS}) >= 3
