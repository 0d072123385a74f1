"""Pictures of the site's gallery (static/pictures), as a model is given them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from training.data.pictures import fit_square
from training.errors import TrainingError
from training.export.read import read_model_config
from training.paths import ROOT


def picture(picture_id: str, name: str | Path = "vit-flexi") -> Tensor:
    """[1, 3, S, S]: a picture of the gallery, preprocessed as the page does it for `models/<name>` (or a path)."""
    path = ROOT / "static" / "pictures" / f"{picture_id}.webp"
    if not path.is_file():
        raise TrainingError(f"{path} is missing; choose a picture of static/pictures/pictures.json.")
    spec = read_model_config(ROOT / "models" / name)["preprocessing"]
    with Image.open(path) as image:
        square = fit_square(image.convert("RGB"), spec["size"], spec["fit"])
    values = torch.from_numpy(np.array(square)).permute(2, 0, 1).float() / 255
    mean, std = (torch.tensor(spec[key]).view(3, 1, 1) for key in ("mean", "std"))
    return ((values - mean) / std)[None]


def small_picture(picture_id: str, side: int = 32) -> Tensor:
    """[3, side, side] in [-1, 1], float64: the middle of a picture of the gallery, antialiased."""
    with Image.open(ROOT / "static" / "pictures" / f"{picture_id}.webp") as image:
        square = fit_square(image.convert("RGB"), side, "crop")
    return torch.from_numpy(np.array(square)).permute(2, 0, 1).double() / 127.5 - 1
