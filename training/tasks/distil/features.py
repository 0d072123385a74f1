"""The teacher's features of every training photo, computed once and kept in the cache folder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tqdm import tqdm

from training.data.pictures import Array, PictureSet
from training.models.vit import ViT
from training.paths import cache_folder
from training.tasks.distil.teacher import normalise


def teacher_features(teacher: ViT, pictures: PictureSet, key: str, batch: int = 16) -> Array:
    """Final-norm tokens of whole (squashed) pictures: float16 [n, 257, 384], memory-mapped.

    Runs in bfloat16 autocast, in a fixed shuffled order, and goes on where it was stopped:
    `<key>-features.json` holds how many pictures of that order are done.
    """
    path, state = cache_folder() / f"{key}-features.npy", cache_folder() / f"{key}-features.json"
    count = len(pictures)
    shape = (count, 1 + teacher.cfg.grid**2, teacher.cfg.dim)
    done = json.loads(state.read_text())["done"] if state.is_file() and path.is_file() else 0
    if done >= count:
        return open_features(path)
    out = np.lib.format.open_memmap(path, mode="r+" if done else "w+", dtype=np.float16, shape=shape)
    order = feature_order(count)
    device = next(teacher.parameters()).device
    batch = batch if device.type == "cpu" else 256
    with (
        torch.inference_mode(),
        torch.autocast(device.type, torch.bfloat16),
        tqdm(total=count, initial=done, desc="teacher", unit="photo", disable=None) as bar,
    ):
        for start in range(done, count, batch):
            rows = np.sort(order[start : start + batch])
            images = torch.from_numpy(np.asarray(pictures.images[rows])).to(device).permute(0, 3, 1, 2)
            images = F.interpolate(
                images.float(), size=teacher.cfg.image, mode="bilinear", antialias=True, align_corners=False
            )
            out[rows] = teacher.features(normalise(images)).float().cpu().numpy().astype(np.float16)
            state.write_text(json.dumps({"done": min(start + batch, count)}))
            bar.update(len(rows))
    out.flush()
    return open_features(path)


def open_features(path: Path) -> Array:
    """The stored array, memory-mapped."""
    features: Array = np.load(path, mmap_mode="r")
    return features


def feature_order(count: int) -> Array:
    """The order in which pictures are processed, so that any prefix is a fair sample."""
    return np.random.default_rng(0).permutation(count)


def load_done(key: str) -> int:
    """How many pictures of feature_order are done."""
    state = Path(cache_folder() / f"{key}-features.json")
    return int(json.loads(state.read_text())["done"]) if state.is_file() else 0
