"""Configurations: TOML files read into dataclasses; an unknown key is an error with a remedy."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from training.diffusion.convert import PREDICTIONS
from training.diffusion.loss import WEIGHTINGS
from training.diffusion.process import PROCESSES
from training.diffusion.timesteps import TIME_CONVENTIONS
from training.errors import TrainingError
from training.models.autoencoder import AutoencoderConfig
from training.models.clip import CLIPConfig
from training.models.cnn import CnnConfig
from training.models.detr_config import DETRConfig
from training.models.dit import DiTConfig
from training.models.mae import MAEConfig
from training.models.swin_config import SwinConfig
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
    "dit": DiTConfig,
    "mae": MAEConfig,
    "cnn": CnnConfig,
    "swin": SwinConfig,
    "clip": CLIPConfig,
    "vivit": ViViTConfig,
    "detr": DETRConfig,
    "autoencoder": AutoencoderConfig,
    "vq": VQConfig,
}


@dataclass(frozen=True)
class DataConfig:
    """Where pictures come from. `set`: photos, cifar10 or synthetic; emoji or emoji+photos for the architecture
    clip, autoencoder and vq, emoji for a denoiser of latents, clips for vivit, scenes for detr.

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


@dataclass(frozen=True)
class ContrastConfig:
    """Pairs of pictures and words. `photos`: their share of a batch; `classes`: the weight of their class by its name.

    How often a text is Chinese, is the name and no keyword, is a sentence (`template`), or names the style, too.
    Signs are turned by up to `turn` degrees, drawn up to `zoom` larger or smaller, moved by up to `move` of their side,
    and a share `paper` of them lies on coloured paper. The picture tower's first `frozen` blocks stay as they began; a
    sign then has `views` views, a photo a quarter of them, kept in memory (see tasks/frozen.py). With 0 all learn.
    """

    photos: float = 0.4
    classes: float = 1.0
    chinese: float = 0.5
    name: float = 0.6
    template: float = 0.4
    style: float = 0.1
    turn: float = 12.0
    zoom: float = 0.2
    move: float = 0.08
    paper: float = 0.5
    frozen: int = 0
    views: int = 12

    def __post_init__(self) -> None:
        if self.frozen < 0 or self.views < 1:
            raise TrainingError("[contrast] frozen counts blocks from 0, views are at least 1.")
        for key in ("photos", "chinese", "name", "template", "style", "paper"):
            if not 0 <= getattr(self, key) <= 1:
                raise TrainingError(f"[contrast] {key} is {getattr(self, key)}; use a share from 0 to 1.")
        if not 0 <= self.zoom < 1:
            raise TrainingError(f"[contrast] zoom is {self.zoom}; use a share from 0 to below 1.")


@dataclass(frozen=True)
class MaskConfig:
    """What a masked autoencoder learns beside He et al.'s square error; with both weights 0 nothing.

    `edges` weighs the absolute error of neighbouring pixels' differences, `features` the square error of the features
    that the exported ViT in the folder `judge` has after its `blocks` at `patch`. See tasks/painting.py.
    """

    edges: float = 0.0
    features: float = 0.0
    judge: str = "models/vit-flexi"
    patch: int = 16
    blocks: list[int] = field(default_factory=lambda: [3, 6, 9])

    def __post_init__(self) -> None:
        if self.edges < 0 or self.features < 0:
            raise TrainingError("[mask] edges and features are weights; use 0 or more.")
        if self.features and (not self.blocks or min(self.blocks) < 1):
            raise TrainingError("[mask] blocks names no block; use numbers from 1 up.")


@dataclass(frozen=True)
class LatentConfig:
    """What a denoiser of latents stands on: model folders of its autoencoder and of the CLIP whose text tower it reads.

    Style and text are both left out as often as `[diffusion] class_drop` says, and besides the style alone with
    `style_drop`, the text alone with `text_drop`. Which texts are drawn: `[contrast]` chinese, name, template, style.
    """

    autoencoder: str = "models/kl-f8"
    text: str = "models/clip"
    style_drop: float = 0.1
    text_drop: float = 0.05

    def __post_init__(self) -> None:
        for key in ("style_drop", "text_drop"):
            if not 0 <= getattr(self, key) <= 0.5:
                raise TrainingError(f"[latent] {key} is {getattr(self, key)}; use a share from 0 to 0.5.")


@dataclass(frozen=True)
class DetectionConfig:
    """What a DETR learns: the weights of its loss and of its matching, and what helps in training alone.

    `empty`: how much "no object" counts in the cross-entropy. `class_cost`: the weight of the class in the matching;
    `box` (L1) and `giou` weigh both there and in the loss. `groups` of queries learn side by side, the first is kept.
    `dense`: the weight of a head on the encoder's tokens (0: none). `places` above 0: queries begin
    as the sines of places and look around them so sharply (see begin_at_places); with 0 at random, as published.
    """

    empty: float = 0.1
    class_cost: float = 1.0
    box: float = 5.0
    giou: float = 2.0
    groups: int = 4
    dense: float = 1.0
    places: float = 0.0

    def __post_init__(self) -> None:
        if self.groups < 1:
            raise TrainingError(f"[detection] groups is {self.groups}; use 1 or more.")
        for key in ("empty", "class_cost", "box", "giou", "dense", "places"):
            if getattr(self, key) < 0:
                raise TrainingError(f"[detection] {key} is a weight; use 0 or more.")


@dataclass(frozen=True)
class AutoencodeConfig:
    """What an autoencoder learns beside the absolute error of its pixels. Shares are of a batch or of its signs.

    `photos`: their share; `whole`: how many signs are taken as they are, the others as `[contrast]` says (turn, zoom,
    move, paper). `features` weighs the square error of the features that the exported ViT in the folder `judge` has
    after its `blocks` at `patch`. `kl`: the weight of the divergence from N(0, 1), a latent number. `codebook` weighs
    the square error of the codes, and `commitment` that of the encoder, as a share of it. A code that is used `restart`
    times as rarely as the mean, or less, is replaced.
    """

    photos: float = 0.25
    whole: float = 0.5
    features: float = 0.0
    judge: str = "models/vit-flexi"
    patch: int = 16
    blocks: list[int] = field(default_factory=lambda: [3, 6])
    kl: float = 5e-4
    codebook: float = 1.0
    commitment: float = 0.25
    restart: float = 0.1

    def __post_init__(self) -> None:
        for key in ("features", "kl", "codebook", "commitment", "restart"):
            if getattr(self, key) < 0:
                raise TrainingError(f"[autoencode] {key} is a weight; use 0 or more.")
        if not 0 <= self.photos < 1 or not 0 <= self.whole <= 1:
            raise TrainingError("[autoencode] photos and whole are shares; use 0 to 1, photos below 1.")
        if self.features and (not self.blocks or min(self.blocks) < 1):
            raise TrainingError("[autoencode] blocks names no block; use numbers from 1 up.")


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
    contrast: ContrastConfig = ContrastConfig()
    mask: MaskConfig = MaskConfig()
    detection: DetectionConfig = DetectionConfig()
    latent: LatentConfig = LatentConfig()
    autoencode: AutoencodeConfig = AutoencodeConfig()
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
