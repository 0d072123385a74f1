"""Every test has its own cache folder and runs on one thread."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has its own cache folder and one thread."""
    monkeypatch.setenv("PATCHWORK_CACHE", str(tmp_path / "cache"))
    torch.set_num_threads(1)
