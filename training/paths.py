"""Where things lie: the repository, and the cache folder outside of it."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def cache_folder() -> Path:
    """Where decoded pictures and teacher features lie; made if missing."""
    folder = Path(os.environ.get("PATCHWORK_CACHE") or Path.home() / ".cache" / "patchwork-training")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
