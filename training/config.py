"""Configurations: TOML files read into dataclasses; an unknown key is an error with a remedy."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from training.errors import TrainingError
from training.models.vit import ViTConfig

T = TypeVar("T")


@dataclass(frozen=True)
class DataConfig:
    """Where pictures come from. `set`: photos, cifar10 or synthetic; `side`: decoded size for photos."""

    set: str = "photos"
    folder: str = "../shared/data"
    side: int = 256
    train_shards: int = 7
    val_shards: int = 2
    fit: str = "crop"


@dataclass(frozen=True)
class AugmentConfig:
    """Random resized crop (share of the area, aspect), flip, colour jitter, mixup, CutMix."""

    scale_min: float = 0.35
    scale_max: float = 1.0
    aspect: float = 1.5
    whole: float = 0.15
    flip: float = 0.5
    colour: float = 0.3
    mixup: float = 0.0
    cutmix: float = 0.0


@dataclass(frozen=True)
class TeacherConfig:
    """Distillation; an empty `file` trains on the labels alone.

    `init`: start from the teacher compressed layer by layer (see compress.py) instead of noise.
    """

    file: str = ""
    init: bool = False
    calibration: int = 192
    cls_weight: float = 1.0
    patch_weight: float = 1.0
    patch_dims: int = 128
    soft_weight: float = 1.0
    temperature: float = 1.0


@dataclass(frozen=True)
class TrainConfig:
    """The loop. `schedule`: cosine to 0, or linear (constant, then to 0 over the last decay_share).

    `minutes` above 0 ends the run after that much training time, and the schedule follows the clock
    instead of the steps: for a machine that others share. Such a run is not repeatable to the bit.
    """

    steps: int = 1000
    minutes: float = 0.0
    batch: int = 64
    lr: float = 1e-3
    weight_decay: float = 0.05
    beta2: float = 0.98
    warmup: int = 100
    schedule: str = "cosine"
    decay_share: float = 0.5
    clip: float = 1.0
    ema: float = 0.999
    drop_path: float = 0.0
    label_smoothing: float = 0.1
    class_balance: float = 0.5
    patch_sizes: list[int] = field(default_factory=lambda: [16])
    patch_shares: list[float] = field(default_factory=lambda: [1.0])
    checkpoint_seconds: int = 240
    eval_seconds: int = 900
    eval_count: int = 752
    bf16: bool = True


@dataclass(frozen=True)
class Config:
    """One model's run."""

    name: str
    model: ViTConfig
    data: DataConfig
    augment: AugmentConfig
    teacher: TeacherConfig
    train: TrainConfig
    seed: int = 0
    source: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for checkpoints (without the file's path)."""
        values = dataclasses.asdict(self)
        values.pop("source")
        return values


def _build(kind: type[T], values: Any, where: str) -> T:
    if not isinstance(values, dict):
        raise TrainingError(f"{where} must be a table; write it as [section] with key = value lines.")
    known = {f.name: f for f in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise TrainingError(f"{where} has the unknown key '{unknown[0]}'; remove it or use one of: {', '.join(known)}.")
    return kind(**values)


def parse_config(values: dict[str, Any], source: str) -> Config:
    """A Config from parsed TOML; `source` is the file's name, used in the error sentences."""
    sections: dict[str, type[Any]] = {
        "model": ViTConfig,
        "data": DataConfig,
        "augment": AugmentConfig,
        "teacher": TeacherConfig,
        "train": TrainConfig,
    }
    unknown = sorted(set(values) - set(sections) - {"name", "seed"})
    if unknown:
        raise TrainingError(
            f"{source} has the unknown key '{unknown[0]}'; remove it or use one of: name, seed, {', '.join(sections)}."
        )
    if "name" not in values:
        raise TrainingError(f"{source} has no 'name'; add the model folder's name at the top.")
    built: dict[str, Any] = {
        key: _build(kind, values.get(key, {}), f"{source} [{key}]") for key, kind in sections.items()
    }
    config = Config(name=values["name"], seed=values.get("seed", 0), source=source, **built)
    train = config.train
    if len(train.patch_sizes) != len(train.patch_shares):
        raise TrainingError(f"{source} [train] needs one patch_shares value for each of patch_sizes.")
    return config


def read_config(path: Path) -> Config:
    """Read a TOML configuration; relative names are also looked for in training/configs."""
    for candidate in (path, Path(__file__).parent / path, Path(__file__).parent / "configs" / path.name):
        if candidate.is_file():
            try:
                return parse_config(tomllib.loads(candidate.read_text()), candidate.name)
            except tomllib.TOMLDecodeError as error:
                raise TrainingError(f"{candidate} is not valid TOML ({error}); correct that line.") from error
    raise TrainingError(f"{path} was not found; the configurations lie in training/configs.")
