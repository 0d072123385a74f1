"""Whether painted photos can still be named: the filling without learning, and the figures of a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from training.config import parse_config
from training.errors import TrainingError
from training.export.mae import export_mae
from training.export.vit import export_vit
from training.measure import named as naming
from training.measure.card import BEGIN, END, write_card
from training.measure.named import named, smooth
from training.models.mae import MAE, MAEConfig
from training.models.vit import ViT, ViTConfig
from training.tests.helpers import LABELS, synthetic

SIZES = {"image": 16, "patch": 4, "dim": 32, "depth": 1, "heads": 2, "decoder_dim": 16, "decoder_depth": 1}


def test_smooth_filling() -> None:
    """What is seen stays; one colour is filled with itself; far from all else there is still a value."""
    x = torch.randn(1, 3, 48, 48, generator=torch.Generator().manual_seed(1))
    hidden = torch.zeros(1, 1, 48, 48, dtype=torch.bool)
    hidden[..., 10:30] = True
    filled = smooth(x, hidden)
    assert torch.equal(filled[..., :10], x[..., :10]) and bool(filled.isfinite().all())
    plain = torch.full_like(x, 0.25)
    torch.testing.assert_close(smooth(torch.where(hidden, 0.9, plain), hidden), plain)
    ramp = torch.linspace(0, 1, 48).expand(1, 3, 48, 48)
    between = smooth(ramp, hidden)[0, 0, 24, 10:30]
    assert float(ramp[0, 0, 0, 5]) < between[0] < between[10] < between[-1] < float(ramp[0, 0, 0, 35])


def folders(tmp_path: Path, **model: object) -> tuple[Path, Path]:
    torch.manual_seed(0)
    sizes = {**SIZES, "decoder_heads": 2, **model}
    config = parse_config({"name": "m", "architecture": "mae", "model": sizes}, "m.toml")
    assert isinstance(config.model, MAEConfig)
    export_mae(tmp_path / "m", config, MAE(config.model).state_dict(), True)
    cfg = ViTConfig(image=32, patch=16, dim=32, depth=1, heads=2, classes=4, cls_position=False)
    export_vit(tmp_path / "v", "v", ViT(cfg).state_dict(), cfg, LABELS, [16], "crop", [16], [])
    return tmp_path / "m", tmp_path / "v"


def test_a_folder_gets_its_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "load_photos", lambda data, split, side, fit, shards: synthetic(40, side))
    model, judge = folders(tmp_path)
    found = named(model, judge, tmp_path, count=36)
    assert json.loads((model / "metrics.json").read_text())["named"] == found
    assert found["photos"] == 36 and found["hidden"] == "12 of 16 patches" and found["judge"] == "v"
    assert found["whole"]["error"] == 0 < found["smooth"]["error"]
    assert all(found[key]["top1"] <= found[key]["top5"] <= 1 for key in ("whole", "smooth", "painted"))
    assert named(model, judge, tmp_path, count=36) == found
    (model / "card.md").write_text(f"{BEGIN}\n{END}\n")
    text = write_card(model).read_text()
    assert "36 held-out photos with 12 of 16 patches hidden, named by `v`" in text
    assert f"| painted | {100 * found['painted']['top1']:.1f} % | 100.0 % | {found['painted']['error']} |" in text


def test_other_folders_are_refused(tmp_path: Path) -> None:
    model, judge = folders(tmp_path)
    with pytest.raises(TrainingError, match="no masked autoencoder"):
        named(judge, judge, tmp_path)
    with pytest.raises(TrainingError, match="no classifier of photos"):
        named(model, model, tmp_path)
    model, judge = folders(tmp_path / "n", norm_pixels=True)
    with pytest.raises(TrainingError, match="normalised patches"):
        named(model, judge, tmp_path)
