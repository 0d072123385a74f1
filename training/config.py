"""Configurations: TOML files read into dataclasses; an unknown key is an error with a remedy."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from training.config_tasks import (
    AutoencodeConfig,
    ContrastConfig,
    DetectionConfig,
    LatentConfig,
    MaskConfig,
)
from training.diffusion.convert import PREDICTIONS
from training.diffusion.loss import WEIGHTINGS
from training.diffusion.process import PROCESSES
from training.diffusion.timesteps import TIME_CONVENTIONS
from training.errors import TrainingError
from training.models.autoencoder import AutoencoderConfig
from training.models.autoregressive import AutoregressiveConfig
from training.models.clip import CLIPConfig
from training.models.cnn import CnnConfig
from training.models.detr_config import DETRConfig
from training.models.dit import DiTConfig
from training.models.mae import MAEConfig
from training.models.residual_mlp import ResidualMLPConfig
from training.models.swin_config import SwinConfig
from training.models.unet import UNetConfig
from training.models.uvit import UViTConfig
from training.models.vit import ViTConfig
from training.models.vivit_config import ViViTConfig
from training.models.vq import VQConfig

T = TypeVar("T")
ModelConfig = (
    ViTConfig
    | UViTConfig
    | DiTConfig
    | MAEConfig
    | CnnConfig
    | SwinConfig
    | CLIPConfig
    | ViViTConfig
    | DETRConfig
    | AutoencoderConfig
    | VQConfig
)
ARCHITECTURES: dict[str, type[Any]] = {
    "vit": ViTConfig,
    "uvit": UViTConfig,
    "unet": UNetConfig,
    "dit": DiTConfig,
    "mae": MAEConfig,
    "cnn": CnnConfig,
    "swin": SwinConfig,
    "clip": CLIPConfig,
    "vivit": ViViTConfig,
    "detr": DETRConfig,
    "autoencoder": AutoencoderConfig,
    "vq": VQConfig,
    "autoregressive": AutoregressiveConfig,
    "residual-mlp": ResidualMLPConfig,
}


@dataclass(frozen=True)
class DataConfig:
    """Where pictures come from. `set`: photos, cifar10 or synthetic; emoji or emoji+photos for the architecture
    clip, autoencoder and vq, emoji for what paints from words, clips for vivit, scenes for detr.

    `side`: decoded size for photos.
    """

    set: str = "photos"
    folder: str = "../shared/data"
    side: int = 256
    train_shards: int = 7
    val_shards: int = 2
    fit: str = "crop"


@dataclass(frozen=True)
class AugmentConfig:
    """Random resized crop (share of the area, aspect), flip, colour jitter, mixup, CutMix.

    `three`: how often a picture turns grey, is solarised or is blurred, one of the three. `shift` above 0
    takes whole pictures instead of crops, moved by up to so many pixels, each once an epoch and flipped in
    every second one.
    """

    scale_min: float = 0.35
    scale_max: float = 1.0
    aspect: float = 1.5
    whole: float = 0.15
    flip: float = 0.5
    colour: float = 0.3
    mixup: float = 0.0
    cutmix: float = 0.0
    three: float = 0.0
    shift: int = 0


@dataclass(frozen=True)
class TeacherConfig:
    """Distillation; an empty `file` trains on the labels alone.

    `init`: start from the teacher compressed layer by layer (see compress.py) instead of noise. The architecture swin
    learns soft labels alone, and its `file` is the folder of an exported ViT.
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
class DiffusionConfig:
    """What a denoiser learns. Names are those of training/diffusion (and of src/lib/diffusion/math).

    `times`: how t is drawn: `uniform`; `logit-normal` (logit_mean, logit_deviation); or `cosine`, so
    that the noise levels are those of the cosine schedule, whatever the process.
    `class_drop`: how often the class is replaced by the null class.
    """

    process: str = "vp"
    steps: int = 1000
    prediction: str = "v"
    time: str = "999t"
    times: str = "uniform"
    logit_mean: float = 0.0
    logit_deviation: float = 1.0
    weighting: str = "none"
    gamma: float = 5.0
    class_drop: float = 0.1

    def __post_init__(self) -> None:
        allowed = {
            "process": PROCESSES,
            "prediction": PREDICTIONS,
            "time": TIME_CONVENTIONS,
            "times": ("uniform", "logit-normal", "cosine"),
            "weighting": WEIGHTINGS,
        }
        for key, values in allowed.items():
            if getattr(self, key) not in values:
                raise TrainingError(f"[diffusion] {key} is '{getattr(self, key)}'; use one of {', '.join(values)}.")


INITS = ("published", "xavier", "identity")


