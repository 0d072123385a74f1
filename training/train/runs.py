"""A config made into a run: its data, its task, its trainer."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import nn

from training.config import Config
from training.data.clips import motion_labels
from training.data.emoji.pack import SIDES, EmojiSet, load_emoji
from training.data.emoji.sprites import load_sprites, object_labels
from training.data.pictures import Label, PictureSet, cifar_labels, load_cifar, load_photos, read_labels
from training.data.text.reader import TextReader
from training.data.text.tokenizer import read_tokenizer
from training.errors import TrainingError
from training.export.read import load_any, load_model, read_model_config, read_weights
from training.models.autoencoder import Autoencoder, AutoencoderConfig
from training.models.autoregressive import Autoregressive, AutoregressiveConfig
from training.models.clip import CLIP, CLIPConfig
from training.models.detr_config import DETRConfig
from training.models.mae import MAE, MAEConfig
from training.models.residual_mlp import ResidualMLPConfig
from training.models.starts import encoder_from_vit, frames_from_clips, joins
from training.models.swin_config import SwinConfig
from training.models.unet import UNetConfig
from training.models.uvit import UViTConfig
from training.models.vit import ViT, ViTConfig
from training.models.vivit import ViViT
from training.models.vivit_config import ViViTConfig
from training.models.vq import VQ, VQConfig
from training.paths import cache_folder
from training.tasks import (
    Autoencode,
    Classify,
    Clips,
    Contrast,
    DenoiseResidual,
    Detect,
    Diffuse,
    GenerateCodes,
    LatentDiffuse,
    Mask,
    Resolutions,
    Task,
)
from training.tasks.base import resident
from training.tasks.distil.compress import compress, fit_head
from training.tasks.distil.distiller import Distiller, Targets, make_targets
from training.tasks.distil.features import teacher_features
from training.tasks.distil.soft_labels import soft_labels
from training.tasks.distil.teacher import load_teacher
from training.tasks.generate_codes import Stands
from training.train.checkpoint import load_checkpoint
from training.train.device import choose_device
from training.train.loop import Trainer


def run_folder(config: Config, given: str | None) -> Path:
    """Where checkpoints and the log of a run lie."""
    return Path(given) if given else cache_folder() / "runs" / config.name


def labels_of(config: Config) -> list[Label]:
    """The classes of a config's data."""
    if paints_latents(config) or isinstance(config.model, AutoregressiveConfig | ResidualMLPConfig):
        return style_labels(load_emoji(64))
    if config.data.set == "emoji" or isinstance(config.model, AutoencoderConfig | VQConfig):
        return []
    if config.data.set == "clips":
        return motion_labels()
    if isinstance(config.model, DETRConfig):
        return object_labels(load_emoji(64))[: config.model.classes]
    return cifar_labels() if config.data.set == "cifar10" else read_labels(Path(config.data.folder))


def paints_latents(config: Config) -> bool:
    """Whether a run is a denoiser of an autoencoder's latents."""
    return config.data.set == "emoji" and isinstance(config.model, UViTConfig | UNetConfig)


def style_labels(emoji: EmojiSet) -> list[Label]:
    """The pack's drawing styles as classes: a style's name is the same in every language."""
    return [Label(style.id, style.title, style.title, "style") for style in emoji.styles.values()]


def load_set(config: Config) -> tuple[PictureSet, PictureSet | None, list[Label]]:
    """Training pictures, held-out pictures and labels of a config."""
    data = Path(config.data.folder)
    if config.data.set == "photos":
        train = load_photos(data, "train", config.data.side, "squash", config.data.train_shards)
        val = load_photos(data, "val", config.model.image, config.data.fit, config.data.val_shards)
        return train, val, read_labels(data)
    if config.data.set == "cifar10":
        return load_cifar(data, "train"), load_cifar(data, "test"), cifar_labels()
    raise TrainingError(f"{config.source}: data.set '{config.data.set}' is unknown; use photos or cifar10.")


def read_teacher(config: Config) -> ViT:
    """The teacher of a config; its path may hold environment variables and ~."""
    return load_teacher(named_folder(config.teacher.file))


