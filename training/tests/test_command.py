"""The command as a reader types it: a fault is one sentence on stderr and exit status 2, never a traceback."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from training.__main__ import main
from training.data.pictures import CIFAR_CLASSES
from training.tests.helpers import picture_bytes, write_shard

CONFIG = """
name = "small"
architecture = "cnn"
[model]
image = 32
width = 4
classes = 10
[data]
set = "cifar10"
folder = "{data}"
[augment]
shift = 1
[train]
steps = 2
batch = 4
bf16 = false
device = "cpu"
eval_count = 10
{more}
"""


def call(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr(sys, "argv", ["training", *map(str, words)])
    return main()


def write(tmp_path: Path, more: str = "") -> Path:
    path = tmp_path / "small.toml"
    path.write_text(CONFIG.format(data=tmp_path, more=more))
    return path


def pack(tmp_path: Path) -> None:
    """Ten training and ten test pictures, one a class, grey ones among them."""
    names = [f"{split}/{name}/0.png" for split in ("train", "test") for name in CIFAR_CLASSES]
    files = {name: picture_bytes((32, 32), "L" if k % 2 else "RGB") for k, name in enumerate(names)}
    write_shard(tmp_path / "cifar10.tar", files)


def test_train_resume_and_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pack(tmp_path)
    config, run = write(tmp_path), tmp_path / "run"
    assert call(monkeypatch, "train", config, "--run", run) == 0
    assert call(monkeypatch, "train", config, "--run", run) == 0
    assert "resumed" in capsys.readouterr().out
    assert call(monkeypatch, "export", config, "--run", run, "--out", tmp_path / "model", "--measure") == 0
    assert (tmp_path / "model" / "model.safetensors").is_file()
    config.write_text(config.read_text().replace("width = 4", "width = 8"))
    assert call(monkeypatch, "train", config, "--run", run) == 2
    assert "was written by another config ('model' differs)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("learning_rate = 1.0", "[train] has the unknown key 'learning_rate'; remove it or use one of:"),
        ("", "*.tar was found; put the data there or set data.folder in the config."),
    ],
)
def test_faults_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], more: str, sentence: str
) -> None:
    assert call(monkeypatch, "train", write(tmp_path, more), "--run", tmp_path / "run") == 2
    said = capsys.readouterr().err
    assert sentence in said and said.count("\n") == 1 and "Traceback" not in said


def test_a_loss_that_is_not_finite_leaves_the_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pack(tmp_path)
    config, run = write(tmp_path), tmp_path / "run"
    assert call(monkeypatch, "train", config, "--run", run) == 0
    before = (run / "latest.pt").read_bytes()
    config.write_text(config.read_text().replace("steps = 2", "steps = 40\nlr = 1e30\nwarmup = 1\nclip = 1e30"))
    assert call(monkeypatch, "train", config, "--run", run) == 2
    said = capsys.readouterr().err
    assert "The loss became" in said and "Lower train.lr in small.toml" in said
    assert (run / "latest.pt").read_bytes() == before