@dataclass(frozen=True)
class TrainConfig:
    """The loop. `schedule`: cosine to 0, or linear (constant, then to 0 over the last decay_share).

    `minutes` above 0 ends the run after that much training time, and the schedule follows the clock
    instead of the steps: for a machine that others share. Such a run is not repeatable to the bit.
    `ema`: one decay or two, of which the export chooses. `optimizer`: adamw, muon, or sgd
    (Nesterov's momentum beta1; biases learn bias_scale times as fast). `device`: auto,
    cpu or cuda. `compile`: torch.compile. `start`: a model folder (or several file parts' folder)
    whose weights the run starts from. `eval_seconds` 0 measures nothing while training. `init`:
    published (a U-ViT's linears: normal, 0.02), xavier, or identity: xavier, and the last convolution
    begins as the identity. The architecture swin draws a side out of `resolutions` each step with probabilities like
    `resolution_shares` (all alike where that is empty), and prunes in each stage a share of the windows that is drawn
    between 0 and `prune`. The architecture clip may `start` from a ViT's folder, too, which its picture tower takes;
    that tower then learns `start_scale` times as fast as the rest. The same holds of a masked autoencoder's encoder.
    """

    steps: int = 1000
    minutes: float = 0.0
    batch: int = 64
    lr: float = 1e-3
    weight_decay: float = 0.05
    beta1: float = 0.9
    beta2: float = 0.98
    optimizer: str = "adamw"
    muon_scale: float = 1.0
    bias_scale: float = 1.0
    warmup: int = 100
    schedule: str = "cosine"
    decay_share: float = 0.5
    clip: float = 1.0
    ema: list[float] = field(default_factory=lambda: [0.999])
    drop_path: float = 0.0
    label_smoothing: float = 0.1
    class_balance: float = 0.5
    patch_sizes: list[int] = field(default_factory=lambda: [16])
    patch_shares: list[float] = field(default_factory=lambda: [1.0])
    resolutions: list[int] = field(default_factory=list)
    resolution_shares: list[float] = field(default_factory=list)
    prune: float = 0.0
    checkpoint_seconds: int = 240
    eval_seconds: int = 900
    eval_count: int = 752
    bf16: bool = True
    device: str = "auto"
    compile: bool = False
    start: str = ""
    start_scale: float = 1.0
    init: str = "published"

    def __post_init__(self) -> None:
        if self.init not in INITS:
            raise TrainingError(f"[train] init is '{self.init}'; use one of {', '.join(INITS)}.")


@dataclass(frozen=True)
class Config:
    """One model's run."""

    name: str
    model: ModelConfig
    data: DataConfig
    augment: AugmentConfig
    teacher: TeacherConfig
    train: TrainConfig
    diffusion: DiffusionConfig = DiffusionConfig()
    contrast: ContrastConfig = field(default_factory=ContrastConfig)
    mask: MaskConfig = field(default_factory=MaskConfig)
    detection: DetectionConfig = field(default_factory=DetectionConfig)
    latent: LatentConfig = field(default_factory=LatentConfig)
    autoencode: AutoencodeConfig = field(default_factory=AutoencodeConfig)
    architecture: str = "vit"
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
    for key, value in values.items():
        wanted = str(known[key].type)
        if not _fits(value, wanted):
            raise TrainingError(f"{where} {key} is {value!r}; write a value of the kind {wanted}.")
    return kind(**values)


def _fits(value: Any, wanted: str) -> bool:
    """Whether a TOML value is of a dataclass field's annotation; whole numbers pass as floats."""
    if wanted.startswith("list["):
        return isinstance(value, list) and all(_fits(item, wanted[5:-1]) for item in value)
    kinds: dict[str, tuple[type[Any], ...]] = {"int": (int,), "float": (int, float), "str": (str,), "bool": (bool,)}
    if wanted not in kinds:
        return True
    return isinstance(value, kinds[wanted]) and (wanted == "bool" or not isinstance(value, bool))


def parse_config(values: dict[str, Any], source: str) -> Config:
    """A Config from parsed TOML; `source` is the file's name, used in the error sentences."""
    architecture = values.get("architecture", "vit")
    if architecture not in ARCHITECTURES:
        raise TrainingError(
            f"{source}: architecture '{architecture}' is unknown; use one of {', '.join(ARCHITECTURES)}."
        )
    sections: dict[str, type[Any]] = {
        "model": ARCHITECTURES[architecture],
        "diffusion": DiffusionConfig,
        "contrast": ContrastConfig,
        "mask": MaskConfig,
        "detection": DetectionConfig,
        "latent": LatentConfig,
        "autoencode": AutoencodeConfig,
        "data": DataConfig,
        "augment": AugmentConfig,
        "teacher": TeacherConfig,
        "train": TrainConfig,
    }
    unknown = sorted(set(values) - set(sections) - {"name", "seed", "architecture"})
    if unknown:
        raise TrainingError(
            f"{source} has the unknown key '{unknown[0]}'; "
            f"remove it or use one of: name, seed, architecture, {', '.join(sections)}."
        )
    if "name" not in values:
        raise TrainingError(f"{source} has no 'name'; add the model folder's name at the top.")
    built: dict[str, Any] = {
        key: _build(kind, values.get(key, {}), f"{source} [{key}]") for key, kind in sections.items()
    }
    config = Config(name=values["name"], architecture=architecture, seed=values.get("seed", 0), source=source, **built)
    train = config.train
    if len(train.patch_sizes) != len(train.patch_shares):
        raise TrainingError(f"{source} [train] needs one patch_shares value for each of patch_sizes.")
    if train.resolution_shares and len(train.resolutions) != len(train.resolution_shares):
        raise TrainingError(f"{source} [train] needs one resolution_shares value for each of resolutions.")
    if not 0 <= train.prune < 1:
        raise TrainingError(f"{source} [train] prune is {train.prune}; use a share from 0 to below 1.")
    return config


def seeded(config: Config, seed: int | None) -> Config:
    """The same run with another seed, in a run folder of its own: `<name>-seed<seed>`."""
    if seed is None or seed == config.seed:
        return config
    return dataclasses.replace(config, seed=seed, name=f"{config.name}-seed{seed}")


def read_config(path: Path) -> Config:
    """Read a TOML configuration; relative names are also looked for in training/configs."""
    for candidate in (path, Path(__file__).parent / path, Path(__file__).parent / "configs" / path.name):
        if candidate.is_file():
            try:
                return parse_config(tomllib.loads(candidate.read_text()), candidate.name)
            except tomllib.TOMLDecodeError as error:
                raise TrainingError(f"{candidate} is not valid TOML ({error}); correct that line.") from error
    raise TrainingError(f"{path} was not found; the configurations lie in training/configs.")