def load_targets(config: Config, train: PictureSet, classes: int, device: torch.device) -> Targets:
    """The teacher's targets for every training photo, made once and memory-mapped from the cache folder."""
    folder = cache_folder() / f"photos-train-targets-{config.teacher.patch_dims}"
    if not (folder / "done").is_file():
        features = teacher_features(read_teacher(config).to(device), train, "photos-train")
        targets, top1 = make_targets(features, train.labels, classes, config.teacher.patch_dims)
        line = f"linear probe on the teacher, held-out quarter of the training photos: top-1 {top1:.4f}"
        print(line)
        folder.mkdir(exist_ok=True)
        for item in fields(Targets):
            np.save(folder / f"{item.name}.npy", getattr(targets, item.name))
        (folder / "done").write_text(line + "\n")
    return Targets(**{item.name: np.load(folder / f"{item.name}.npy", mmap_mode="r") for item in fields(Targets)})


def make_task(config: Config, folder: Path, device: torch.device) -> Task:
    """The task of a config's architecture, with its data and, for a first step, its start."""
    if isinstance(config.model, CLIPConfig):
        return make_contrast(config, folder, device)
    if isinstance(config.model, ViViTConfig):
        return make_clips_task(config, folder, device)
    if isinstance(config.model, DETRConfig):
        return make_detection(config, folder, device)
    if isinstance(config.model, AutoregressiveConfig | ResidualMLPConfig):
        return make_codes(config, folder, device)
    if paints_latents(config):
        return make_latents(config, folder, device)
    if isinstance(config.model, AutoencoderConfig | VQConfig):
        return make_autoencode(config, folder, device)
    train, val, labels = load_set(config)
    fresh = not (folder / "latest.pt").is_file()
    torch.manual_seed(config.seed)
    if not isinstance(config.model, MAEConfig) and config.model.classes not in (0, len(labels)):
        raise TrainingError(f"{config.source}: model.classes is {config.model.classes}, the data has {len(labels)}.")
    if config.architecture in ("uvit", "dit", "unet"):
        task: Task = Diffuse(config, train, val, device)
    elif config.architecture == "mae":
        judge = load_model(named_folder(config.mask.judge)) if config.mask.features else None
        task = Mask(config, train, val, device, judge=judge)
    elif isinstance(config.model, SwinConfig):
        task = make_pyramid(config, config.model, device, train, val, labels)
    else:
        task = make_classifier(config, folder, device, train, val, labels, fresh)
    if config.train.start and fresh:
        start_from(task.model, named_folder(config.train.start))
    return task


def start_from(model: nn.Module, folder: Path) -> None:
    """Take an exported model's weights; a masked autoencoder takes a ViT's for its encoder, a video transformer with
    an encoder of single times those of one whose tokens see all times."""
    if isinstance(model, MAE) and read_model_config(folder).get("architecture") == "vit":
        encoder_from_vit(model, load_model(folder))
    elif isinstance(model, ViViT) and isinstance(whole := load_any(folder), ViViT) and joins(whole, model):
        frames_from_clips(model, whole)
    else:
        read_weights(model, folder / "model.safetensors")


def named_folder(name: str) -> Path:
    """A folder that a config names; it may hold environment variables and ~."""
    return Path(os.path.expandvars(name)).expanduser()


def photo_logits(config: Config, train: PictureSet, classes: int) -> np.ndarray | None:
    """An exported ViT's logits of every training photo, each whole and cropped to a square; None without a teacher."""
    if not config.teacher.file:
        return None

    def whole(side: int) -> PictureSet:
        return load_photos(Path(config.data.folder), "train", side, "crop", config.data.train_shards)

    folder = named_folder(config.teacher.file)
    return soft_labels(folder, whole, train.labels, classes, "photos-train")


def make_contrast(config: Config, folder: Path, device: torch.device) -> Contrast:
    """A CLIP's task; for a first step its start, another CLIP or a ViT for the picture tower."""
    source = config.data.set
    if source not in ("emoji", "emoji+photos"):
        raise TrainingError(f"{config.source}: data.set '{source}' is unknown to a CLIP; use emoji or emoji+photos.")
    labels, photos, val, logits = labels_of(config), None, None, None
    if source == "emoji+photos":
        data = Path(config.data.folder)
        photos = load_photos(data, "train", config.data.side, "squash", config.data.train_shards)
        val = load_photos(data, "val", config.model.image, config.data.fit, config.data.val_shards)
        logits = photo_logits(config, photos, len(labels))
    emoji = load_emoji(config.model.image)
    task = Contrast(config, emoji, photos, val, labels, read_tokenizer(), device, logits)
    if config.train.start and not (folder / "latest.pt").is_file():
        start = load_any(named_folder(config.train.start))
        if isinstance(start, ViT):
            task.net().visual.start(start)
        elif isinstance(start, CLIP):
            task.net().load_state_dict(start.state_dict())
        else:
            raise TrainingError(f"{config.train.start} is no start of a CLIP; use the folder of a vit or a clip.")
    return task


