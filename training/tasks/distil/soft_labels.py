"""A trained classifier's logits for every training picture, computed once: the soft labels of its students."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from tqdm import tqdm

from training.data.pictures import PictureSet
from training.errors import TrainingError
from training.export.read import load_model
from training.paths import cache_folder
from training.tasks.accuracy import to_input


def soft_labels(
    folder: Path, pictures: Callable[[int], PictureSet], labels: np.ndarray, classes: int, key: str, patch: int = 16
) -> np.ndarray:
    """Logits float16 [n, K] of the exported ViT in `folder` for the pictures that `labels` [n] belong to.

    `pictures` gives them whole at the ViT's own side; it is asked only where no earlier result lies in the cache
    folder, under `key` and the digest of the weights. Raises TrainingError for a ViT of another number of classes.
    """
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise TrainingError(f"{weights} is missing; set teacher.file to the folder of an exported ViT.")
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()[:12]
    path = cache_folder() / f"{key}-logits-{digest}-p{patch}.npy"
    if path.is_file():
        found: np.ndarray = np.load(path)
        if len(found) == len(labels):
            return found
    model = load_model(folder)
    if model.cfg.classes != classes:
        raise TrainingError(
            f"{folder} names {model.cfg.classes} classes, the data has {classes}; choose another teacher.file."
        )
    images = pictures(model.cfg.image).images
    rows = []
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for start in tqdm(range(0, len(images), 64), desc=f"teacher {folder.name}", unit="batch", disable=None):
            logits = model(to_input(images[start : start + 64]), patch).float()
            rows.append(logits.numpy().astype(np.float16))
    found = np.concatenate(rows)
    right = float((found.argmax(1) == labels).mean())
    print(f"{folder.name} at patch {patch} names {right:.4f} of the {len(labels)} training pictures rightly")
    np.save(path, found)
    return found


def divergence(logits: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """How far the answers of logits [B, K] are from the teacher's, the mean over the pictures; 0 where they agree.

    Both are softened by the temperature T, and the divergence is multiplied by T^2, as in Hinton et al. 2015,
    "Distilling the Knowledge in a Neural Network", section 2.
    """
    wanted = (teacher / temperature).log_softmax(-1)
    own = (logits / temperature).log_softmax(-1)
    return F.kl_div(own, wanted, reduction="batchmean", log_target=True) * temperature**2
