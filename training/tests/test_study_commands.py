"""The two studies as commands: a plan, a stop by the clock, a whole run, and mistakes in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from training.__main__ import main
from training.data.pictures import CIFAR_CLASSES
from training.export.vit import export_vit
from training.measure import probes, small_data
from training.models.vit import ViT, ViTConfig
from training.tests.helpers import LABELS, picture_bytes, write_shard

CONFIG = """
name = "s"
[model]
image = {image}
patch = 8
dim = 24
depth = 1
heads = 3
classes = {classes}
cls_position = false
[data]
set = "{set}"
folder = "{data}"
side = 40
train_shards = 1
val_shards = 1
[train]
batch = 2
bf16 = false
device = "cpu"
patch_sizes = [8]
"""


def config(tmp_path: Path, data: str) -> str:
    path = tmp_path / "s.toml"
    classes = 10 if data == "cifar10" else 4
    path.write_text(CONFIG.format(image=32, classes=classes, set=data, data=tmp_path))
    return str(path)


def cifar(tmp_path: Path) -> None:
    names = [f"{split}/{name}/{k}.png" for split in ("train", "test") for name in CIFAR_CLASSES for k in range(2)]
    write_shard(tmp_path / "cifar10.tar", {name: picture_bytes((32, 32)) for name in names})


def photos(tmp_path: Path) -> None:
    rows = [{"index": k, "id": one.id, "en": one.en, "zh": one.zh, "group": "x"} for k, one in enumerate(LABELS)]
    (tmp_path / "photos-classes.json").write_text(json.dumps({"classes": rows}))
    for split in ("train", "val"):
        files = {f"{split}/{one.id}/{k}.webp": picture_bytes() for one in LABELS for k in range(2)}
        write_shard(tmp_path / f"photos-{split}-00.tar", files)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_data, "SIZES", {"small": 12})
    monkeypatch.setattr(small_data, "CNN_WIDTH", 4)
    for module, names in ((small_data, ("TAUGHT", "BEGUN")), (probes, ("STEPS",))):
        monkeypatch.setattr(module, "SHARES", (0.5,))
        for name in names:
            monkeypatch.setattr(module, name, {0.5: 2})


@pytest.mark.usefixtures("small")
def test_small_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cifar(tmp_path)
    out = tmp_path / "out.json"
    words = ["small-data", config(tmp_path, "cifar10"), "--out", str(out), "--seeds", "1"]
    assert main([*words, "--plan"]) == 0
    assert "| classified, small | 3 | 3 | 6 |" in capsys.readouterr().out and not out.exists()
    assert main([*words, "--minutes", "1e-9"]) == 0
    assert "stopped; call again" in capsys.readouterr().out
    assert main(words) == 0
    assert f"all 6 runs are in {out}" in capsys.readouterr().out
    assert len(json.loads(out.read_text())["runs"]) == 6
    assert main([*words, "--plan"]) == 0
    assert "| all | 6 | | | | 0.00 |" in capsys.readouterr().out


@pytest.mark.usefixtures("small")
def test_probe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photos(tmp_path)
    torch.manual_seed(0)
    cfg = ViTConfig(image=32, patch=8, dim=24, depth=1, heads=3, classes=4, cls_position=False)
    export_vit(tmp_path / "v", "v", ViT(cfg).state_dict(), cfg, LABELS, [8], "crop", [8], [])
    plain = Path(config(tmp_path, "photos"))
    sizes = "image = 32\npatch = 8\ndim = 24\ndepth = 1\nheads = 3\ndecoder_dim = 12\ndecoder_depth = 1\n"
    mae = tmp_path / "m.toml"
    data = f'[data]\nfolder = "{tmp_path}"\nside = 40\ntrain_shards = 1\nval_shards = 1\n'
    train = "[train]\nsteps = 2\nbatch = 2\nbf16 = false\ndevice = 'cpu'\neval_seconds = 0\n"
    mae.write_text(f'name = "m"\narchitecture = "mae"\n[model]\n{sizes}decoder_heads = 1\n{data}{train}')
    out = tmp_path / "out.json"
    words = ["probe", str(plain), "--mae", str(mae), "--distilled", str(tmp_path / "v"), "--out", str(out)]
    assert main([*words, "--seeds", "1"]) == 2
    assert "train first, or name the right --run folder." in capsys.readouterr().err
    assert main(["train", str(mae)]) == 0
    assert main([*words, "--seeds", "1"]) == 0
    assert f"all 6 runs are in {out}" in capsys.readouterr().out
    assert main(["probe", config(tmp_path, "cifar10")]) == 2
    assert "probes are of the photo pack" in capsys.readouterr().err
