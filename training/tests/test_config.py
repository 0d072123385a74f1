"""Configurations: every shipped file parses; mistakes are sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

import training
from training.config import parse_config, read_config
from training.errors import TrainingError

CONFIGS = sorted((Path(training.__file__).parent / "configs").glob("*.toml"))


@pytest.mark.parametrize("path", CONFIGS, ids=lambda p: p.stem)
def test_shipped_configs(path: Path) -> None:
    config = read_config(path)
    assert config.name == path.stem.removesuffix("-cpu").removesuffix("-gpu")
    if config.architecture == "vit":
        assert config.model.image % max(config.train.patch_sizes) == 0


def test_found_by_name_alone() -> None:
    assert read_config(Path("vit-tiny.toml")).name == "vit-tiny"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": "a", "trian": {}}, "a.toml has the unknown key 'trian'"),
        ({"name": "a", "train": {"learning_rate": 1}}, r"a.toml \[train\] has the unknown key 'learning_rate'.*lr"),
        ({"name": "a", "model": {"width": 1}}, r"a.toml \[model\] has the unknown key 'width'.*dim"),
        ({"train": {}}, "a.toml has no 'name'"),
        ({"name": "a", "train": {"patch_sizes": [8, 16]}}, "patch_shares"),
        ({"name": "a", "train": 3}, "must be a table"),
        ({"name": "a", "train": {"lr": "fast"}}, r"a.toml \[train\] lr is 'fast'; write a value of the kind float"),
        ({"name": "a", "train": {"ema": 0.9}}, r"ema is 0.9; write a value of the kind list\[float\]"),
        ({"name": "a", "train": {"bf16": 1}}, "bf16 is 1; write a value of the kind bool"),
        ({"name": "a", "model": {"depth": 2.5}}, "depth is 2.5; write a value of the kind int"),
    ],
)
def test_mistakes(values: dict[str, object], words: str) -> None:
    with pytest.raises(TrainingError, match=words):
        parse_config(values, "a.toml")


def test_missing_and_broken_file(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="training/configs"):
        read_config(tmp_path / "nothing.toml")
    (tmp_path / "b.toml").write_text("name = ")
    with pytest.raises(TrainingError, match=r"b\.toml is not valid TOML"):
        read_config(tmp_path / "b.toml")
