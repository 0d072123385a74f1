"""What a start has learned: a linear probe of it, and fine-tuning from it, on 1, 10 and 100 % of the labels.

Three starts of one ViT: random weights, a masked autoencoder's encoder, and a ViT that was distilled. The last has
learned from the labels of all these photos by way of its teacher, so its rows are a measure to aim at and no answer to
what few labels allow.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.config import Config
from training.data.pictures import Label, PictureSet
from training.data.shares import share_of, share_rows
from training.errors import TrainingError
from training.measure.pieces import Facts, Piece
from training.measure.ridge import ridge_top1
from training.measure.small_data import accuracy, run_config
from training.models.mae import MAE, MAEConfig
from training.models.starts import vit_from_encoder, vit_from_vit
from training.models.vit import ViT, ViTConfig
from training.tasks import Classify
from training.tasks.accuracy import to_input
from training.train.device import choose_device
from training.train.loop import Trainer
from training.train.runs import load_run, run_folder

SCHEMA = "patchwork-probes/1"
STARTS = ("random", "mae", "distilled")
SHARES = (0.01, 0.1, 1.0)
STEPS = {0.01: 150, 0.1: 300, 1.0: 600}


@dataclass(frozen=True)
class Photos:
    """`train`: as training crops them; `whole`: the same photos, each once as a centre square; `val`: held out."""

    train: PictureSet
    whole: PictureSet
    val: PictureSet
    labels: list[Label]


@dataclass(frozen=True)
class Starts:
    """Where the weights come from: a masked autoencoder's config, whose run has ended, and a ViT."""

    mae: Config
    distilled: ViT


def vit_config(config: Config) -> ViTConfig:
    """The network that is probed."""
    if not isinstance(config.model, ViTConfig):
        raise TrainingError(f"{config.source}: a probe is of a ViT; set architecture = 'vit'.")
    return config.model


def read_encoder(config: Config) -> MAE:
    """The first average of a masked autoencoder's run, which must have ended."""
    if not isinstance(config.model, MAEConfig):
        raise TrainingError(f"{config.source} is no masked autoencoder; name a config with architecture = 'mae'.")
    saved: Any = load_run(config, run_folder(config, None))
    if saved["step"] < config.train.steps:
        raise TrainingError(
            f"The run of {config.source} is at step {saved['step']} of {config.train.steps}; train it to its end first."
        )
    model = MAE(config.model)
    model.load_state_dict(saved["emas"][0])
    return model


def started(start: str, cfg: ViTConfig, starts: Starts, seed: int) -> ViT:
    """A ViT with a fresh classifier of that seed, and with the start's weights below it."""
    torch.manual_seed(seed)
    vit = ViT(cfg)
    if start == "mae":
        vit_from_encoder(vit, read_encoder(starts.mae))
    elif start == "distilled":
        vit_from_vit(vit, starts.distilled)
    return vit


def features(vit: ViT, pictures: PictureSet, bf16: bool, batch: int = 64) -> np.ndarray:
    """Class token and mean patch token side by side, float32 [n, 2 D], of whole pictures."""
    rows = []
    vit = vit.eval()
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        for first in range(0, len(pictures), batch):
            tokens = vit.features(to_input(pictures.images[first : first + batch])).float()
            rows.append(torch.cat([tokens[:, 0], tokens[:, 1:].mean(1)], dim=1).numpy())
    return np.concatenate(rows)


def kept_features(path: Path, vit: ViT, photos: Photos, bf16: bool) -> tuple[np.ndarray, np.ndarray]:
    """Features of the whole training photos and of the held-out ones, computed once and kept in `path`."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        a, b = features(vit, photos.whole, bf16), features(vit, photos.val, bf16)
        part = path.with_suffix(".part.npz")
        np.savez(part, a=a, b=b)
        part.replace(path)
    with np.load(path) as stored:
        return stored["a"], stored["b"]


def probe_pieces(config: Config, photos: Photos, starts: Starts, seeds: list[int], folder: Path) -> list[Piece]:
    """Every run, seed by seed. `folder`: where they lie, with the features of each start."""
    cfg, device = vit_config(config), choose_device(config.train.device)
    bf16, classes = config.train.bf16, len(photos.labels)

    def linear(start: str, share: float, seed: int) -> Piece:
        rows = share_rows(photos.whole.labels, share, seed)

        def finish(run: Path, trainer: Trainer | None) -> Facts:
            own = seed if start == "random" else 0
            path = folder / f"features-{start}-{own}.npz"
            a, b = kept_features(path, started(start, cfg, starts, own), photos, bf16)
            top1, strength = ridge_top1(a[rows], photos.whole.labels[rows], b, photos.val.labels, classes)
            return {"top1": round(top1, 4), "ridge": strength}

        facts = {"task": "linear", "start": start, "share": share, "seed": seed, "labels": len(rows)}
        return Piece(f"linear-{start}-{share:g}-{seed}", "linear", facts, 0, None, finish)

    def tuned(start: str, share: float, seed: int) -> Piece:
        piece = f"finetune-{start}-{share:g}-{seed}"

        def make(run: Path) -> Trainer:
            own = run_config(config, piece, seed, STEPS[share])
            fresh = not (run / "latest.pt").is_file()
            vit = started(start, cfg, starts, seed) if fresh else ViT(cfg)
            part = share_of(photos.train, share, seed)
            return Trainer(own, run, Classify(own, part, photos.val, photos.labels, device, model=vit))

        count = len(share_rows(photos.train.labels, share, seed))
        facts = {"task": "finetune", "start": start, "share": share, "seed": seed, "labels": count}
        return Piece(piece, "fine-tuned", facts, STEPS[share], make, accuracy(photos.val))

    return [
        piece
        for seed in seeds
        for share in SHARES
        for start in STARTS
        for piece in (linear(start, share, seed), tuned(start, share, seed))
    ]


def probe_head(config: Config, photos: Photos, starts: Starts) -> Facts:
    """What all runs have in common, for the file."""
    train, cfg = config.train, vit_config(config)
    return {
        "schema": SCHEMA,
        "command": f"python -m training probe {config.source} --mae {starts.mae.source}",
        "data": {"set": config.data.set, "photos": len(photos.train), "heldOut": len(photos.val)},
        "network": cfg.to_json(),
        "starts": {
            "random": "no training before",
            "mae": f"the encoder of {starts.mae.name}, {starts.mae.train.steps * starts.mae.train.batch} pictures",
            "distilled": "vit-flexi, which has learned from all labels of these photos",
        },
        "features": "class token and mean patch token, whole photos cropped to a square",
        "recipe": {
            "batch": train.batch,
            "lr": train.lr,
            "weightDecay": train.weight_decay,
            "labelSmoothing": train.label_smoothing,
            "schedule": train.schedule,
            "steps": {f"{share:g}": STEPS[share] for share in SHARES},
        },
        "torch": torch.__version__,
    }
