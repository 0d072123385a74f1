"""The index of a CLIP: the page's own pixels, in the page's own order."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.numpy import load_file

from training.errors import TrainingError
from training.export.read import load_any
from training.measure.embed import atlas_signs, embed
from training.models.clip import CLIP
from training.paths import ROOT
from training.tasks.base import unit_range

FOLDER = ROOT / "models" / "clip-tiny"


def test_a_tile_is_what_the_atlas_draws_on_white() -> None:
    about = json.loads((ROOT / "static/emoji/emoji.json").read_text())
    signs = atlas_signs(ROOT / "static/emoji", about["tile"])
    assert signs.shape == (len(about["concepts"]), about["tile"], about["tile"], 3)
    at, tile = 40, about["tile"]
    with Image.open(ROOT / "static/emoji" / about["file"]) as sheet:
        left, top = at % about["columns"] * tile, at // about["columns"] * tile
        cut = sheet.convert("RGBA").crop((left, top, left + tile, top + tile))
    white = Image.new("RGBA", cut.size, "white")
    white.alpha_composite(cut)
    assert np.abs(signs[at].astype(int) - np.asarray(white.convert("RGB"), int)).max() <= 1
    assert (signs[:, 0, 0] > 250).mean() > 0.9  # corners are paper


def test_an_index_holds_directions_of_the_page_s_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "clip"
    shutil.copytree(FOLDER, folder)
    signs, photos = embed(folder)
    about, rows = json.loads((folder / "index.json").read_text()), load_file(folder / "index.safetensors")
    data = (folder / about["file"]).read_bytes()
    assert about["bytes"] == len(data) and about["sha256"] == hashlib.sha256(data).hexdigest()
    assert (about["signs"], len(about["photos"])) == (signs, photos)
    assert rows["signs"].shape == (signs, about["embed"]) and rows["photos"].shape == (photos, about["embed"])
    for values in rows.values():
        assert np.abs(np.linalg.norm(values.astype(np.float64), axis=1) - 1).max() < 2e-3
    model = load_any(folder)
    assert isinstance(model, CLIP)
    at = [3, 700]
    x = torch.from_numpy(atlas_signs(ROOT / "static/emoji", model.cfg.image)[at]).permute(0, 3, 1, 2)
    with torch.inference_mode():
        alone = model.pictures(unit_range(x)).numpy()
    assert np.abs(rows["signs"][at].astype(np.float32) - alone).max() < 2e-3


def test_another_network_is_refused() -> None:
    with pytest.raises(TrainingError, match="is no CLIP"):
        embed(ROOT / "models" / "vit-tiny")
