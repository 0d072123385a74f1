"""Whether a ViT that is trained on little data gets worse as it grows, and whether self-supervision turns that around.

Three sizes of a ViT × shares of the training pictures × three beginnings: none (supervised from random weights),
contrastive (SimCLR) and masked autoencoding (MAE), each of which has seen the pictures of its share alone; after it
the same supervised training as without. A CNN with the same pictures and the same supervised steps beside them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from training.config import AugmentConfig, Config
from training.config_tasks import MaskConfig
from training.data.pictures import Label, PictureSet
from training.data.shares import share_of
from training.errors import TrainingError
from training.measure.pieces import Facts, Piece
from training.models.cnn import CnnConfig
from training.models.mae import MAE, MAEConfig
from training.models.starts import vit_from_encoder
from training.models.vit import ViT, ViTConfig
from training.tasks import Classify, Mask, SimCLR, Task
from training.tasks.accuracy import predict
from training.train.device import choose_device
from training.train.loop import Trainer

SCHEMA = "patchwork-small-data/1"
SIZES = {"small": 48, "medium": 96, "large": 192}  # widths, each with
HEADS = 3
SHARES = (0.01, 0.1, 1.0)
WAYS = ("none", "simclr", "mae")
CNN_WIDTH = 32
# Steps at each share: supervised, and of a beginning.
TAUGHT = {0.01: 150, 0.1: 400, 1.0: 900}
BEGUN = {0.01: 150, 0.1: 300, 1.0: 600}
CROPS = AugmentConfig(scale_min=0.25, aspect=1.33, whole=0.0, colour=0.4, three=0.3)
PARTS = AugmentConfig(scale_min=0.4, aspect=1.33, whole=0.1, colour=0.0)


@dataclass(frozen=True)
class Data:
    """The pictures of a study; the steps it takes are for all of them."""

    train: PictureSet
    val: PictureSet
    labels: list[Label]


def sized(config: Config, size: str) -> ViTConfig:
    """The ViT of the config in one of the sizes."""
    if not isinstance(config.model, ViTConfig):
        raise TrainingError(f"{config.source}: this study is of ViTs; set architecture = 'vit'.")
    return replace(config.model, dim=SIZES[size], heads=HEADS)


def run_config(config: Config, piece: str, seed: int, steps: int, **changes: Any) -> Config:
    """The study's config for one run: its name, seed and steps, with a tenth of the steps for the warm-up."""
    train = replace(config.train, steps=steps, warmup=max(1, steps // 10), eval_seconds=0)
    return replace(config, name=piece, seed=seed, train=train, **changes)


def autoencoder(cfg: ViTConfig) -> MAEConfig:
    """A masked autoencoder whose encoder has the ViT's blocks; its decoder is two blocks, half as wide."""
    return MAEConfig(
        image=cfg.image, channels=cfg.channels, patch=cfg.patch, dim=cfg.dim, depth=cfg.depth, heads=cfg.heads,
        mlp_ratio=cfg.mlp_ratio, decoder_dim=max(32, cfg.dim // 2), decoder_depth=2, decoder_heads=2, norm_pixels=True,
    )  # fmt: skip


def begin(way: str, config: Config, cfg: ViTConfig, train: PictureSet, device: torch.device) -> Task:
    """The task of a beginning."""
    if way == "simclr":
        return SimCLR(replace(config, model=cfg, augment=CROPS), train, None, device)
    made = replace(config, architecture="mae", model=autoencoder(cfg), augment=PARTS, mask=MaskConfig())
    return Mask(made, train, None, device)


def begun(way: str, cfg: ViTConfig, weights: Path, vit: ViT) -> None:
    """Give a fresh ViT what a beginning left; its classifier stays fresh. Raises TrainingError where it is missing."""
    if not weights.is_file():
        raise TrainingError(f"{weights} is missing; its row is in the file, so delete that row and begin again.")
    state = torch.load(weights, map_location="cpu", weights_only=True)
    if way == "mae":
        mae = MAE(autoencoder(cfg))
        mae.load_state_dict(state)
        vit_from_encoder(vit, mae)
    else:
        vit.load_state_dict({k: v for k, v in state.items() if not k.startswith("head.")}, strict=False)


def keep_weights(folder: Path, trainer: Trainer | None) -> Facts:
    """Leave the averaged weights in the folder, and the loss as last logged (a mean of a few steps) for the row."""
    assert trainer is not None
    torch.save(trainer.emas[0], folder / "weights.pt")
    logged = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    return {"loss": logged[-1]["loss"]}


def accuracy(val: PictureSet) -> Callable[[Path, Trainer | None], Facts]:
    """Top-1 of the averaged weights on all of `val`."""

    def finish(folder: Path, trainer: Trainer | None) -> Facts:
        assert trainer is not None
        bf16 = trainer.config.train.bf16
        probs = predict(trainer.ema_model(), val.images, 0, batch=250, bf16=bf16)
        return {"top1": round(float((probs.argmax(1) == val.labels).mean()), 4)}

    return finish


def small_data_pieces(config: Config, data: Data, seeds: list[int], folder: Path) -> list[Piece]:
    """Every run, seed by seed, so that a study which is cut short has whole seeds. `folder`: where they lie."""
    device = choose_device(config.train.device)
    parts: dict[tuple[float, int], PictureSet] = {}

    def part(share: float, seed: int) -> PictureSet:
        if (share, seed) not in parts:
            parts[share, seed] = share_of(data.train, share, seed)
        return parts[share, seed]

    def beginning(way: str, size: str, share: float, seed: int) -> Piece:
        piece, cfg = f"begin-{way}-{size}-{share:g}-{seed}", sized(config, size)

        def make(run: Path) -> Trainer:
            own = run_config(config, piece, seed, BEGUN[share])
            task = begin(way, own, cfg, part(share, seed), device)
            return Trainer(task.config, run, task)

        facts = {"task": "begin", "way": way, "size": size, "share": share, "seed": seed}
        return Piece(piece, f"{way}, {size}", facts, BEGUN[share], make, keep_weights)

    def taught(way: str, size: str, share: float, seed: int) -> Piece:
        piece, cfg = f"{way}-{size}-{share:g}-{seed}", sized(config, size)

        def make(run: Path) -> Trainer:
            own = run_config(config, piece, seed, TAUGHT[share], model=cfg)
            task = Classify(own, part(share, seed), data.val, data.labels, device)
            if way != "none" and not (run / "latest.pt").is_file():
                assert isinstance(task.model, ViT)
                begun(way, cfg, folder / f"begin-{piece}" / "weights.pt", task.model)
            return Trainer(own, run, task)

        facts = {"task": "classify", "way": way, "size": size, "share": share, "seed": seed}
        return Piece(piece, f"classified, {size}", facts, TAUGHT[share], make, accuracy(data.val))

    def convolutional(share: float, seed: int) -> Piece:
        piece = f"cnn-{share:g}-{seed}"
        cfg = CnnConfig(image=config.model.image, width=CNN_WIDTH, classes=len(data.labels))

        def make(run: Path) -> Trainer:
            own = run_config(config, piece, seed, TAUGHT[share], architecture="cnn", model=cfg)
            return Trainer(own, run, Classify(own, part(share, seed), data.val, data.labels, device))

        facts = {"task": "classify", "way": "none", "size": "cnn", "share": share, "seed": seed}
        return Piece(piece, "classified, cnn", facts, TAUGHT[share], make, accuracy(data.val))

    pieces = []
    for seed in seeds:
        for share in SHARES:
            pieces.append(convolutional(share, seed))
            pieces += [taught("none", size, share, seed) for size in SIZES]
            for way in WAYS[1:]:
                for size in SIZES:
                    pieces += [beginning(way, size, share, seed), taught(way, size, share, seed)]
    return pieces


def small_data_head(config: Config, data: Data) -> Facts:
    """What all runs have in common, for the file."""
    train, cfg = config.train, sized(config, "small")
    return {
        "schema": SCHEMA,
        "command": f"python -m training small-data {config.source}",
        "data": {"set": config.data.set, "pictures": len(data.train), "heldOut": len(data.val)},
        "network": {"image": cfg.image, "patch": cfg.patch, "depth": cfg.depth, "cnnWidth": CNN_WIDTH},
        "sizes": {size: {"dim": width, "heads": HEADS} for size, width in SIZES.items()},
        "recipe": {
            "batch": train.batch,
            "lr": train.lr,
            "weightDecay": train.weight_decay,
            "labelSmoothing": train.label_smoothing,
            "schedule": train.schedule,
            "steps": {f"{share:g}": {"classify": TAUGHT[share], "begin": BEGUN[share]} for share in SHARES},
        },
        "torch": torch.__version__,
    }