def read_clip(config: Config) -> CLIP:
    """The CLIP whose text tower a painter from words reads. Raises TrainingError for a folder of something else."""
    clip = load_any(named_folder(config.latent.text))
    if not isinstance(clip, CLIP):
        raise TrainingError(f"{config.source} [latent] text must name the folder of a clip.")
    return clip


def make_reader(config: Config, device: torch.device) -> TextReader:
    """What a painter from words is told of texts; a residual MLP's generator is told it."""
    model = read_generator(config).cfg if isinstance(config.model, ResidualMLPConfig) else config.model
    assert isinstance(model, UViTConfig | UNetConfig | AutoregressiveConfig)
    return TextReader(read_clip(config), read_tokenizer(), model.context_tokens, device)


def read_generator(config: Config) -> Autoregressive:
    """The generator of codes that a residual MLP stands on. Raises TrainingError for a folder of something else."""
    generator = load_any(named_folder(config.latent.generator))
    if not isinstance(generator, Autoregressive):
        raise TrainingError(f"{config.source} [latent] generator must name the folder of an autoregressive.")
    return generator


def read_vq(config: Config) -> VQ:
    """The tokenizer of a generator of codes. Raises TrainingError for a folder of something else."""
    tokenizer = load_any(named_folder(config.latent.autoencoder))
    if not isinstance(tokenizer, VQ):
        raise TrainingError(f"{config.source} [latent] autoencoder must name the folder of a vq.")
    return tokenizer


def make_codes(config: Config, folder: Path, device: torch.device) -> GenerateCodes | DenoiseResidual:
    """The task of a generator of codes, or of the residual that one's codes leave; for a first step its start.

    Raises TrainingError for folders that hold something else.
    """
    if config.data.set != "emoji":
        raise TrainingError(f"{config.source}: data.set '{config.data.set}' is unknown here; use emoji.")
    tokenizer, reader = read_vq(config), make_reader(config, device)
    on = Stands(signs_at(tokenizer.cfg.image), tokenizer, reader)
    if isinstance(config.model, ResidualMLPConfig):
        task: GenerateCodes | DenoiseResidual = DenoiseResidual(config, on, read_generator(config), device)
    else:
        task = GenerateCodes(config, on, device)
    if config.train.start and not (folder / "latest.pt").is_file():
        start_from(task.model, named_folder(config.train.start))
    return task


def make_latents(config: Config, folder: Path, device: torch.device) -> LatentDiffuse:
    """A latent denoiser's task: a frozen autoencoder and text tower; for a first step its start, another run's weights.

    Raises TrainingError for folders that hold something else.
    """
    coder = load_any(named_folder(config.latent.autoencoder))
    if not isinstance(coder, Autoencoder):
        raise TrainingError(f"{config.source} [latent] autoencoder must name the folder of an autoencoder.")
    reader = make_reader(config, device)
    emoji = signs_at(coder.cfg.image)
    task = LatentDiffuse(config, emoji, coder.to(device), coder.cfg.scaling_factor, reader, device)
    if config.train.start and not (folder / "latest.pt").is_file():
        start_from(task.model, named_folder(config.train.start))
    return task


def make_clips_task(config: Config, folder: Path, device: torch.device) -> Clips:
    """A video transformer's task; for a first step its start, another run's weights."""
    if config.data.set != "clips":
        raise TrainingError(f"{config.source}: data.set '{config.data.set}' is unknown to a ViViT; use clips.")
    task = Clips(config, load_emoji(64), device)
    if config.train.start and not (folder / "latest.pt").is_file():
        start_from(task.model, named_folder(config.train.start))
    return task


def make_detection(config: Config, folder: Path, device: torch.device) -> Detect:
    """A detector's task: sprites on photos; for a first step its start, another run's weights."""
    if config.data.set != "scenes":
        raise TrainingError(f"{config.source}: data.set '{config.data.set}' is unknown to a DETR; use scenes.")
    data, side = Path(config.data.folder), config.data.side
    photos = load_photos(data, "train", side, "squash", config.data.train_shards)
    val = load_photos(data, "val", side, config.data.fit, config.data.val_shards)
    task = Detect(config, load_sprites(load_emoji(64)), photos.images, val.images, device)
    if config.train.start and not (folder / "latest.pt").is_file():
        start_from(task.model, named_folder(config.train.start))
    return task


