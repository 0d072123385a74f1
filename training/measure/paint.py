"""Gallery pictures with most patches hidden, and what a masked autoencoder paints there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from training.errors import TrainingError
from training.export.read import load_any, read_metrics
from training.export.write import write_json
from training.measure.gallery import picture
from training.measure.sheet import sheet
from training.models.mae import MAE, masking

SHOWN = ("golden-retriever", "church", "balloon", "koala", "sunflower", "windmill", "car", "polar-bear")


def hidden_pixels(model: MAE, restore: Tensor) -> Tensor:
    """Bool [1, 1, S, S]: true where ids_restore [N] says that the patch is hidden."""
    cfg = model.cfg
    grid = (restore >= cfg.visible).view(cfg.grid, cfg.grid)
    return grid.repeat_interleave(cfg.patch, 0).repeat_interleave(cfg.patch, 1)[None, None]


def mean_colour(x: Tensor, hidden: Tensor) -> Tensor:
    """The mean colour of the pixels of x [1, C, S, S] that are not hidden, as a picture of one colour."""
    seen = (~hidden).float()
    return ((x * seen).sum((2, 3), keepdim=True) / seen.sum()).expand_as(x)


def paint(folder: Path, out: Path, names: list[str] | None = None, zoom: int = 2) -> dict[str, Any]:
    """Write a PNG, a column a picture (as it is, what is seen, painted), and `painted` into metrics.json.

    Every picture has its own mask, drawn from its place in the list. Errors are mean squares over hidden
    pixels of [-1, 1], beside those of filling in the mean colour of the visible patches. Raises
    TrainingError for a model that is no masked autoencoder, whose target is normalised, or for a picture
    that the gallery does not have.
    """
    model = load_any(folder)
    if not isinstance(model, MAE):
        raise TrainingError(f"{folder} is no masked autoencoder; name a folder whose architecture is mae.")
    if model.cfg.norm_pixels:
        raise TrainingError(f"{folder} predicts normalised patches, which are no picture; train with plain pixels.")
    rows: list[list[Tensor]] = [[], [], []]
    found = []
    for index, name in enumerate(names or SHOWN):
        x = picture(name, folder.resolve())
        noise = torch.from_numpy(np.random.default_rng([3, index]).random(model.cfg.grid**2))
        keep, restore = masking(noise, model.cfg.visible)
        with torch.inference_mode():
            painted = model(x, keep, restore)
        hidden = hidden_pixels(model, restore)
        share = hidden.expand_as(x)
        error, plain = ((y - x).square()[share].mean() for y in (painted, mean_colour(x, hidden)))
        found.append({"picture": name, "error": round(float(error), 4), "meanColour": round(float(plain), 4)})
        for row, y in zip(rows, (x, torch.where(hidden, 0.0, x), torch.where(hidden, painted, x)), strict=True):
            row.append(((y + 1) * 127.5).clamp(0, 255).round().byte()[0])
    image = Image.fromarray(sheet(torch.stack([y for row in rows for y in row]), len(found), 4))
    try:
        image.resize((image.width * zoom, image.height * zoom), Image.Resampling.NEAREST).save(out, optimize=True)
    except OSError as error:
        raise TrainingError(
            f"{out} could not be written ({error}); free some space or choose another --out."
        ) from error
    result = {
        "command": f"python -m training paint models/{folder.name}",
        "hidden": f"{model.cfg.grid**2 - model.cfg.visible} of {model.cfg.grid**2} patches",
        "pictures": found,
    }
    write_json(folder / "metrics.json", {**read_metrics(folder), "painted": result})
    return result