def signs_at(side: int) -> EmojiSet:
    """The emoji pack at a side that it has, or at a smaller one than its smallest, shrunk."""
    if side >= min(SIDES):
        return load_emoji(side)
    emoji = load_emoji(min(SIDES))
    small = resident(emoji.images, side, torch.device("cpu")).permute(0, 2, 3, 1).numpy()
    return replace(emoji, images=small)


def make_autoencode(config: Config, folder: Path, device: torch.device) -> Autoencode:
    """An autoencoder's task; for a first step its start, another run's weights."""
    source = config.data.set
    if source not in ("emoji", "emoji+photos"):
        raise TrainingError(f"{config.source}: data.set '{source}' is unknown here; use emoji or emoji+photos.")
    photos = val = None
    if source == "emoji+photos":
        data = Path(config.data.folder)
        photos = load_photos(data, "train", config.data.side, "squash", config.data.train_shards)
        val = load_photos(data, "val", config.model.image, config.data.fit, config.data.val_shards)
    judge = load_model(named_folder(config.autoencode.judge)) if config.autoencode.features else None
    task = Autoencode(config, signs_at(config.model.image), photos, val, device, judge)
    if config.train.start and not (folder / "latest.pt").is_file():
        start_from(task.model, named_folder(config.train.start))
    return task


def make_classifier(
    config: Config,
    folder: Path,
    device: torch.device,
    train: PictureSet,
    val: PictureSet | None,
    labels: list[Label],
    fresh: bool,
) -> Classify:
    """A classifier; with a teacher its distiller and, at the very start, its compressed weights."""
    cfg = config.model
    if not config.teacher.file or not isinstance(cfg, ViTConfig):
        return Classify(config, train, val, labels, device)
    targets = load_targets(config, train, cfg.classes, device)
    torch.manual_seed(config.seed)
    distiller, model = Distiller(cfg.dim, targets, config.teacher), None
    if config.teacher.init and fresh:
        model = ViT(cfg, config.train.drop_path)
        compress(read_teacher(config), model, distiller, train, config.teacher.calibration)
        fit_head(model, train, 1600, 16)
    return Classify(config, train, val, labels, device, distiller, model)


def held_out_at(config: Config, val: PictureSet | None) -> Callable[[int], PictureSet] | None:
    """The held-out pictures at any side, those of a side that was asked for kept; None where there are none."""
    if val is None:
        return None

    @lru_cache(maxsize=8)
    def at(side: int) -> PictureSet:
        if side == val.images.shape[1]:
            return val
        if config.data.set != "photos":
            raise TrainingError(f"{config.source}: data.set '{config.data.set}' has one side; leave out resolutions.")
        return load_photos(Path(config.data.folder), "val", side, config.data.fit, config.data.val_shards)

    return at


def make_pyramid(
    config: Config,
    cfg: SwinConfig,
    device: torch.device,
    train: PictureSet,
    val: PictureSet | None,
    labels: list[Label],
) -> Resolutions:
    """A Swin pyramid's task; with a teacher its logits, computed once, of whole photos cropped to a square."""
    logits = photo_logits(config, train, cfg.classes)
    return Resolutions(config, train, held_out_at(config, val), labels, device, logits)


def make_trainer(config: Config, folder: Path) -> Trainer:
    """A trainer in its folder, not yet resumed; a start that took long to make is saved at once."""
    device = choose_device(config.train.device)
    fresh = not (folder / "latest.pt").is_file()
    trainer = Trainer(config, folder, make_task(config, folder, device))
    if fresh and config.teacher.init:
        trainer.save()
        shutil.copyfile(folder / "latest.pt", folder / "start.pt")
    return trainer


def load_run(config: Config, folder: Path) -> dict[str, object]:
    """A run's newest checkpoint; refuses one of another model."""
    saved = load_checkpoint(folder / "latest.pt")
    if saved["config"]["model"] != config.to_dict()["model"]:
        raise TrainingError(
            f"The checkpoint of {config.name} has another [model] than {config.source}; use its own config."
        )
    return saved
